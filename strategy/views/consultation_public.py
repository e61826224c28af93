"""A national consultation for everybody: what is asked, the form that takes an answer, the outcome, and its figures.

The page is made of the frozen publication. An answer needs no account, no cookie and no session: what the page to check
it on carries makes sending it twice one answer.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from compliance.models.consultation import response_reference
from compliance.services.consultation_answers import NoAnswerTaken, TooManyAnswers
from compliance.views.tables import csv_answer
from core.downloads import download
from core.errors import Problem, RuleBroken
from core.forms import refused
from core.limits import within
from strategy import consultation_pages as pages
from strategy.forms.consultation_answers import ORGANISATION, NationalAnswerForm
from strategy.models import ConsultationDocument, NationalConsultation, NationalResponse
from strategy.models.consultations import Stage
from strategy.services import consultation_responses as services
from strategy.services import publish_consultation
from transparency.models import Publication
from transparency.views.public import answer, language_of, open_data, public

MOST_OF_A_PLACE, MOST_LOOKS_OF_A_PLACE, AN_HOUR = 30, 60, 3600  # a library or a council may be one place
SIGNER_SALT = "strategy.consultation_answer"


def newest(reference: str) -> Publication:
    """The newest version of a body that is counted. Else 404. One query."""
    found = publish_consultation.newest_of(reference)
    if found is None or not found.organisation.is_counted:
        raise Http404
    return found


@public
def consultation(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest version, or that it was withdrawn. One query."""
    publication = newest(reference)
    language, _path = language_of(request)
    with override(language.code):
        context = pages.shown(publication, timezone.now())
    return answer(request, "strategy/consultation_public.html", context)


