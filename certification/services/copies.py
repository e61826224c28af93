"""The words and figures of a certificate, copied at issue from what was submitted, signed and concluded."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation
from certification.models import Application, Certificate, CertificationScheme
from certification.submission import Submission, SubmittedSystem
from compliance.models import CameraSystem, CodeEdition
from core.dates import LONDON
from core.errors import RuleBroken

# What a certificate that takes the place of another has from it, word for word.
KEPT = (
    "aim",
    "body_name",
    "body_name_cy",
    "accreditation_number",
    "operator_name",
    "operator_name_cy",
    "scheme_name",
    "scheme_name_cy",
    "scheme_version",
    "scheme_statement",
    "scheme_statement_cy",
    "terms",
    "terms_cy",
    "edition_title",
    "edition_title_cy",
    "scope",
    "scope_cy",
    "is_bilingual",
    "sites",
    "systems_listed",
    "found",
    "reviewed_on",
)


def of_application(application: Application) -> dict[str, Any]:
    """Everything that a certificate says of itself but its number and dates. Raises RuleBroken without a review."""
    review = application.concluded_review()
    if review is None or review.concluded_at is None:
        raise RuleBroken(_("The application was not reviewed."))
    return {
        "aim": application.aim,
        **of_body(application.body, application.scheme),
        **_of_operator(application.operator, is_bilingual=application.is_bilingual),
        **of_scheme(application.scheme),
        "scope": application.scope,
        "scope_cy": application.scope_cy,
        "is_bilingual": application.is_bilingual,
        "sites": application.sites,
        "systems_listed": _systems(application),
        "found": dict(Counter(review.verdicts.values_list("grade", flat=True))),
        "reviewed_on": review.concluded_at.astimezone(LONDON).date(),
    }


def of_certificate(certificate: Certificate) -> dict[str, Any]:
    """The same of one that another takes the place of: not a word is written anew."""
    return {field: getattr(certificate, field) for field in KEPT}


def of_body(body: Organisation, scheme: CertificationScheme) -> dict[str, Any]:
    """The body as it is named today, with the accreditation that is recorded for the scheme."""
    entry = scheme.bodies.current().filter(body=body).first()
    return {
        "body_name": body.full_name,
        "body_name_cy": body.name_cy,
        "accreditation_number": entry.accreditation_number if entry else "",
    }


def of_scheme(scheme: CertificationScheme) -> dict[str, Any]:
    edition = CodeEdition.objects.filter(key=scheme.edition_key).first()
    return {
        "scheme_name": scheme.name,
        "scheme_name_cy": scheme.name_cy,
        "scheme_version": scheme.version,
        "scheme_statement": scheme.statement,
        "scheme_statement_cy": scheme.statement_cy,
        "terms": scheme.terms,
        "terms_cy": scheme.terms_cy,
        "edition_title": edition.title if edition else scheme.edition_key,
        "edition_title_cy": edition.title_cy if edition else "",
    }


def only(systems_listed: list[dict[str, Any]], systems: Collection[CameraSystem]) -> list[dict[str, Any]]:
    """Those of the listed systems that stay on a certificate, as they were listed.

    Raises RuleBroken for one that was not listed: what is new was applied for and reviewed first; and for none at all.
    """
    wanted = {system.reference for system in systems}
    kept = [listed for listed in systems_listed if listed["reference"] in wanted]
    if not kept:
        raise RuleBroken(_("A certificate names at least one system."))
    if len(kept) < len(wanted):
        raise RuleBroken(_("A system that is new on a certificate must be applied for and reviewed first."))
    return kept


def _of_operator(operator: Organisation, *, is_bilingual: bool) -> dict[str, Any]:
    return {
        "operator_name": operator.full_name,
        "operator_name_cy": operator.name_cy if operator.is_welsh or is_bilingual else "",
    }


def _systems(application: Application) -> list[dict[str, Any]]:
    """As submitted. A bilingual certificate has their names and kinds in Welsh besides, where there are such."""
    submission = Submission.of(application)
    with override("en-gb"):
        systems = submission.systems()
        listed = [_system(system) for system in systems]
    if application.is_bilingual:
        with override("cy"):
            for entry, system in zip(listed, submission.systems(), strict=True):
                entry.update(_in_welsh(entry, system))
    return listed


def _system(system: SubmittedSystem) -> dict[str, Any]:
    return {
        "reference": system.reference,
        "name": system.name,
        "technologies": list(system.technologies),
        "cameras": system.cameras,
        "counted_on": system.counted_on.isoformat() if system.counted_on else None,
    }


def _in_welsh(english: Mapping[str, Any], welsh: SubmittedSystem) -> dict[str, Any]:
    differing: dict[str, Any] = {}
    if welsh.name != english["name"]:
        differing["name_cy"] = welsh.name
    if list(welsh.technologies) != english["technologies"]:
        differing["technologies_cy"] = list(welsh.technologies)
    return differing
