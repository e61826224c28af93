"""The manner of every command: exit 0 done, 1 refused with reason on stderr, 2 wrong use; `--json`; `--as EMAIL`."""

import json
import sys
from typing import Any, NoReturn

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import override

from core import trail
from core.errors import IllegalMove, Incomplete, PortalError, RuleBroken, StaleRecord

REFUSED = 1


class PortalCommand(BaseCommand):
    """A command that does one act and tells what came of it.

    A subclass adds its arguments in `add_arguments` (calling `super()`), does the work in `act` and words the result in
    `describe`. What `act` refuses (any PortalError) becomes exit 1, sentences on stderr and, with `--json`, an object
    `{"error", "problems"}` on stdout. With `--json` stdout holds one JSON value and nothing else.
    """

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON value and nothing else")
        parser.add_argument("--as", metavar="EMAIL", dest="actor", help="who acts, by the email address of an account")

    def act(self, options: dict[str, Any], by: Any) -> Any:
        """Do it. `by` is the user of `--as`, or None. Returns what `--json` prints."""
        raise NotImplementedError

    def describe(self, result: Any) -> str:
        """The result as lines for people."""
        raise NotImplementedError

    def failed(self, result: Any) -> str:
        """A sentence when the act was done and its finding is bad (exit 1, the result printed too), else ''."""
        return ""

    def refusal(self, error: PortalError) -> dict[str, Any]:
        """What `--json` prints for a refusal. A command with keys of its own on exit 1 extends it."""
        lines = sentences(error)
        return {"error": lines[0], "problems": lines[1:]}

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en-gb"), trail.acting_as("command line"):
            try:
                result = self.act(options, self._actor(options["actor"]))
            except PortalError as error:
                self._refuse(error, as_json=options["as_json"])
            if options["as_json"]:
                self._print_json(result)
            else:
                self.stdout.write(self.describe(result))
            if bad := self.failed(result):
                self.stderr.write(bad)
                sys.exit(REFUSED)

    def _actor(self, email: str | None) -> AbstractBaseUser | None:
        if email is None:
            return None
        user = get_user_model()._default_manager.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise RuleBroken(f"Nobody with the email address {email} has an account here.")
        return user

    def _refuse(self, error: PortalError, *, as_json: bool) -> NoReturn:
        if as_json:
            self._print_json(self.refusal(error))
        for line in sentences(error):
            self.stderr.write(line)
        sys.exit(REFUSED)

    def _print_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False))


def sentences(error: PortalError) -> list[str]:
    """What a refusal says on a terminal: one sentence, then one for each problem."""
    if isinstance(error, StaleRecord):
        return ["Somebody else changed this at the same moment; nothing was written. Try again."]
    if isinstance(error, IllegalMove):
        return [f"This is not possible while the record is “{error.before}”; nothing was written."]
    if isinstance(error, Incomplete):
        return ["Something is missing; nothing was written.", *(str(problem.text) for problem in error.problems)]
    return [str(error.sentence) if isinstance(error, RuleBroken) else str(error)]
