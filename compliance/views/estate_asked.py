"""The page behind the link of an estate audit: for people without an account, one list of sites and no more."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import get_or_post
from compliance.asking import ESTATES
from compliance.forms.estate import AnswererForm, SiteForm, SiteFormSet
from compliance.models import EstateRequest
from compliance.services.estate import MOST_SITES, EstateLinkClosed, why_closed
from compliance.services.estate import answer as keep
from compliance.views.behind_link import behind_link, closed
from compliance.views.language_links import language_links
from core.errors import IllegalMove, Problem, RuleBroken, StaleRecord
from core.sent import sent_number
from core.templatetags.govuk import FormProblem, form_problems

SITES = "sites"
FIELDS = tuple(SiteForm.base_fields)


@login_not_required
@never_cache
@get_or_post
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that this portal did not make or that a newer one replaced, 410 for one that takes no answer."""
    among = EstateRequest.objects.select_related("audit__operator", "audit__opened_by")
    return behind_link(request, token, _page, links=ESTATES, among=among, why_closed=why_closed)


def _page(request: HttpRequest, asked: EstateRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, asked, AnswererForm(), _sites(None, 1))
    count = _count(request)
    if "more" in request.POST:
        return _form(request, asked, _unchecked(request), _sites(request, min(count + 1, MOST_SITES)))
    if "change" in request.POST:
        return _form(request, asked, _unchecked(request), _sites(request, max(count, 1)))
    return _checked(request, asked, count)


def _count(request: HttpRequest) -> int:
    """How many sites the form had, within bounds whatever was sent."""
    return min(sent_number(request.POST.get(f"{SITES}-TOTAL_FORMS", "")) or 0, MOST_SITES)


def _unchecked(request: HttpRequest) -> AnswererForm:
    """What was typed, without a word about what is missing."""
    return AnswererForm(initial={name: request.POST.get(name, "") for name in AnswererForm.base_fields})


def _sites(request: HttpRequest | None, count: int) -> Any:
    """So many sites, with what was typed, without a word about what is missing."""
    typed = [
        {name: request.POST.get(f"{SITES}-{number}-{name}", "") for name in FIELDS} if request else {}
        for number in range(count)
    ]
    formset = SiteFormSet(prefix=SITES, initial=typed)
    formset.extra = 0
    return formset


def _checked(request: HttpRequest, asked: EstateRequest, count: int) -> HttpResponse:
    """Everything is right: the page to check it, or it is kept. Else the form with what is wrong."""
    who = AnswererForm(request.POST)
    none_run = bool(request.POST.get("none_run"))
    sites = [] if none_run else _filled(request, count)
    problems = [problem for form in (*sites, who) for problem in form_problems(form)]
    if not none_run and not sites:
        problems.append(FormProblem(_("List at least one site, or tick that you run no cameras."), "#id_none_run"))
    if problems:
        return _form(request, asked, who, sites or _sites(request, max(count, 1)), problems)
    if "send" not in request.POST:
        return _check(request, asked, who, sites)
    try:
        keep(
            request=asked,
            sites=[site.facts() for site in sites],
            **{name: who.cleaned_data[name] for name in ("name", "post", "note")},
        )
    except (EstateLinkClosed, IllegalMove, StaleRecord):
        return closed(request, _("This link was used already. It takes one answer."))
    except RuleBroken as refusal:
        found: Sequence[Problem] = refusal.problems
        return _form(request, asked, who, sites or _sites(request, 1), found)
    return render(request, "estate/thanks.html", _known(request, asked))


def _filled(request: HttpRequest, count: int) -> list[SiteForm]:
    """The sites in which anything was typed."""
    filled = []
    for number in range(count):
        if any(request.POST.get(f"{SITES}-{number}-{name}", "").strip() for name in FIELDS):
            filled.append(SiteForm(request.POST, prefix=f"{SITES}-{number}"))  # noqa: PERF401  (reads better)
    return filled


def _form(
    request: HttpRequest,
    asked: EstateRequest,
    who: AnswererForm,
    sites: Any,
    problems: Sequence[Problem | FormProblem] = (),
) -> HttpResponse:
    context = {
        **_known(request, asked),
        "who": who,
        "sites": list(sites),
        "count": len(list(sites)),
        "summary": list(problems),
    }
    return render(request, "estate/form.html", context, status=422 if problems else 200)


def _check(request: HttpRequest, asked: EstateRequest, who: AnswererForm, sites: list[SiteForm]) -> HttpResponse:
    shown = [[{"key": field.label, "value": _shown(site, field.name)} for field in site] for site in sites]
    hidden = [(name, value) for name, value in request.POST.items() if name in AnswererForm.base_fields and value]
    for number, site in enumerate(sites):
        for name in FIELDS:
            value = request.POST.get(f"{site.prefix}-{name}", "")
            hidden.append((f"{SITES}-{number}-{name}", value))
    hidden.append((f"{SITES}-TOTAL_FORMS", str(len(sites))))
    rows = [
        {"key": who.fields[name].label, "value": who.cleaned_data[name] or _("not given")}
        for name in ("name", "post", "note")
    ]
    context = {**_known(request, asked), "sites": shown, "rows": rows, "hidden": hidden, "none_run": not sites}
    return render(request, "estate/check.html", context)


def _shown(site: SiteForm, name: str) -> str:
    value = site.cleaned_data[name]
    choices = dict(getattr(site.fields[name], "choices", ()))
    return str(choices.get(value, value) if value not in (None, "") else _("not stated"))


def _known(request: HttpRequest, asked: EstateRequest) -> dict[str, object]:
    """All that the holder of a link is told of the operator."""
    audit = asked.audit
    return {
        "asked": asked,
        "audit": audit,
        "language_links": language_links(request),
        "operator": audit.operator.local_name,
        "asker": audit.opened_by.get_full_name() if audit.opened_by else "",
    }
