"""Questions between members: the list with who offers help, one question with its answers, and the acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation, User
from accounts.policy import require
from core.errors import IllegalMove, RuleBroken
from core.forms import GovukForm, refused
from strategy.forms.member_questions import AnswerForm, HelpForm, HideForm, QuestionForm
from strategy.models import HelpOffer, MemberAnswer, MemberQuestion
from strategy.models.member_questions import still_there
from strategy.models.resources import Topic
from strategy.services import member_questions as services
from transparency.asked import chooser, known, says, words

Status = MemberQuestion.Status
COLOURS = {Status.OPEN: "yellow", Status.ANSWERED: "green", Status.HIDDEN: "grey"}
STATES = (Status.OPEN, Status.ANSWERED)  # that one can ask for
NEXT = {Status.OPEN: Status.ANSWERED, Status.ANSWERED: Status.OPEN}
ROWS_A_PAGE = 25


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str = "read") -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}_questions", found)
    return found


def _scope(request: AuthenticatedHttpRequest, org: Organisation) -> Any:
    """Secretaries see what is hidden, too."""
    if request.user.has_perm("strategy.hide_questions", org):
        return MemberQuestion.objects.all()
    return MemberQuestion.objects.visible_to(request.user)


def _question(request: AuthenticatedHttpRequest, org: Organisation, reference: str) -> MemberQuestion:
    found: MemberQuestion = get_object_or_404(_scope(request, org).for_list(), reference=reference)
    return found


def _crumbs(org: Organisation, *titles: str) -> list[tuple[Any, str]]:
    own = (_("Questions to colleagues"), reverse("national:questions", args=[org.slug]) if titles else "")
    return [(org.local_name, org.get_absolute_url()), own, *((title, "") for title in titles)]


def _who(person: Any, organisation: Organisation, *, is_there: bool) -> str:
    """Their name as long as they belong there; then the organisation alone."""
    name = person.get_full_name() if is_there and person.is_active else ""
    return ", ".join(filter(None, [name, organisation.local_name]))


def _row(found: MemberQuestion) -> dict[str, Any]:
    status = Status(found.status)
    facts = vars(found)  # what `for_list` counted beside the columns
    return {
        "question": found,
        "topic": capfirst(str(Topic(found.topic).label)),
        "who": _who(found.asked_by, found.organisation, is_there=facts["is_there"]),
        "answered": facts["answered"],
        "label": status.label,
        "colour": COLOURS[status],
    }


@require_safe
def questions(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Searched by words, topic and state; beside it who offers help. Three queries beside those of every page."""
    org = _organisation(request, organisation)
    topic = known(request.GET, "topic", Topic.values)
    state = known(request.GET, "state", STATES)
    text = words(request.GET)
    rows = _scope(request, org).for_list()
    rows = rows.filter(topic=topic) if topic else rows
    rows = rows.filter(status=state) if state else rows
    found = [each for each in rows if says([each.title, each.text], text)]
    page_obj = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    offers = services.helpers(topic)
    context = {
        "organisation": org,
        "rows": [_row(each) for each in page_obj.object_list],
        "page_obj": page_obj,
        "count": len(found),
        "query": text,
        "lists": [
            chooser("topic", _("Topic"), Topic.choices, topic),
            chooser("state", _("How it stands"), [(each.value, each.label) for each in STATES], state),
        ],
        "is_filtered": bool(topic or state or text),
        "helpers": [_helper(each) for each in offers],
        "helps": any(each.user_id == request.user.pk and each.organisation_id == org.pk for each in offers),
        "breadcrumbs": _crumbs(org),
    }
    return render(request, "strategy/questions.html", context)


def _helper(offer: HelpOffer) -> dict[str, Any]:
    topics = [capfirst(str(Topic(each).label)) for each in offer.topics if each in Topic.values]
    return {"who": _who(offer.user, offer.organisation, is_there=True), "topics": topics, "note": offer.note}


def _answer_row(given: MemberAnswer, reader: User) -> dict[str, Any]:
    who = _who(given.answered_by, given.organisation, is_there=vars(given)["is_there"])
    return {"answer": given, "who": who, "is_own": given.answered_by_id == reader.pk}


