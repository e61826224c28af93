"""Consultations for everybody: which there are today, the form that takes an answer, and documents to read.

The answer needs no account, no cookie and no session: it goes through a page on which it is checked, and what that page
carries makes sending it twice one answer.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from compliance.forms.consultations import answers_in
from compliance.models import Consultation, ConsultationResponse
from compliance.models.consultation import response_reference
from compliance.services.consultation_answers import (
    Given,
    NoAnswerTaken,
    TooManyAnswers,
    why_not_taken,
)
from compliance.services.consultation_answers import respond as keep
from core.dates import today
from core.downloads import download
from core.errors import Problem, RuleBroken
from core.forms import refused
from core.limits import within
from transparency.consultation_forms import PublicAnswerForm
from transparency.models import Publication
from transparency.pages.consultations import answer_words, newest_of, row_of, what_is_asked
from transparency.views.public import answer, language_of, public

PAGE_SIZE = 50
MOST_OF_A_PLACE = 20  # answers an hour; a library or a whole council may be one place of the network
MOST_LOOKS_OF_A_PLACE = 60  # pages to check an answer on, a minute
AN_HOUR = 3600
SIGNER_SALT = "transparency.consultation_answer"


@public
def consultations(request: HttpRequest) -> HttpResponse:
    """All that are public: those that take answers today, those to come, and those that are over. One query."""
    day = today()
    kinds = (Publication.Kind.CONSULTATION, Publication.Kind.NATIONAL)
    found = Publication.objects.filter(kind__in=kinds).current().for_list()
    told = (each for each in found if each.kind == Publication.Kind.CONSULTATION or each.organisation.is_counted)
    rows = sorted(map(row_of, told), key=lambda row: row["closes_on"])
    now = timezone.now()
    over = [row for row in reversed(rows) if row["concluded_on"] or now >= row["ends"]]
    running = [row for row in rows if not row["concluded_on"] and row["begins"] <= now < row["ends"]]
    later = [row for row in rows if not row["concluded_on"] and row["begins"] > now]
    page = Paginator(over, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"running": running, "later": later, "page_obj": page, "over": list(page), "as_of": day}
    return answer(request, "transparency/consultations.html", context)


@csrf_exempt  # nobody is signed in here; an answer that another site sends is one that anybody could send
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; then all of it to check; then it is kept. 410 where no answer is taken any more, 409 where not yet."""
    publication = newest_of(reference)
    if publication is None:
        raise Http404
    consultation = Consultation.objects.select_related("organisation").get(reference=publication.subject_reference)
    content = what_is_asked(publication.facts())
    context = {**content, "path": publication.path, "publication": publication}
    if sentence := why_not_taken(consultation):
        status = 409 if consultation.opens_on > today() and not publication.is_withdrawn else 410
        return _closed(request, context, sentence, status)
    if request.method == "POST":
        return _sent_to_us(request, context, consultation)
    return _form(request, context, PublicAnswerForm(questions=content["questions"]))


def _sent_to_us(request: HttpRequest, context: dict[str, Any], consultation: Consultation) -> HttpResponse:
    """The next page after the form or after the check of it."""
    questions = context["questions"]
    place = get_adapter().get_client_ip(request)
    form = PublicAnswerForm(request.POST, questions=questions)
    if not within("consultation-look", place, most=MOST_LOOKS_OF_A_PLACE):
        return _too_often(request, context, form)
    if "change" in request.POST:
        return _form(request, context, PublicAnswerForm(initial=_sent(form), questions=questions))
    if not form.is_valid():
        return _form(request, context, form)
    if (token := _reference_in(request, consultation)) == "":
        return _check(request, context, form, consultation)
    if not within("consultation-answer", place, most=MOST_OF_A_PLACE, seconds=AN_HOUR):
        return _too_often(request, context, form)
    return _keep(request, context, form, consultation, token)