@csrf_exempt  # nobody is signed in here; an answer that another site sends is one that anybody could send
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; then all of it to check; then it is kept. 410 where no answer is taken any more, 409 where not yet:
    what was typed stands on that page.
    """
    publication = newest(reference)
    language, _path = language_of(request)
    with override(language.code):
        rows = NationalConsultation.objects.select_related("consultation__organisation")
        national = rows.get(consultation__reference=publication.subject_reference)
        context = pages.shown(publication, timezone.now())
        form = NationalAnswerForm(request.POST if request.method == "POST" else None, questions=context["questions"])
        if sentence := services.why_not_taken(national):
            return closed_page(request, context, _typed(form), sentence, national.stage(timezone.now()))
        return _sent(request, context, form, national) if form.is_bound else _form(request, context, form)


def _sent(
    request: HttpRequest, context: dict[str, Any], form: NationalAnswerForm, national: NationalConsultation
) -> HttpResponse:
    """The next page after the form, or after the check of it."""
    place = get_adapter().get_client_ip(request)
    if not within("national-look", place, most=MOST_LOOKS_OF_A_PLACE):
        return _too_often(request, context, form)
    if "change" in request.POST:
        return _form(request, context, _again(form), status=200)
    if not form.is_valid():
        return _form(request, context, form)
    return _judged(request, context, form, national)


def _judged(
    request: HttpRequest, context: dict[str, Any], form: NationalAnswerForm, national: NationalConsultation
) -> HttpResponse:
    """To check where it comes from the form, kept where it comes from the page to check it on."""
    (token, channel), place = _carried(request, national), get_adapter().get_client_ip(request)
    if token and not within("national-answer", place, most=MOST_OF_A_PLACE, seconds=AN_HOUR):
        return _too_often(request, context, form)
    cleaned = form.cleaned_data
    given = services.Given(
        answers=form.answers(),
        is_organisation=cleaned["who"] == ORGANISATION,
        language=language_of(request)[0].tag,
        reference=token,
        channel=channel,
        **{name: cleaned[name] for name in ("organisation", "name", "email", "consent")},
    )
    try:
        if not token:
            services.judge(national=national, given=given)
            return check_page(request, context, form, national)
        kept = services.respond(national=national, given=given)
    except NoAnswerTaken as refusal:
        return closed_page(request, context, _typed(form), str(refusal.sentence), Stage.CLOSED)
    except TooManyAnswers as refusal:
        return _too_often(request, context, form, str(refusal.sentence))
    except RuleBroken as refusal:
        refused(form, refusal)
        return _form(request, context, form)
    return answer(request, "strategy/consultation_thanks.html", {**context, "answer": kept.reference}, seconds=0)


def _again(form: NationalAnswerForm) -> NationalAnswerForm:
    """The same words in a form that nobody has judged."""
    data: Any = form.data
    typed = {name: data.get(name) for name in form.fields}
    many = {each["key"] for each in form.questions if each["kind"] == "many"}
    typed |= {name: data.getlist(name) for name in many}
    return NationalAnswerForm(initial=typed, questions=form.questions)


def _form(request: HttpRequest, context: dict[str, Any], form: NationalAnswerForm, status: int = 0) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    return answer(request, "strategy/consultation_respond.html", {**context, "form": form}, status=status, seconds=0)


def check_page(
    request: HttpRequest,
    context: dict[str, Any],
    form: NationalAnswerForm,
    national: NationalConsultation,
    *,
    channel: str = NationalResponse.Channel.FORM,
) -> HttpResponse:
    """Everything that was answered, to be sent or changed. What the page carries says which way the answer came."""
    made = Signer(salt=SIGNER_SALT).sign(f"{national.reference}.{response_reference()}.{channel}")
    shown = {**context, "rows": pages.typed(form), "hidden": [*form.sent(), ("token", made)]}
    return answer(request, "strategy/consultation_check.html", shown, seconds=0)


def _carried(request: HttpRequest, national: NationalConsultation) -> tuple[str, str]:
    """Reference and way that the page to check carried; no reference where it was not sent from a page of ours."""
    nothing = "", NationalResponse.Channel.FORM.value
    if "send" not in request.POST:
        return nothing
    try:
        of, reference, channel = Signer(salt=SIGNER_SALT).unsign(request.POST.get("token", "")).split(".")
    except (BadSignature, ValueError):
        return nothing
    return (reference, channel) if of == national.reference else nothing


def _too_often(
    request: HttpRequest, context: dict[str, Any], form: NationalAnswerForm, sentence: str = ""
) -> HttpResponse:
    """What was typed stays in the form."""
    words = sentence or _("Too many answers came from here in a short time. Keep your text and try again later.")
    shown = {**context, "form": _again(form), "summary": [Problem(words)]}
    response = answer(request, "strategy/consultation_respond.html", shown, status=429, seconds=0)
    response["Retry-After"] = "600"
    return response


def _typed(form: NationalAnswerForm) -> list[dict[str, Any]]:
    if not form.is_bound:
        return []
    form.is_valid()
    return pages.typed(form)


def closed_page(
    request: HttpRequest, context: dict[str, Any], rows: list[dict[str, Any]], sentence: str, stage: Stage
) -> HttpResponse:
    """Why no answer is taken, with everything that was written, so that nothing is lost."""
    shown = {**context, "sentence": sentence, "rows": rows}
    status = 409 if stage == Stage.LATER else 410
    return answer(request, "strategy/consultation_closed.html", shown, status=status, seconds=0)


@public
def document(request: HttpRequest, reference: str, sha256: str) -> HttpResponseBase:
    """A document that the publication names by its hash. Else 404."""
    publication = newest(reference)
    named = [each for each in publication.facts()["documents"] if each["sha256"] == sha256]
    if publication.is_withdrawn or not named:
        raise Http404
    own = ConsultationDocument.objects.filter(national__consultation__reference=publication.subject_reference)
    found = own.filter(sha256=sha256).first()
    if found is None:
        raise Http404
    return download(found.file.open(), name=f"{slugify(found.title) or 'document'}.pdf", media_type=found.media_type)


def _outcome(reference: str) -> tuple[Publication, dict[str, Any]]:
    publication = newest(reference)
    content = publication.facts()
    if publication.is_withdrawn or not content["outcome"]:
        raise Http404
    return publication, content


@public
def summary_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """The counts of every question, one row for each option."""
    publication, content = _outcome(reference)
    language, _path = language_of(request)
    with override(language.code):
        rows = list(pages.table(content))
    return open_data(csv_answer(pages.COLUMNS, rows, name=f"{publication.subject_reference.lower()}-summary"))


@public
def summary_json(request: HttpRequest, reference: str) -> HttpResponse:
    _publication, content = _outcome(reference)
    data = {
        "reference": content["reference"],
        "licence": settings.PORTAL_LICENCE_URL,
        "questions": content["questions"],
        "summary": content["outcome"]["summary"],
        "outcome": {name: content["outcome"][name] for name in ("on", "text", "questions")},
    }
    return open_data(JsonResponse(data, json_dumps_params={"ensure_ascii": False}))
