"""`add_system`: a draft camera system, for bulk onboarding."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandParser

from accounts.models import Organisation
from accounts.policy import require
from compliance.models.vocabulary import Technology
from compliance.services.systems import create_system
from core.commands import PortalCommand
from core.errors import RuleBroken


class Command(PortalCommand):
    help = "Add a draft camera system of an authority or a police force."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--authority", metavar="GSS", required=True, help="GSS code of the operator, also a former one"
        )
        parser.add_argument("--name", metavar="N", required=True, help="name of the system")
        parser.add_argument("--name-cy", metavar="N", default="", help="its name in Welsh")
        parser.add_argument(
            "--technology",
            dest="technologies",
            action="append",
            default=[],
            choices=Technology.values,
            help="may be given several times",
        )

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        """`{"reference"}`. With `--as` the person must be one who may do it on a page."""
        operator = _operator(options["authority"].strip().upper())
        if by is not None:
            try:
                require(by, "compliance.create_system", operator)
            except PermissionDenied as error:
                raise RuleBroken(f"{by.email} may not add systems for {operator.name}.") from error
        system = create_system(
            operator=operator,
            name=options["name"],
            name_cy=options["name_cy"],
            technologies=options["technologies"],
            by=by,
        )
        return {"reference": system.reference}

    def describe(self, result: Any) -> str:
        return f"{result['reference']}: added as a draft."


def _operator(code: str) -> Organisation:
    """By its GSS code, else by a former one. Raises RuleBroken."""
    if found := Organisation.objects.by_code(code):
        return found
    raise RuleBroken(f"No organisation has the GSS code {code}. Load the authorities first (load_authorities).")
