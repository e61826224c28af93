"""How a page of upkeep with one form shows it, and what a service refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.views.doors import Door
from core.errors import IllegalMove, Incomplete, RuleBroken, Text
from core.forms import GovukForm


def show_refusal(form: GovukForm, refusal: RuleBroken) -> None:
    """What is missing, as errors of the form. A wrong state goes on to be answered 409."""
    if isinstance(refusal, IllegalMove):
        raise refusal
    if isinstance(refusal, Incomplete):
        for problem in refusal.problems:
            form.add_error(None, ValidationError(str(problem.text)))
    else:
        form.add_error(None, str(refusal.sentence))


def form_page(
    door: Door,
    form: GovukForm,
    *,
    title: Text,
    submit_label: Text,
    save: Callable[[], object],
    done: Text,
    back: str,
    crumbs: list[tuple[str, str]],
    caption: str = "",
    lead: Text = "",
    template: str = "compliance/upkeep_form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and nothing is wrong, save it and go back."""
    if form.is_bound and form.is_valid():
        try:
            save()
        except RuleBroken as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(door.request, str(done))
            return redirect(back)
    context = door.known() | {
        "title": title,
        "caption": caption or door.system.local_name,
        "lead": lead,
        "form": form,
        "submit_label": submit_label,
        "cancel_url": back,
        "breadcrumbs": crumbs,
        **more,
    }
    return render(door.request, template, context, status=422 if form.errors else 200)