def _keep(
    request: HttpRequest, context: dict[str, Any], form: PublicAnswerForm, consultation: Consultation, token: str
) -> HttpResponse:
    cleaned = form.cleaned_data
    plain = {name: cleaned[name] for name in ("kind", "view", "text", "name", "email", "organisation", "may_publish")}
    given = Given(
        **plain,
        answers=answers_in(cleaned, consultation.questions),
        language=language_of(request)[0].tag,
        reference=token,
    )
    try:
        kept = keep(consultation=consultation, given=given)
    except NoAnswerTaken as refusal:
        return _closed(request, context, str(refusal.sentence), 410)
    except TooManyAnswers as refusal:
        return _too_often(request, context, form, str(refusal.sentence))
    except RuleBroken as refusal:
        refused(form, refusal)
        return _form(request, context, form)
    return answer(request, "transparency/consultation_thanks.html", {**context, "answer": kept.reference}, seconds=0)


def _form(request: HttpRequest, context: dict[str, Any], form: PublicAnswerForm, status: int = 0) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    return answer(
        request, "transparency/consultation_respond.html", {**context, "form": form}, status=status, seconds=0
    )


def _check(
    request: HttpRequest, context: dict[str, Any], form: PublicAnswerForm, consultation: Consultation
) -> HttpResponse:
    """Everything that was typed, as it will be kept, with a way back."""
    cleaned = form.cleaned_data
    rows: list[dict[str, Any]] = [
        {"key": _("Who are you?"), "value": capfirst(str(ConsultationResponse.Kind(cleaned["kind"]).label))},
        {"key": _("Your view"), "value": capfirst(str(ConsultationResponse.View(cleaned["view"]).label))},
    ]
    texts = answers_in(cleaned, consultation.questions)
    for question, text in zip(context["questions"], texts, strict=False):
        words = answer_words(question["kind"], text) or _("no answer")
        rows.append({"key": question["text"].text, "value": words})
    rows += [
        {"key": form.fields[name].label, "value": cleaned[name] or _("not given")}
        for name in ("text", "organisation", "name", "email")
    ]
    rows.append(
        {"key": _("May it be published without your name?"), "value": _("Yes") if cleaned["may_publish"] else _("No")}
    )
    made = Signer(salt=SIGNER_SALT).sign(f"{consultation.reference}.{response_reference()}")
    shown = {**context, "rows": rows, "hidden": [*_sent(form).items(), ("token", made)]}
    return answer(request, "transparency/consultation_check.html", shown, seconds=0)


def _sent(form: PublicAnswerForm) -> dict[str, str]:
    """What was typed, field by field; an empty field, and a box that is not ticked, is left out."""
    return {name: form.data[name] for name in form.fields if form.data.get(name)}


def _reference_in(request: HttpRequest, consultation: Consultation) -> str:
    """The reference that the page to check carried for this answer; '' where it was not sent from a page of ours."""
    if "send" not in request.POST:
        return ""
    try:
        of, _dot, reference = Signer(salt=SIGNER_SALT).unsign(request.POST.get("token", "")).partition(".")
    except BadSignature:
        return ""
    return reference if of == consultation.reference else ""


def _too_often(
    request: HttpRequest, context: dict[str, Any], form: PublicAnswerForm, sentence: str = ""
) -> HttpResponse:
    """What was typed stays in the form."""
    again = PublicAnswerForm(initial=_sent(form), questions=context["questions"])
    words = sentence or _("Too many answers came from here in a short time. Keep your text and try again later.")
    shown = {**context, "form": again, "summary": [Problem(words)]}
    response = answer(request, "transparency/consultation_respond.html", shown, status=429, seconds=0)
    response["Retry-After"] = "600"
    return response


def _closed(request: HttpRequest, context: dict[str, Any], sentence: str, status: int) -> HttpResponse:
    return answer(request, "transparency/consultation_closed.html", {**context, "sentence": sentence}, status=status)


@public
def document(request: HttpRequest, reference: str, sha256: str) -> HttpResponseBase:
    """A document that the published consultation names by its hash, while it may be published. Else 404."""
    publication = newest_of(reference)
    if publication is None or publication.is_withdrawn:
        raise Http404
    named = next((each for each in publication.facts()["documents"] if each["sha256"] == sha256), None)
    if named is None:
        raise Http404
    consultation = Consultation.objects.get(reference=publication.subject_reference)
    for evidence in consultation.documents.filter(is_public=True):
        if file := evidence.file_of(sha256):
            ending = evidence.file_name.rpartition(".")[2].lower()
            name = f"{slugify(named['title']) or 'document'}.{ending}"
            return download(file.open(), name=name, media_type=evidence.media_type)
    raise Http404
