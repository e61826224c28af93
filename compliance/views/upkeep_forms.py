"""How a page of upkeep with one form shows it, and what a service refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.views.doors import Door
from core.errors import RuleBroken, Text
from core.forms import GovukForm, refused


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
            refused(form, refusal)
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