@require_safe
def question(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Three queries beside those of every page."""
    org = _organisation(request, organisation)
    found = _question(request, org, reference)
    hides = request.user.has_perm("strategy.hide_questions", org)
    answers = found.answers.filter(organisation__is_training=False).select_related("organisation", "answered_by")
    answers = answers.annotate(is_there=still_there("answered_by", "organisation"))
    if not hides:
        answers = answers.filter(Q(hidden_at__isnull=True) | Q(answered_by=request.user))
    is_mine, is_hidden = found.asked_by_id == request.user.pk, found.status == Status.HIDDEN
    last = found.changes.order_by("-pk").first() if is_hidden else None
    context = {
        "organisation": org,
        **_row(found),
        "answers": [_answer_row(each, request.user) for each in answers],
        "is_hidden": is_hidden,
        "why_hidden": last.note if last else "",
        "may_answer": not is_hidden,
        "next_state": NEXT.get(Status(found.status), "") if is_mine else "",
        "may_hide": hides,
        "may_show": hides and is_hidden,
        "breadcrumbs": _crumbs(org, found.title),
    }
    return render(request, "strategy/question.html", context)


def _form_page(
    request: AuthenticatedHttpRequest, org: Organisation, form: GovukForm, act: Callable[[], object], **shown: str
) -> HttpResponse:
    """One form and its act: what is refused stays on the page with what was typed. `shown`: its title, and the target
    to which it leads afterwards.
    """
    status, title, target = 200, shown["title"], shown["target"]
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = act()
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect(services.address(org, made) if isinstance(made, MemberQuestion) else target)
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "cancel_url": target,
        "breadcrumbs": _crumbs(org, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation)
    form = QuestionForm(posted(request))

    def act() -> object:
        return services.ask(organisation=org, by=request.user, **form.cleaned_data)

    own = reverse("national:questions", args=[org.slug])
    return _form_page(request, org, form, act, title=_("Ask colleagues"), target=own)


@get_or_post
def answer(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation)
    found = _question(request, org, reference)
    if found.status == Status.HIDDEN:
        raise IllegalMove(found, Status.HIDDEN)
    form = AnswerForm(posted(request))

    def act() -> object:
        return services.answer(question=found, organisation=org, by=request.user, **form.cleaned_data)

    return _form_page(request, org, form, act, title=found.title, target=services.address(org, found))


@require_POST
def mark(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Answered, or open again: by who asked; shown again by a secretary."""
    org = _organisation(request, organisation)
    found = _question(request, org, reference)
    if found.status == Status.HIDDEN and request.user.has_perm("strategy.hide_questions", org):
        services.show(question=found, by=request.user)
        return redirect(services.address(org, found))
    if found.asked_by_id != request.user.pk:
        messages.error(request, _("Who asked says whether it is answered."))
    else:
        services.mark(question=found, status=request.POST.get("status", ""), by=request.user)
    return redirect(services.address(org, found))


@get_or_post
def hide(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = _organisation(request, organisation, "hide")
    found = _question(request, org, reference)
    if not found.can_move_to(Status.HIDDEN):
        raise IllegalMove(found, Status.HIDDEN)
    form = HideForm(posted(request))

    def act() -> object:
        return services.hide(question=found, by=request.user, **form.cleaned_data)

    return _form_page(request, org, form, act, title=_("Hide the question"), target=services.address(org, found))


@get_or_post
def hide_answer(request: AuthenticatedHttpRequest, organisation: str, reference: str, given: int) -> HttpResponse:
    org = _organisation(request, organisation, "hide")
    found = _question(request, org, reference)
    own = MemberAnswer.objects.filter(question=found, hidden_at__isnull=True)
    one = get_object_or_404(own.select_related("organisation", "answered_by", "question"), pk=given)
    form = HideForm(posted(request))

    def act() -> object:
        return services.hide_answer(given=one, by=request.user, **form.cleaned_data)

    return _form_page(request, org, form, act, title=_("Hide the answer"), target=services.address(org, found))


@get_or_post
def offer(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Offer help, or change the offer."""
    org = _organisation(request, organisation)
    kept = HelpOffer.objects.filter(organisation=org, user=request.user).first()
    form = HelpForm(posted(request), initial={"topics": kept.topics, "note": kept.note} if kept else {})

    def act() -> object:
        return services.offer_help(organisation=org, by=request.user, **form.cleaned_data)

    own = reverse("national:questions", args=[org.slug])
    return _form_page(request, org, form, act, title=_("Offer help"), target=own)


@require_POST
def stop(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation)
    services.stop_helping(organisation=org, by=request.user)
    messages.success(request, _("You are not named any more as one who helps."))
    return redirect("national:questions", org.slug)
