"""What impact assessments plug into the sockets of `core.registry`. Their documents are found among the evidence."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.section_groups import CAMERAS, of_operator
from compliance.models import Dpia
from compliance.models.dpia import DpiaChange
from compliance.radar import due_by
from core.errors import Text
from core.registry import Section, Waiting, sections, waiting

Status = Dpia.Status


sections.plug(
    Section(_("Impact assessments"), "compliance:dpias", of_operator, prefix="dpias/", order=160, group=CAMERAS)
)


@waiting.plug
def advice_to_give(user: User) -> Iterator[Waiting]:
    """For the data protection officer: those that wait for advice. One query, none for other people."""
    if not (operators := user.organisations_where(Role.DPO)):
        return
    for dpia in _since().filter(operator__in=operators, status=Status.DPO_ADVICE, advice=""):
        yield _waiting(dpia, _("Advise on a DPIA: {title}"), "dpia_advice")


@waiting.plug
def dpias_to_sign(user: User) -> Iterator[Waiting]:
    """For the senior responsible officer: those that can be signed, and those made elsewhere. One query, or none."""
    if not (operators := user.organisations_where(Role.SRO)):
        return
    ready = Q(status=Status.ELSEWHERE) | (Q(status=Status.CONSULTATION) & ~Q(consulted=""))
    for dpia in _since().filter(ready, operator__in=operators):
        if dpia.status == Status.ELSEWHERE:
            yield _waiting(dpia, _("Confirm a DPIA made outside the portal: {title}"), "dpia")
        else:
            yield _waiting(dpia, _("Read and sign a DPIA: {title}"), "dpia_sign")


@waiting.plug
def dpias_to_move(user: User) -> Iterator[Waiting]:
    """For the scheme manager and the SPOC: what came back, advice to answer, a high risk, a review that is due.

    One query, none for people without that role.
    """
    if not (operators := user.organisations_where(Role.SCHEME_MANAGER)):
        return
    followed = Dpia.objects.filter(predecessor=OuterRef("pk"), status__in=Dpia.OPEN)
    came_back = DpiaChange.objects.filter(record=OuterRef("pk"), after=Status.DRAFT).exclude(before=Status.SCREENING)
    waits = (
        Q(status=Status.DPO_ADVICE) & ~Q(advice="")
        | Q(status__in=(Status.HIGH_RESIDUAL_RISK, Status.ICO_CONSULTED))
        | Q(status=Status.CONSULTATION, consulted="")
        | Q(status=Status.SIGNED_OFF, review_on__lte=due_by()) & ~Exists(followed)
        | Q(status=Status.DRAFT) & Exists(came_back)
    )
    words: dict[str, Text] = {
        Status.DPO_ADVICE: _("Answer the advice on a DPIA: {title}"),
        Status.HIGH_RESIDUAL_RISK: _("A high risk is left in a DPIA: {title}"),
        Status.ICO_CONSULTED: _("Record what the ICO answered on a DPIA: {title}"),
        Status.CONSULTATION: _("Say who was consulted on a DPIA: {title}"),
        Status.SIGNED_OFF: _("Review a DPIA: {title}"),
        Status.DRAFT: _("A DPIA came back: {title}"),
    }
    for dpia in _since().filter(waits, operator__in=operators):
        yield _waiting(dpia, words[dpia.status], "dpia")


def _since() -> Any:
    """With the operator, and when it got where it is."""
    last = DpiaChange.objects.filter(record=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    return Dpia.objects.select_related("operator").annotate(since=Subquery(last)).order_by("started_at", "pk")


def _waiting(dpia: Any, label: Text, page: str) -> Waiting:
    return Waiting(
        label=format_lazy(label, title=dpia.title),
        url=reverse(f"compliance:{page}", args=[dpia.operator.slug, dpia.reference]),
        organisation=dpia.operator.local_name,
        since=dpia.since or dpia.started_at,
        due=dpia.review_on if dpia.status == Status.SIGNED_OFF else None,
    )
