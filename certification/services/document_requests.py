"""Asking a colleague at the operator, by name, for a document that an application needs and the records lack."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organisation, Role, User
from accounts.models.roles import IMPLIES
from accounts.services.notifications import notify
from certification.models import Application, DocumentRequest
from certification.services.found_documents import kind_in_records
from certification.services.holding import require_status
from compliance.models import Evidence
from compliance.services.texts import checked_text
from compliance.signals import evidence_described
from core import trail
from core.dates import today
from core.errors import Incomplete, RuleBroken, StaleRecord, Text

MESSAGE_LIMIT = 1000


def who_can_be_asked(operator: Organisation, by: User) -> list[User]:
    """Colleagues who may add evidence, by name. One query."""
    adding = [role for role in Role if Role.CONTRIBUTOR in IMPLIES.get(role, frozenset()) | {role}]
    held = Membership.objects.current().filter(organisation=operator, role__in=adding)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.exclude(pk=by.pk).order_by("name", "pk"))


def open_requests(application: Application) -> QuerySet[DocumentRequest]:
    return application.document_requests.filter(ended_at__isnull=True).select_related("asked_of", "asked_by")


@transaction.atomic
def ask_for(
    *, application: Application, kind: str, asked_of: User, by: User, message: str = "", due_on: dt.date | None = None
) -> DocumentRequest:
    """Ask somebody of the operator for a document of a kind that the scheme names. They are told.

    Raises RuleBroken for other kinds and people, and where somebody is asked for it already; Incomplete for a day that
    is over; IllegalMove unless the application is a draft.
    """
    message = checked_text(message, limit=MESSAGE_LIMIT)
    require_status(application, Application.Status.DRAFT, wanted=Application.Status.DRAFT)
    name = name_of(application, kind)
    if not name:
        raise RuleBroken(_("The scheme does not ask for a document of this kind."))
    if asked_of not in who_can_be_asked(application.operator, by):
        raise RuleBroken(_("Only a colleague who may add evidence can be asked."))
    if due_on and due_on < today():
        raise Incomplete([_("The day by which it is wanted is over. Give a later one.")])
    try:
        with transaction.atomic():
            request = DocumentRequest.objects.create(
                application=application, kind=kind, asked_of=asked_of, message=message, due_on=due_on, asked_by=by
            )
    except IntegrityError as error:
        raise RuleBroken(_("Somebody is asked for this document already.")) from error
    trail.record("asked", request, by=by, after={"kind": kind, "asked_of": asked_of.reference, "due_on": due_on})
    body: Text = format_lazy(gettext_lazy("{name} asks you for it. Add it to the evidence."), name=by.get_full_name())
    notify(
        users=[asked_of],
        subject=format_lazy(gettext_lazy("An application needs a document of you: {name}"), name=name),
        body=format_lazy("{body}\n\n{message}", body=body, message=message) if message else body,
        url=address_to_add(request),
    )
    return request


def name_of(application: Application, kind: str) -> str:
    """What the scheme calls it, '' where it does not ask for it."""
    asked = application.scheme.documents_of(application.aim)
    return next((wanted["name"] for wanted in asked if wanted["key"] == kind), "")


def address_to_add(request: DocumentRequest) -> str:
    """Where the document is added, with its kind and systems filled in."""
    application = request.application
    return reverse(
        "certification:application_document_add",
        args=[application.operator.slug, application.reference, request.kind],
    )


@transaction.atomic
def cancel(*, request: DocumentRequest, by: User) -> None:
    """It is not wanted any more; who was asked is told. Raises StaleRecord when it has ended."""
    _end(request, by, "withdrawn")
    notify(
        users=[request.asked_of],
        subject=format_lazy(
            gettext_lazy("A document is not needed of you any more: {name}"),
            name=name_of(request.application, request.kind),
        ),
        body=format_lazy(gettext_lazy("Application: {reference}"), reference=request.application.reference),
        url=reverse(
            "certification:application", args=[request.application.operator.slug, request.application.reference]
        ),
    )


def end_given(application: Application, kinds: Iterable[str], *, by: User | None) -> None:
    """Requests for documents of these kinds of the records have been met."""
    there = set(kinds)
    for request in open_requests(application):
        if kind_in_records(request.kind) in there:
            _end(request, by, "given")


def end_all(application: Application, *, by: User) -> None:
    """The draft is none any more: nobody is waited for."""
    for request in open_requests(application):
        _end(request, by, "ended")


def _end(request: DocumentRequest, by: User | None, verb: str) -> None:
    now = timezone.now()
    if not DocumentRequest.objects.filter(pk=request.pk, ended_at__isnull=True).update(ended_at=now):
        raise StaleRecord(request)
    request.ended_at = now
    trail.record(verb, request, by=by)


@receiver(evidence_described)
def _given(sender: type[Evidence], evidence: Evidence, **kwargs: object) -> None:
    """Evidence of a kind that somebody was asked for, about a system of that application, ends the request; whoever
    asked is told, because the document is chosen by a person.
    """
    waiting = DocumentRequest.objects.filter(
        ended_at__isnull=True,
        application__status=Application.Status.DRAFT,
        application__systems__in=evidence.systems.all(),
    )
    for request in waiting.select_related("application__scheme", "application__operator", "asked_by").distinct():
        if kind_in_records(request.kind) != evidence.kind:
            continue
        _end(request, evidence.added_by, "given")
        notify(
            users=[request.asked_by],
            subject=format_lazy(gettext_lazy("A document that you asked for is there: {title}"), title=evidence.title),
            body=format_lazy(
                gettext_lazy("Choose it for the application: {reference}"), reference=request.application.reference
            ),
            url=reverse(
                "certification:application_documents",
                args=[request.application.operator.slug, request.application.reference],
            ),
        )
