"""Answering a national consultation by a file: downloaded, filled in, brought back, looked at, then sent.

What a file says goes into the fields of the web form, and from there the same way. The file stays in memory.
"""

from operator import itemgetter
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from compliance.views.tables import csv_answer
from core.errors import Incomplete, Problem, RuleBroken
from core.limits import within
from core.uploads import MemoryUploadHandler
from strategy import consultation_files as files
from strategy import consultation_pages as pages
from strategy.forms.consultation_answers import ORGANISATION, NationalAnswerForm
from strategy.models import NationalConsultation, NationalResponse
from strategy.services import consultation_responses as services
from strategy.views import consultation_public as by_form
from transparency.views.public import answer, language_of, open_data, public

TEMPLATE = "strategy/consultation_file.html"


@public
def blank(request: HttpRequest, reference: str) -> HttpResponse:
    """The form as a file to be filled in, in the language of the address. One query."""
    publication = by_form.newest(reference)
    if publication.is_withdrawn:
        raise Http404
    with override(language_of(request)[0].code):
        context = pages.shown(publication, timezone.now())
        rows = list(files.blank(context["reference"], context["questions"]))
    return open_data(csv_answer(files.COLUMNS, rows, name=f"{reference.lower()}-answer"))


@csrf_exempt  # as the form on the web: nobody is signed in, and nothing is kept before the page to check it on
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def respond_by_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the file is taken from and brought; then all of it to check, or everything that is wrong by its row."""
    request.upload_handlers = [MemoryUploadHandler(files.LARGEST)]
    publication = by_form.newest(reference)
    with override(language_of(request)[0].code):
        rows = NationalConsultation.objects.select_related("consultation__organisation")
        national = rows.get(consultation__reference=publication.subject_reference)
        context = pages.shown(publication, timezone.now())
        sentence = services.why_not_taken(national)
        if request.method != "POST":
            if sentence:
                return by_form.closed_page(request, context, [], sentence, national.stage(timezone.now()))
            return answer(request, TEMPLATE, context, seconds=0)
        if not within("national-look", get_adapter().get_client_ip(request), most=by_form.MOST_LOOKS_OF_A_PLACE):
            words = _("Too many files were brought from here in a short time. Try again in a minute.")
            return _refused(request, context, [words], status=429)
        try:
            found = files.read_answer(_bytes(request), context["reference"], context["questions"])
        except RuleBroken as refusal:
            return _refused(request, context, [str(problem.text) for problem in refusal.problems])
        if sentence:
            return by_form.closed_page(request, context, _rows(found), sentence, national.stage(timezone.now()))
        return _judged(request, context, national, found)


def _bytes(request: HttpRequest) -> bytes:
    """Raises RuleBroken where no file came."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise RuleBroken(_("Choose the file that you filled in."))
    return upload.read()


def _judged(
    request: HttpRequest, context: dict[str, Any], national: NationalConsultation, found: files.FoundAnswer
) -> HttpResponse:
    """To check where nothing is wrong. What the service refuses is told by its row as well."""
    data = QueryDict(mutable=True)
    data["who"] = ORGANISATION
    for name, values in found.fields.items():
        data.setlist(name, values)
    form = NationalAnswerForm(data, questions=context["questions"])
    problems = list(found.problems)
    form.is_valid()
    given = services.Given(
        answers=found.fields
        | {key: (values or [""])[0] for key, values in found.fields.items() if not _many(form, key)},
        is_organisation=True,
        consent=(found.fields.get(files.CONSENT) or [""])[0],
        **{name: (found.fields.get(name) or [""])[0] for name in files.ABOUT},
    )
    try:
        services.judge(national=national, given=given)
    except Incomplete as refusal:
        problems += [_of_row(found, problem) for problem in refusal.problems]
    except RuleBroken as refusal:  # a text that is too long is told by its row already
        problems += [] if problems else [(0, str(refusal.sentence))]
    if not problems:
        problems = [(0, str(text)) for texts in form.errors.values() for text in texts]
    if problems:
        shown = {"rows": _rows(found), "hidden": form.sent()}
        return _refused(request, context | shown, [sentence for _row, sentence in sorted(problems, key=itemgetter(0))])
    return by_form.check_page(request, context, form, national, channel=NationalResponse.Channel.FILE)


def _many(form: NationalAnswerForm, key: str) -> bool:
    return any(each["key"] == key and each["kind"] == "many" for each in form.questions)


def _of_row(found: files.FoundAnswer, problem: Problem) -> tuple[int, str]:
    number = found.place(problem.field) if problem.field else None
    if number is not None:
        return number, _("Row %(row)d: %(sentence)s") % {"row": number, "sentence": problem.text}
    if problem.field:
        return 0, _("The row “%(key)s” is missing: %(sentence)s") % {"key": problem.field, "sentence": problem.text}
    return 0, str(problem.text)


def _rows(found: files.FoundAnswer) -> list[dict[str, Any]]:
    """Everything that stands in the file, as it stands there, so that nothing is lost."""
    return [
        {"key": _("Row %(row)d: %(key)s") % {"row": row.number, "key": row.key}, "value": row.answer or _("not given")}
        for row in found.rows
    ]


def _refused(request: HttpRequest, context: dict[str, Any], problems: list[str], *, status: int = 422) -> HttpResponse:
    shown = {**context, "summary": [Problem(each, "#file") for each in problems], "problems": problems}
    response = answer(request, TEMPLATE, shown, status=status, seconds=0)
    if status == 429:
        response["Retry-After"] = "60"
    return response
