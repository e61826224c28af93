"""Publishing an agreement: its text less what is withheld, frozen; again when it changes; taken back with a reason."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import jobs, trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken
from slas.documents import public_pdf
from slas.models import Agreement, AgreementParty, Side
from transparency.addresses import agreement_path
from transparency.agreement_shape import as_signed, withheld_words
from transparency.models import AgreementCopy, Publication
from transparency.services.gather_agreement import for_publishing, gather_agreement, summary_of
from transparency.services.publish import Subject, new_version, withdraw_publication

FOLLOW, PRINT = "transparency.follow_agreement", "transparency.print_agreement"


@transaction.atomic
def publish_agreement(*, agreement: Agreement, party: AgreementParty, by: User | None) -> Publication:
    """Freeze what is public of it as a new version, for the party that says so. The same again is the version in force.

    Raises IllegalMove before all have signed, Incomplete with everything that is missing, StaleRecord.
    """
    fresh = _held(agreement.reference)
    if problems := obstacles(fresh):
        raise Incomplete(problems)
    if fresh.parties.filter(organisation__is_training=True).exists():
        raise RuleBroken(_("A training organisation is party to it: it is not published."))
    current = current_of(agreement.reference)
    content = gather_agreement(fresh)
    if current is not None and not differs(current, content):
        return current
    publication = _new_version(fresh, content, by)
    after = {"agreement": agreement.reference, "version": publication.version, "sha256": publication.sha256}
    trail.record("published", party, by=by, after=after)
    return publication


@transaction.atomic
def follow_agreement(reference: str) -> Publication | None:
    """Let what is public of it say what it now is. None where it is not public, or nothing has changed.

    What would stop a first publication stops no change: what is withheld must go, whatever Welsh is missing.
    """
    if current_of(reference) is None:
        return None
    fresh = _held(reference)
    current = current_of(reference)  # nobody else publishes now
    content = gather_agreement(fresh)
    if current is None or not differs(current, content):
        return None
    return _new_version(fresh, content, None)


@transaction.atomic
def withdraw_agreement(*, publication: Publication, party: AgreementParty, by: User | None, reason: str) -> None:
    """Take it back for a party. Its address stays and says so. Raises as `withdraw_publication` does."""
    withdraw_publication(publication=publication, by=by, reason=reason)
    after = {"agreement": publication.subject_reference, "version": publication.version, "reason": reason}
    trail.record("withdrawn", party, by=by, after=after)


def obstacles(agreement: Agreement) -> list[Problem]:
    """What is missing before it can be published. Raises IllegalMove before all have signed. No query
    where it is in English alone, else those of `gather_agreement`."""
    if agreement.status not in Agreement.COMPLETE:
        raise IllegalMove(agreement, "published")
    if not agreement.is_bilingual:
        return []
    problems = [] if agreement.title_cy else [Problem(_("The title has no Welsh."))]
    content = gather_agreement(agreement)
    for clause in content["clauses"]:
        held = clause["withheld"]
        if held and held["details"] and "cy" not in held["details"]:
            problems.append(
                Problem(_("The reason why this clause is withheld has no Welsh: %s") % clause["title"]["en"])
            )
        elif not held and not clause["left_out"] and "cy" not in clause["text"]:
            problems.append(Problem(_("This clause has no Welsh: %s") % clause["title"]["en"]))
    if content["ink"] and "cy" not in content["ink"]["scope"]:
        problems.append(Problem(_("What it covers is not said in Welsh.")))
    return problems


def current_of(reference: str) -> Publication | None:
    """The version in force. One query."""
    return Publication.objects.of_agreements().current().filter(subject_reference=reference).first()


def differs(publication: Publication, content: dict[str, Any]) -> bool:
    """Whether the agreement says something else than what was published; the day of freezing aside."""
    return {**publication.facts(), "as_of": ""} != {**content, "as_of": ""}


def print_agreement(publication: str) -> None:
    """Make the PDF of a version while it is in force; once made, it stays."""
    found = Publication.objects.of_agreements().current().filter(reference=publication).first()
    if found is None or AgreementCopy.objects.filter(publication=found).exists():
        return
    content = found.facts()
    if not content["clauses"]:  # made in ink: there is no text here to print
        return
    pdf = public_pdf(as_signed(content, with_withheld=True), withheld=withheld_words(content))
    with transaction.atomic():
        Publication.objects.select_for_update(no_key=True).only("pk").get(pk=found.pk)
        if AgreementCopy.objects.filter(publication=found).exists():
            return
        copy = AgreementCopy(publication=found, sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf))
        copy.file.save(f"{found.reference}.pdf", ContentFile(pdf), save=False)
        copy.save(force_insert=True)


def _held(reference: str) -> Agreement:
    Agreement.objects.select_for_update(no_key=True).only("pk").get(reference=reference)
    return for_publishing(reference)


def _new_version(agreement: Agreement, content: dict[str, Any], by: User | None) -> Publication:
    """Whose it is: the first council, whoever publishes, so that all versions are in one place."""
    council = agreement.parties_on(Side.COUNCILS)[0].organisation
    publication = new_version(
        Subject(agreement, "agreement", agreement.reference, council, agreement.title, agreement.title_cy),
        Publication.Kind.AGREEMENT,
        path=agreement_path(agreement.reference),
        content=content,
        summary=summary_of(content),
        by=by,
    )
    jobs.promise(PRINT, {"publication": publication.reference})
    return publication
