"""Recommendations of strategies of the past, for everybody with comments, and what national bodies tell of them."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.bilingual import local_text
from core.errors import RuleBroken
from core.forms import refused
from core.limits import within
from strategy.forms.comments import CommentForm, NoteForm, ReadForm
from strategy.models import Recommendation, RecommendationComment, RecommendationNote
from strategy.services import comments as services
from transparency.views.public import answer, language_of

MOST_OF_A_PLACE, AN_HOUR = 20, 3600
TRAP = "website"  # a field that people do not see
Status = RecommendationComment.Status


@csrf_exempt  # nobody is signed in here; a comment that another site sends is one that anybody could send
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What it says, what became of it, what the public says, and the form for a comment. Three queries."""
    rows = Recommendation.objects.filter(strategy__is_draft=False).select_related("strategy")
    found = get_object_or_404(rows, strategy__key=key, number=number)
    language, _path = language_of(request)
    form = CommentForm(request.POST if request.method == "POST" else None)
    status, sent = 200, False
    with override(language.code):
        if request.method == "POST":
            status, sent = _taken(request, found, form, language.tag)
        context = {
            **_shown(found),
            "form": None if sent else form,
            "sent": sent,
            "comments": RecommendationComment.objects.filter(recommendation=found, status=Status.PUBLISHED),
        }
        return answer(request, "strategy/recommendation.html", context, status=status, seconds=0)


def _taken(request: HttpRequest, found: Recommendation, form: CommentForm, language: str) -> tuple[int, bool]:
    """The status of the answer, and whether the comment is kept. Who fills in the trap is thanked for nothing."""
    if not form.is_valid():
        return 422, False
    if request.POST.get(TRAP):
        return 200, True
    place = get_adapter().get_client_ip(request)
    if not within("recommendation-comment", place, most=MOST_OF_A_PLACE, seconds=AN_HOUR):
        form.add_error(None, _("Too many comments came from your network. Please try again in an hour."))
        return 429, False
    cleaned = form.cleaned_data
    try:
        services.comment(recommendation=found, text=cleaned["text"], name=cleaned["name"], language=language)
    except RuleBroken as refusal:
        return refused(form, refusal), False
    return 200, True


def _shown(found: Recommendation) -> dict[str, Any]:
    notes = list(RecommendationNote.objects.filter(recommendation=found).select_related("organisation"))
    return {
        "recommendation": found,
        "strategy": found.strategy,
        "strategy_name": found.strategy.local_name,
        "text": local_text(found, "text"),
        "standing": notes[0].get_standing_display() if notes else found.get_standing_display(),
        "note": local_text(found, "note"),
        "notes": notes,
    }


# --- in the workspace ---


def _trail(org: Organisation, *steps: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [
        (org.local_name, org.get_absolute_url()),
        (_("Delivery plans"), reverse("national:plans", args=[org.slug])),
        *steps,
    ]


@require_safe
def recommendations(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All of every strategy with what waits to be read. One query beside those of every page."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.read_plans", org)
    waiting = Count("comments", filter=Q(comments__status=Status.WAITING))
    public = Count("comments", filter=Q(comments__status=Status.PUBLISHED))
    rows = Recommendation.objects.select_related("strategy").annotate(waiting=waiting, public=public)
    context = {
        "organisation": org,
        "rows": rows.order_by("-waiting", "strategy__position", "number"),
        "may_tell": request.user.has_perm("strategy.secretary", org),
        "breadcrumbs": _trail(org, (_("Recommendations"), "")),
    }
    return render(request, "strategy/recommendations.html", context)


@get_or_post
def recommendation_tell(request: AuthenticatedHttpRequest, organisation: str, pk: int) -> HttpResponse:
    """What became of it, and the comments to be read."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.secretary", org)
    found = get_object_or_404(Recommendation.objects.select_related("strategy"), pk=pk)
    form = NoteForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.tell(recommendation=found, organisation=org, by=request.user, **form.cleaned_data)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Told. Everybody reads it at the page of the recommendation."))
                return redirect("national:recommendation", org.slug, found.pk)
    comments = RecommendationComment.objects.filter(recommendation=found)
    step = (_("Recommendations"), reverse("national:recommendations", args=[org.slug]))
    context = {
        **_shown(found),
        "organisation": org,
        "form": form,
        "waiting": comments.filter(status=Status.WAITING),
        "published": comments.filter(status=Status.PUBLISHED),
        "breadcrumbs": _trail(org, step, (_("Recommendation %(number)s") % {"number": found.number}, "")),
    }
    return render(request, "strategy/recommendation_tell.html", context, status=status)


def _comment(reference: str) -> RecommendationComment:
    return get_object_or_404(RecommendationComment.objects.select_related("recommendation"), reference=reference)


@get_or_post
def comment_publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The words as they came, to be published with or without a part of them."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.secretary", org)
    found = _comment(reference)
    form = ReadForm(posted(request), initial={"text": found.text, "name": found.name})
    status = 200
    back = reverse("national:recommendation", args=[org.slug, found.recommendation_id])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.publish(comment=found, organisation=org, by=request.user, **form.cleaned_data)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Published."))
                return redirect(back)
    title = _("Publish a comment")
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "submit_label": _("Publish"),
        "cancel_url": back,
        "breadcrumbs": _trail(org, (_("Recommendation %(number)s") % {"number": found.recommendation.number}, back)),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@require_POST
def comment_refuse(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.secretary", org)
    found = _comment(reference)
    services.refuse(comment=found, organisation=org, by=request.user)
    messages.success(request, _("Not published. Its words are erased."))
    return redirect("national:recommendation", org.slug, found.recommendation_id)
