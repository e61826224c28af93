"""What this app plugs into the sockets of `core.registry`."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.section_groups import FIGURES
from compliance.models.vocabulary import DocumentKind
from core import registry
from core.dates import midnight
from core.errors import Text
from core.registry import KeptFile, Section, Waiting
from slas import return_periods, stages
from slas.due_returns import DueReturn, due_returns
from slas.models import Agreement, AgreementParty, AgreementText, PerformanceReturn, Standing
from slas.permissions import NEGOTIATES, SIGNS, SPEAKS, takes_part
from slas.standing_moves import counts_of, signed_of

Status = Agreement.Status
MOST_WAITING = 50
WORKING = frozenset({*NEGOTIATES.values(), *SPEAKS.values()})


def has_agreements(user: User, organisation: Organisation) -> bool:
    """The people of councils, forces and agencies."""
    return takes_part(organisation) and organisation.pk in user.organisation_ids()


def reads_uptake(user: User, organisation: Organisation) -> bool:
    """The people of the national body, who have no agreements of their own."""
    return not takes_part(organisation) and user.has_perm("slas.read_uptake", organisation)


registry.sections.plug(
    Section(_("Agreements"), "slas:agreements", has_agreements, prefix="agreements/", order=450, group=FIGURES)
)
registry.sections.plug(
    Section(_("Agreements"), "slas:uptake", reads_uptake, prefix="agreements/", order=450, group=FIGURES)
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """Agreements at which it is this user's move: to draft, to answer, to agree the whole, to sign or to review.

    Five queries.
    """
    if not user.organisations_where(*WORKING, *SIGNS.values()):
        return
    wanted_now = Q(status__in=Agreement.UNDER_WAY) | Q(standing_on__in=(Standing.REVIEW_DUE, Standing.EXPIRING))
    under_way = Agreement.objects.visible_to(user).with_standing().filter(wanted_now)
    agreements: list[Any] = list(under_way.for_list().annotate(moved_at=Max("changes__at"))[:MOST_WAITING])
    counts = counts_of(agreements)
    signed = signed_of(agreements)
    for agreement in agreements:
        step = stages.next_step(agreement, counts[agreement.pk], signed=signed)
        for party in agreement.parties.all():
            if (
                party.side in step.sides
                and (party.pk not in signed or agreement.status in Agreement.COMPLETE)
                and _may_move(user, agreement, party)
            ):
                yield Waiting(
                    label=format_lazy("{title}: {what}", title=agreement.local_title, what=step.what),
                    url=reverse("slas:agreement", args=[party.organisation.slug, agreement.reference]),
                    organisation=party.organisation.local_name,
                    since=agreement.moved_at or agreement.made_at,
                    due=agreement.reply_by if agreement.status == Status.NEGOTIATING else None,
                )


@registry.waiting.plug
def waiting_returns(user: User) -> Iterator[Waiting]:
    """Returns that this user should send or answer. Five queries; none for who has no such role."""
    if not user.organisations_where(*WORKING):
        return
    for due in due_returns(user):
        due.party.agreement = due.agreement
        if user.has_perm("slas.report_performance", due.party):
            yield _to_answer(due, due.made) if due.made else _to_send(due)


def _to_send(due: DueReturn) -> Waiting:
    return Waiting(
        label=_about(due, _("{title}: send the figures of {period}")),
        url=reverse("slas:returns", args=[due.party.organisation.slug, due.agreement.reference]),
        organisation=due.party.organisation.local_name,
        since=midnight(due.ends_on + dt.timedelta(days=1)),
        due=return_periods.due_on(due.ends_on),
    )


def _to_answer(due: DueReturn, made: PerformanceReturn) -> Waiting:
    return Waiting(
        label=_about(due, _("{title}: the figures of {period} wait for your answer")),
        url=reverse("slas:return", args=[due.party.organisation.slug, due.agreement.reference, made.reference]),
        organisation=due.party.organisation.local_name,
        since=made.sent_at,
    )


def _about(due: DueReturn, sentence: Text) -> Text:
    period = return_periods.in_words(due.starts_on, due.ends_on)
    return format_lazy(sentence, title=due.agreement.local_title, period=period)


def _may_move(user: User, agreement: Agreement, party: AgreementParty) -> bool:
    if agreement.status in Agreement.COMPLETE:
        return user.has_perm("slas.review_agreement", party)
    if agreement.origin == Agreement.Origin.INK:
        return party.confirmed_at is None and user.has_perm("slas.confirm_text", party)
    if agreement.status in (Status.AGREED_TEXT, Status.SIGNED_BY_ONE):
        return user.has_perm("slas.sign_agreement", party)
    return user.has_perm("slas.negotiate", party)


@registry.home_panels.plug
def panel(user: User, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """Agreements under way and in force. Two queries."""
    if not has_agreements(user, organisation):
        return
    own = Agreement.objects.of(organisation)
    under_way, in_force = own.filter(status__in=Agreement.UNDER_WAY).count(), own.in_force().count()
    begins = not under_way and not in_force and user.has_perm("slas.begin_agreement", organisation)
    yield {
        "title": _("Agreements"),
        "figures": [{"label": _("Under way"), "value": under_way}, {"label": _("In force"), "value": in_force}],
        "url": reverse(f"slas:{'agreement_new' if begins else 'agreements'}", args=[organisation.slug]),
        "action": _("Begin an agreement") if begins else _("Go to the agreements"),
        "order": 450,
    }


@registry.kept_files.plug
def documents_of(system: Any) -> Iterator[KeptFile]:
    """The documents of agreements that name a system, the newest first. One query."""
    texts = AgreementText.objects.standing().filter(agreement__systems=system).exclude(document="")
    for text in texts.select_related("agreement").order_by("-document_made_at", "-pk"):
        yield KeptFile(
            kind=DocumentKind.SHARING_AGREEMENT,
            title=text.agreement.reference,
            sha256=text.document_sha256,
            size=text.document.size,
            dated=text.agreement.starts_on,
            ending="pdf",
            content=partial(_bytes_of, text),
        )


def _bytes_of(text: AgreementText) -> bytes:
    with text.document.open("rb") as file:
        return bytes(file.read())
