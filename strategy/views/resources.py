"""The library as it is worked on: guidance of a national body, good practice of an operator and its moderation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Kind, Organisation, User
from accounts.policy import require
from core.dates import today
from core.errors import IllegalMove, RuleBroken, StaleRecord, Text
from core.forms import GovukForm, keep_typed, refused
from strategy import resource_pages
from strategy.forms.resources import (
    GuidanceForm,
    PracticeForm,
    PublishResourceForm,
    ResourceForm,
    ReturnResourceForm,
    WithdrawResourceForm,
)
from strategy.models import Resource
from strategy.services import resources as services

Status = Resource.Status
# Which step each button takes
STEPS = {"publish": Status.PUBLISHED, "return": Status.RETURNED, "withdraw": Status.WITHDRAWN}


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}", found)
    return found


def _resource(org: Organisation, reference: str, *, own: bool = False) -> Resource:
    rows = Resource.objects.filter(organisation=org) if own else Resource.objects.kept_by(org)
    return get_object_or_404(rows.select_related("organisation"), reference=reference)


def _address(org: Organisation, resource: Resource) -> str:
    return reverse("national:resource", args=[org.slug, resource.reference])


def _trail(org: Organisation, resource: Resource | None = None, title: Text = "") -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("Guidance and good practice"), reverse("national:resources", args=[org.slug])),
    ]
    if resource is not None:
        steps.append((resource.local_title, _address(org, resource)))
    if title:
        return [*steps, (title, "")]
    return [*steps[:-1], (steps[-1][0], "")]


@require_safe
def resources(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The organisation's own, and for a national body what was sent in. One query beside those of every page."""
    org = _organisation(request, organisation, "read_resources")
    rows = [
        {"record": each, "colour": resource_pages.STATUS_COLOURS[each.status], "is_due": each.is_due(today())}
        for each in Resource.objects.kept_by(org).select_related("organisation")
    ]
    context = {
        "organisation": org,
        "rows": rows,
        "is_body": org.kind == Kind.NATIONAL_BODY,
        "may_write": request.user.has_perm("strategy.write_resources", org),
        "breadcrumbs": _trail(org),
    }
    return render(request, "strategy/resources.html", context)


