"""Bulletins and news: for everybody, and as a secretary writes them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.dates import today
from core.errors import RuleBroken, StaleRecord, Text
from core.forms import keep_typed, refused
from strategy import bulletin_pages
from strategy.forms.bulletins import BulletinForm, ItemForm, PublishBulletinForm, WithdrawBulletinForm
from strategy.models import Bulletin, BulletinItem
from strategy.services import bulletins as services
from transparency.views.public import answer, language_of, public

ROWS_A_PAGE = 30


@public
def bulletins_public(request: HttpRequest) -> HttpResponse:
    """News that is not over, and every bulletin. One query."""
    found, on = bulletin_pages.published(), today()
    page_obj = Paginator(bulletin_pages.lines(found, Bulletin.Kind.BULLETIN, on), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    language, _path = language_of(request)
    with override(language.code):
        news = bulletin_pages.lines(found, Bulletin.Kind.NEWS, on)
        context = {"news": news, "bulletins": page_obj.object_list, "page_obj": page_obj, "as_of": on}
    return answer(request, "strategy/bulletins_public.html", context, query=request.GET.urlencode())


@public
def bulletin_public(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest version, or that it was withdrawn. Two queries."""
    publication = services.newest_of(reference)
    if publication is None or not publication.organisation.is_counted:
        raise Http404
    language, _path = language_of(request)
    with override(language.code):
        context = {
            **bulletin_pages.shown(publication.facts()),
            "publication": publication,
            "body": publication.organisation.local_name,
            "corrections": list(bulletin_pages.corrections(publication.subject_reference)),
        }
    return answer(request, "strategy/bulletin_public.html", context)


# --- in the workspace ---


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}", found)
    return found


def _bulletin(org: Organisation, reference: str) -> Bulletin:
    found = get_object_or_404(Bulletin.objects.filter(body=org), reference=reference)
    found.body = org
    return found


def _item(bulletin: Bulletin, pk: int) -> BulletinItem:
    return get_object_or_404(BulletinItem.objects.filter(bulletin=bulletin).select_related("bulletin"), pk=pk)


def _trail(org: Organisation, bulletin: Bulletin | None = None, title: Text = "") -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("Bulletins and news"), reverse("national:bulletins", args=[org.slug])),
    ]
    if bulletin is not None:
        steps.append((bulletin.local_title, _address(bulletin)))
    if title:
        return [*steps, (title, "")]
    return [*steps[:-1], (steps[-1][0], "")]


def _address(bulletin: Bulletin) -> str:
    return reverse("national:bulletin", args=[bulletin.body.slug, bulletin.reference])


@require_safe
def bulletins(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All of the body with what is public of each. Two queries beside those of every page."""
    org = _organisation(request, organisation, "read_plans")
    public_ones = {each.subject_reference for each in bulletin_pages.published()}
    rows = [{"record": each, "is_public": each.reference in public_ones} for each in Bulletin.objects.filter(body=org)]
    context = {
        "organisation": org,
        "rows": rows,
        "may_write": request.user.has_perm("strategy.secretary", org),
        "breadcrumbs": _trail(org),
    }
    return render(request, "strategy/bulletins.html", context)


@require_safe
def bulletin(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """As it will be read, with what is missing. Three queries beside those of every page."""
    org = _organisation(request, organisation, "read_plans")
    found = _bulletin(org, reference)
    newest = services.newest_of(found.reference)
    context = {
        "organisation": org,
        "bulletin": found,
        "items": list(found.items.all()),
        "public": newest,
        "problems": services.obstacles(found),
        "may_write": request.user.has_perm("strategy.secretary", org),
        "breadcrumbs": _trail(org, found),
    }
    return render(request, "strategy/bulletin.html", context)


@get_or_post
def bulletin_new(request: AuthenticatedHttpRequest, organisation: str, kind: str) -> HttpResponse:
    org = _organisation(request, organisation, "secretary")
    form = BulletinForm(posted(request), kind=kind)

    def keep() -> Bulletin:
        return services.write(body=org, kind=kind, facts=form.facts(), by=request.user)

    title = _("Write news") if kind == Bulletin.Kind.NEWS else _("Write a bulletin")
    return _with_form(request, (org, None), form, keep, title)


@get_or_post
def bulletin_change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "secretary")
    found = _bulletin(org, reference)
    form = BulletinForm(posted(request), kind=found.kind, instance=found)

    def keep() -> Bulletin:
        version = form.cleaned_data["version"]
        return services.change(bulletin=found, facts=form.facts(), version=version, by=request.user)

    return _with_form(request, (org, found), form, keep, _("Change title and introduction"))


@get_or_post
def item_put(request: AuthenticatedHttpRequest, organisation: str, reference: str, pk: int = 0) -> HttpResponse:
    """One more item, or another text of one."""
    org = _organisation(request, organisation, "secretary")
    found = _bulletin(org, reference)
    item = _item(found, pk) if pk else None
    form = ItemForm(posted(request), instance=item)

    def keep() -> Bulletin:
        services.put_item(bulletin=found, facts=form.cleaned_data, by=request.user, item=item)
        return found

    return _with_form(request, (org, found), form, keep, _("Change an item") if item else _("Add an item"))


@get_or_post
def bulletin_publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "secretary")
    found = _bulletin(org, reference)
    form = PublishBulletinForm(posted(request), initial={"version": found.version})

    def keep() -> Bulletin:
        services.publish(bulletin=found, by=request.user, **form.cleaned_data)
        return found

    return _with_form(request, (org, found), form, keep, _("Publish"))


@get_or_post
def bulletin_withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "secretary")
    found = _bulletin(org, reference)
    form = WithdrawBulletinForm(posted(request))

    def keep() -> Bulletin:
        services.withdraw(bulletin=found, reason=form.cleaned_data["reason"], by=request.user)
        return found

    return _with_form(request, (org, found), form, keep, _("Withdraw from the public"))


def _with_form(
    request: AuthenticatedHttpRequest,
    where: tuple[Organisation, Bulletin | None],
    form: Any,
    keep: Callable[[], Bulletin],
    title: str,
) -> HttpResponse:
    org, bulletin = where
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
                return redirect("national:bulletin", org.slug, kept.reference)
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "cancel_url": _address(bulletin) if bulletin else reverse("national:bulletins", args=[org.slug]),
        "breadcrumbs": _trail(org, bulletin, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@require_POST
def item_act(request: AuthenticatedHttpRequest, organisation: str, reference: str, pk: int, act: str) -> HttpResponse:
    """Take an item off, or one place towards the head."""
    org = _organisation(request, organisation, "secretary")
    found = _bulletin(org, reference)
    services_of = {"drop": services.drop_item, "up": services.move_item}
    services_of[act](item=_item(found, pk), by=request.user)
    return redirect("national:bulletin", org.slug, found.reference)
