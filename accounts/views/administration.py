"""Administration of the site: organisations and their first members. For site administrators."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.forms import OrganisationForm, OrganisationSearchForm, RenameForm
from accounts.models import Organisation
from accounts.policy import require
from accounts.services import organisations as services
from core import registry
from core.errors import RuleBroken
from core.forms import refused

PAGE_SIZE = 50


@require_safe
def administration(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Organisations, found by words of their names or by code, with how many people each has."""
    require(request.user, "accounts.administer_site", request.user)
    form = OrganisationSearchForm(request.GET)
    form.is_valid()
    found = _search(form.cleaned_data.get("q", ""), form.cleaned_data.get("kind", ""))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "count": page.paginator.count,
        "breadcrumbs": [(_("What waits for me"), reverse("accounts:home")), (_("Administration"), "")],
        "doors": [
            {"title": section.label, "url": reverse(section.url_name)}
            for section in sorted(registry.administration, key=lambda section: section.order)
            if section.shown(request.user, None)
        ],
    }
    return render(request, "accounts/administration.html", context)


@get_or_post
def create(request: AuthenticatedHttpRequest) -> HttpResponse:
    require(request.user, "accounts.administer_site", request.user)
    form = OrganisationForm(posted(request))
    if form.is_valid():
        values = {**form.cleaned_data, "gss_code": form.cleaned_data["gss_code"] or None}
        try:
            organisation = services.create_organisation(by=request.user, **values)
        except RuleBroken as refusal:
            refused(form, refusal, "name")
        else:
            messages.success(request, _("The organisation is created. Now invite its first member."))
            return redirect("accounts:invite", organisation.slug)
    return _form_page(request, form, title=_("Create an organisation"), submit_label=_("Create it"))


@get_or_post
def rename(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    require(request.user, "accounts.administer_site", request.user)
    org = get_object_or_404(Organisation, slug=organisation)
    initial = {"name": org.name, "name_cy": org.name_cy, "official_name": org.official_name}
    form = RenameForm(posted(request), initial=initial)
    if form.is_valid():
        services.rename(organisation=org, by=request.user, **form.cleaned_data)
        messages.success(request, _("The names are saved; the old ones stay on record."))
        return redirect("accounts:organisation", org.slug)
    return _form_page(request, form, title=_("Rename an organisation"), submit_label=_("Save"), renamed=org.local_name)


def _form_page(
    request: AuthenticatedHttpRequest, form: Form, *, title: str, submit_label: str, renamed: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "submit_label": submit_label,
        "renamed": renamed,
        "breadcrumbs": [(_("Administration"), reverse("accounts:administration")), (title, "")],
    }
    return render(request, "accounts/administration_form.html", context, status=422 if form.is_bound else 200)


def _search(words: str, kind: str) -> QuerySet[Organisation]:
    """Organisations whose names hold all the words, or whose code it is. One query and one to count."""
    found = Organisation.objects.for_list()
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(name_cy__icontains=word)
            | Q(official_name__icontains=word)
            | Q(gss_code__iexact=word)
        )
    if kind:
        found = found.filter(kind=kind)
    return found.with_people_count()