@require_safe
def resource(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """As it will be read, what is missing, and which step comes next. Three queries beside those of every page."""
    org = _organisation(request, organisation, "read_resources")
    found = _resource(org, reference)
    mine = found.organisation_id == org.pk
    writes = mine and request.user.has_perm("strategy.write_resources", org)
    moderates = request.user.has_perm("strategy.secretary", org)
    returned = found.changes.filter(after=Status.RETURNED).last() if found.status == Status.RETURNED else None
    changeable = {Status.DRAFT, Status.RETURNED} if found.is_practice else {Status.DRAFT, Status.PUBLISHED}
    problems = services.lacks(found) if found.status in (Status.DRAFT, Status.RETURNED) else []
    may_publish = services.may_follow(found, Status.PUBLISHED) or (found.status == Status.PUBLISHED and mine)
    context = {
        "organisation": org,
        "resource": found,
        "colour": resource_pages.STATUS_COLOURS[found.status],
        **resource_pages.shown(services.gather(found)),
        "problems": problems,
        "returned": returned.note if returned else "",
        "public": services.newest_of(found.reference),
        "is_due": found.is_due(today()),
        "may_change": writes and found.status in changeable,
        "may_drop": writes and found.status == Status.DRAFT,
        "may_submit": writes and services.may_follow(found, Status.SUBMITTED) and not problems,
        "may_publish": moderates and may_publish and not problems,
        "may_return": moderates and services.may_follow(found, Status.RETURNED),
        "may_withdraw": moderates and services.may_follow(found, Status.WITHDRAWN),
        "breadcrumbs": _trail(org, found),
    }
    return render(request, "strategy/resource.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation, "write_resources")
    form = _form_of(services.kind_of(org))(posted(request))

    def keep() -> Resource:
        return services.write(organisation=org, facts=form.facts(), by=request.user)

    title = _("Enter guidance") if org.kind == Kind.NATIONAL_BODY else _("Tell of good practice")
    return _with_form(request, org, None, form, keep=keep, title=title)


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "write_resources")
    found = _resource(org, reference, own=True)
    form = _form_of(found.kind)(posted(request), instance=found)

    def keep() -> Resource:
        version = form.cleaned_data["version"]
        return services.change(resource=found, facts=form.facts(), version=version, by=request.user)

    return _with_form(request, org, found, form, keep=keep, title=_("Change what is said"))


def _form_of(kind: str) -> type[ResourceForm]:
    return PracticeForm if kind == Resource.Kind.PRACTICE else GuidanceForm


Act = Callable[[Resource, dict[str, Any], User], object]


def _publish(resource: Resource, data: dict[str, Any], by: User) -> object:
    return services.publish(resource=resource, by=by, **data)


def _return(resource: Resource, data: dict[str, Any], by: User) -> object:
    return services.send_back(resource=resource, by=by, **data)


def _withdraw(resource: Resource, data: dict[str, Any], by: User) -> object:
    return services.withdraw(resource=resource, by=by, **data)


ACTS: dict[str, tuple[Text, type[GovukForm], Act]] = {
    "publish": (gettext_lazy("Publish"), PublishResourceForm, _publish),
    "return": (gettext_lazy("Return to its contributor"), ReturnResourceForm, _return),
    "withdraw": (gettext_lazy("Withdraw from the public"), WithdrawResourceForm, _withdraw),
}


@get_or_post
def act(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str) -> HttpResponse:
    """One step of the secretary's."""
    org = _organisation(request, organisation, "secretary")
    found = _resource(org, reference)
    title, form_class, do = ACTS[act]
    again = act == "publish" and found.status == Status.PUBLISHED
    if not again and not services.may_follow(found, STEPS[act]):
        raise IllegalMove(found, STEPS[act])
    form = form_class(posted(request), initial={"version": found.version})

    def keep() -> Resource:
        do(found, form.cleaned_data, request.user)
        return found

    return _with_form(request, org, found, form, keep=keep, title=str(title))


def _with_form(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    resource: Resource | None,
    form: Any,
    *,
    keep: Callable[[], Resource],
    title: str,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = keep()
            except StaleRecord as refusal:
                keep_typed(form, version=getattr(refusal.record, "version", 0))
                sentence = _("Somebody else changed this meanwhile. Look at it, then save again if yours should stand.")
                form.add_error(None, sentence)
                status = 409
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect(_address(org, kept))
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "cancel_url": _address(org, resource) if resource else reverse("national:resources", args=[org.slug]),
        "breadcrumbs": _trail(org, resource, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@require_POST
def submit(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Send good practice to the secretaries."""
    org = _organisation(request, organisation, "write_resources")
    found = _resource(org, reference, own=True)
    if not services.may_follow(found, Status.SUBMITTED):
        raise IllegalMove(found, Status.SUBMITTED)
    try:
        services.submit(resource=found, version=found.version, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("It was sent. A secretary looks at it before the public reads it."))
    return redirect(_address(org, found))


@require_POST
def drop(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Throw a draft away."""
    org = _organisation(request, organisation, "write_resources")
    found = _resource(org, reference, own=True)
    try:
        services.drop(resource=found, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect(_address(org, found))
    messages.success(request, _("The draft is thrown away."))
    return redirect("national:resources", org.slug)


@require_POST
def take_shipped(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The entries that come with the portal, as drafts."""
    org = _organisation(request, organisation, "secretary")
    number = services.take_shipped(body=org, by=request.user)
    messages.success(request, _("New drafts: %(number)d.") % {"number": number})
    return redirect("national:resources", org.slug)
