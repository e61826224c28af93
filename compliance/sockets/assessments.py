"""What systems, evidence, self-assessments and actions plug into the sockets of `core.registry`."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.section_groups import ASSESSMENT, CAMERAS, FIGURES, PEOPLE, of_operator
from compliance.models import ActionItem, Assessment, Camera, CameraSystem, Dpia, Evidence, MadeElsewhere
from compliance.radar import due_by
from compliance.waiting import assessments_to_sign, drafts, elsewhere_to_confirm, own_actions, suggestions
from core.dates import today
from core.registry import Document, Section, documents, home_panels, sections, waiting

# --- Systems, cameras, evidence ---


for _section in (
    Section(
        gettext_lazy("Systems"),
        "compliance:systems",
        of_operator,
        prefix="systems/",
        order=100,
        group=CAMERAS,
        also=("control-rooms/", "estate/"),
    ),
    Section(
        gettext_lazy("Evidence"),
        "compliance:evidence_list",
        of_operator,
        prefix="evidence/",
        order=320,
        group=ASSESSMENT,
    ),
):
    sections.plug(_section)


@documents.plug
def documents_of(system: CameraSystem) -> Iterator[Document]:
    """The evidence about a system, newest first; a link has no hash and no size. What the SRO confirmed as made outside
    the portal says so. One query.
    """
    confirmed = MadeElsewhere.objects.counting().filter(evidence=OuterRef("pk"))
    dpias = Dpia.objects.signed().filter(made_elsewhere=True, evidence=OuterRef("pk"))
    own = Evidence.objects.filter(systems=system).annotate(is_elsewhere=Exists(confirmed) | Exists(dpias))
    for evidence in own.order_by("-added_at", "-pk"):
        title = _("%(title)s (made outside the portal)") if evidence.is_elsewhere else "%(title)s"
        yield Document(
            kind=evidence.kind,
            title=title % {"title": evidence.title},
            sha256=evidence.sha256,
            size=evidence.size,
            dated=evidence.dated,
            record=evidence,
        )


@home_panels.plug
def systems_panel(user: Any, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """How many systems and cameras an operator has on record. Two queries."""
    if not organisation.runs_cameras:
        return
    systems = CameraSystem.objects.visible_to(user).filter(operator=organisation)
    cameras = Camera.objects.visible_to(user).filter(system__operator=organisation).in_use()
    yield {
        "title": _("Camera systems"),
        "figures": [
            {"label": _("systems on record"), "value": systems.count()},
            {"label": _("cameras listed"), "value": cameras.count()},
        ],
        "url": reverse("compliance:systems", args=[organisation.slug]),
        "action": _("See the systems"),
        "order": 100,
    }


@home_panels.plug
def evidence_panel(user: Any, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """What runs out among the evidence, and what was made outside the portal. Two queries."""
    if not organisation.runs_cameras:
        return
    day, status = today(), MadeElsewhere.Status
    evidence = (
        Evidence.objects.visible_to(user)
        .filter(operator=organisation)
        .aggregate(
            past=Count("pk", filter=Q(review_on__lt=day)),
            soon=Count("pk", filter=Q(review_on__gte=day, review_on__lte=due_by(day))),
        )
    )
    made = (
        MadeElsewhere.objects.visible_to(user)
        .filter(operator=organisation)
        .aggregate(
            confirmed=Count("pk", filter=Q(status=status.CONFIRMED)),
            recorded=Count("pk", filter=Q(status=status.RECORDED)),
        )
    )
    figures = [
        {"label": _("reviews due"), "value": evidence["past"]},
        {"label": _("reviews due soon, within 90 days"), "value": evidence["soon"]},
    ]
    if made["confirmed"] or made["recorded"]:
        figures.append({"label": _("made outside the portal, confirmed"), "value": made["confirmed"]})
        figures.append({"label": _("made outside the portal, to be confirmed"), "value": made["recorded"]})
    yield {
        "title": _("Evidence"),
        "figures": figures,
        "url": reverse("compliance:radar", args=[organisation.slug]),
        "action": _("See the evidence radar"),
        "order": 400,
    }


# --- Self-assessments and actions ---

for _section in (
    Section(
        gettext_lazy("Self-assessments"),
        "compliance:assessments",
        of_operator,
        "assessments/",
        order=200,
        group=ASSESSMENT,
        also=("systems/*/answers/", "systems/*/assessments/", "requests/", "why/"),
    ),
    Section(gettext_lazy("Actions"), "compliance:actions", of_operator, "actions/", order=300, group=ASSESSMENT),
    Section(
        gettext_lazy("Overview in pictures"),
        "compliance:pictures",
        of_operator,
        prefix="pictures/",
        order=370,
        group=FIGURES,
    ),
    Section(gettext_lazy("Handover"), "compliance:handover", of_operator, "handover/", order=820, group=PEOPLE),
):
    sections.plug(_section)

for _plug in (assessments_to_sign, drafts, own_actions, suggestions, elsewhere_to_confirm):
    waiting.plug(_plug)


@home_panels.plug
def assessments_panel(user: Any, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """How an operator's self-assessments and actions stand. Two queries."""
    if not organisation.runs_cameras:
        return
    status = Assessment.Status
    own = Assessment.objects.visible_to(user).filter(system__operator=organisation)
    assessments = own.aggregate(
        signed=Count("pk", filter=Q(status=status.SIGNED)),
        waiting=Count("pk", filter=Q(status=status.READY)),
        drafts=Count("pk", filter=Q(status=status.DRAFT)),
    )
    actions = (
        ActionItem.objects.visible_to(user)
        .filter(operator=organisation)
        .open()
        .aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today())))
    )
    yield {
        "title": _("Self-assessments"),
        "figures": [
            {"label": _("signed"), "value": assessments["signed"]},
            {"label": _("waiting for sign-off"), "value": assessments["waiting"]},
            {"label": _("in draft"), "value": assessments["drafts"]},
        ],
        "url": reverse("compliance:assessments", args=[organisation.slug]),
        "action": _("See the self-assessments"),
        "order": 200,
    }
    yield {
        "title": _("Actions"),
        "figures": [
            {"label": _("open actions"), "value": actions["open"]},
            {"label": _("of these overdue"), "value": actions["overdue"]},
        ],
        "url": reverse("compliance:actions", args=[organisation.slug]),
        "action": _("See the actions"),
        "order": 300,
    }
