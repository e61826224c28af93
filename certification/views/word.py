"""The application as a Word document: taken away, filled in, brought back, and taken over answer by answer."""

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.models import Application
from certification.services import applications as services
from certification.services.found_documents import asked_for
from certification.views.finding import Found, find, require_move
from certification.views.terms import take_version
from certification.word_form import FIELDS, Offer, read, write
from compliance.forms.fields import VersionField
from compliance.word_diff import word_diff
from core.downloads import download
from core.errors import RuleBroken, StaleRecord
from core.files import WORD, check_upload
from core.forms import GovukForm, offer_choices, refused

Status = Application.Status
MAX_BYTES = 10 * 1024 * 1024


class WordForm(GovukForm):
    file = forms.FileField(
        label=gettext_lazy("The Word document, filled in"),
        allow_empty_file=True,  # the check below says what to do
        help_text=gettext_lazy("Word (docx), at most 10 MB. It is read, not kept."),
    )


class TakeForm(GovukForm):
    """Which of the answers of the document are taken over: none is ticked beforehand."""

    label_as_heading = ""
    take = forms.MultipleChoiceField(
        label=gettext_lazy("Which do you take over?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one, or cancel.")},
    )
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in FIELDS:
            limit = services.SITES_LIMIT if key == "sites" else services.SCOPE_LIMIT
            self.fields[key] = forms.CharField(required=False, max_length=limit, widget=forms.HiddenInput)
        offer_choices(self, "take", FIELDS.items())


def _draft(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Found:
    found = find(request, organisation, reference, "edit_draft")
    require_move(found.application, Status.DRAFT, wanted=Status.DRAFT)
    return found


def _written(application: Application) -> bytes:
    prefetch_related_objects([application], "systems__technologies", "documents__evidence")
    return write(application, list(application.systems.all()), asked_for(application))


@require_safe
def word_file(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Any:
    """The form of a draft, with what is filled in so far."""
    found = _draft(request, organisation, reference)
    name = f"{found.application.reference}.docx"
    return download(io.BytesIO(_written(found.application)), name=name, media_type=WORD)


@get_or_post
def word(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the form away, or bring it back: then old and new stand side by side, and nothing is taken over yet."""
    found = _draft(request, organisation, reference)
    form = WordForm(posted(request), request.FILES or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if check_upload(upload, max_bytes=MAX_BYTES).media_type != WORD:
                raise RuleBroken(_("Bring a Word document (docx)."))
            record = found.application
            offers, loose = read(upload.read(), record, _written(record))
        except RuleBroken as refusal:
            status = refused(form, refusal, "file")
        else:
            initial = {offer.key: offer.after for offer in offers} | {"version": record.version}
            return _laid(request, found, TakeForm(initial=initial), offers, loose=loose)
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Word document"), "")),
    }
    return render(request, "certification/word.html", context, status=status)


def _laid(
    request: AuthenticatedHttpRequest,
    found: Found,
    form: TakeForm,
    offers: list[Offer],
    *,
    loose: Any = (),
    overtaken: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Old beside new. Only what differs can be taken over."""
    differing = [offer for offer in offers if offer.before.strip() != offer.after.strip()]
    offer_choices(form, "take", [(each.key, each.label) for each in differing])
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "offers": [
            {"label": o.label, "before": o.before, "where": o.where, "diff": word_diff(o.before, o.after)}
            for o in differing
        ],
        "same": [offer.label for offer in offers if offer not in differing],
        "loose": loose,
        "overtaken": overtaken,
        "take_url": found.address("application_word_take"),
        "cancel_url": found.address("application_word"),
        "breadcrumbs": found.trail((_("Word document"), found.address("application_word")), (_("Confirm"), "")),
    }
    return render(request, "certification/word_take.html", context, status=status)


@require_POST
def take(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take over what was ticked, against the version that it was laid beside."""
    found = _draft(request, organisation, reference)
    record = found.application
    form = TakeForm(posted(request))
    status, overtaken = 422, False
    if form.is_valid():
        taken = form.cleaned_data["take"]
        values = {key: form.cleaned_data[key] if key in taken else getattr(record, key) for key in FIELDS}
        try:
            services.change_draft(
                application=record,
                version=form.cleaned_data["version"],
                scheme=record.scheme,
                body=record.body,
                systems=list(record.systems.all()),
                is_bilingual=record.is_bilingual,
                by=request.user,
                **values,
            )
        except StaleRecord:
            status, overtaken = 409, True
            take_version(form, record)
            record = found.application
            record.refresh_from_db(fields=list(FIELDS))
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("Taken over from the document."))
            return redirect(found.address("application"))
    sent = [
        Offer(key, label, getattr(record, key), form.data.get(key, ""), "")
        for key, label in FIELDS.items()
        if form.data.get(key)
    ]
    return _laid(request, found, form, sent, overtaken=overtaken, status=status)
