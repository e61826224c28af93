"""Publishing a question on a principle with its reply, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from core.errors import RuleBroken
from core.forms import refused
from transparency.desk_forms import PublishQuestionForm
from transparency.models import EnquiryMessage
from transparency.services.publish_question import (
    answers_of,
    publish_question,
    published_question,
    take_back_question,
)
from transparency.views.enquiry_desk import address, crumbs, found_or_404

Author = EnquiryMessage.Author


@get_or_post
def question(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the public would read, to be made fit for it; then the button."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "transparency.answer_enquiry", found)
    published = published_question(found)
    said = {each.author: each.text for each in found.messages.filter(author__in=(Author.PERSON, Author.RECIPIENT))}
    initial = {"question": said.get(Author.PERSON, ""), "reply": said.get(Author.RECIPIENT, "")}
    form = PublishQuestionForm(posted(request), initial=published.facts() if published else initial)
    if request.method == "POST" and "back" in request.POST:
        take_back_question(enquiry=found, by=request.user)
        messages.success(request, _("Taken back. It is no longer shown."))
        return redirect(address(found))
    if request.method == "POST" and form.is_valid():
        try:
            texts = {name: form.cleaned_data[name] for name in ("question", "reply")}
            publish_question(enquiry=found, by=request.user, **texts)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Published. The page is being built."))
            return redirect(address(found))
    context = {
        "organisation": found.organisation,
        "enquiry": found,
        "form": form,
        "may_publish": answers_of(found) is not None,
        "published": published,
        "back": address(found),
        "breadcrumbs": crumbs(found.organisation, (found.reference, address(found)), (_("Publish"), "")),
    }
    return render(request, "publishing/enquiry_question.html", context, status=422 if form.errors else 200)
