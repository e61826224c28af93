"""Forms that change the record of a system or what belongs to it: one page, one version, one way of a conflict."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from compliance.models import CameraSystem
from compliance.views import system_rows as rows
from compliance.views.system_finding import trail_to_system
from core.errors import RuleBroken, StaleRecord
from core.forms import keep_typed, refused

# What is stored now, as rows, for whoever lost a race.
Stored = Callable[[CameraSystem], list[rows.Row]]


def edit_page(
    request: HttpRequest,
    found: CameraSystem,
    form: Any,
    save: Callable[[], object],
    *,
    title: str = "",
    stored: Stored | None = None,
    with_technologies: bool = False,
    back: str = "",
    further: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form, or save and go `back` (else to the system); a conflict and a refusal show it again."""
    heading = title or str(form.title)
    context = {
        "organisation": found.operator,
        "system": found,
        "system_name": found.local_name,  # as it was, whatever the form says
        "title": heading,
        "form": form,
        "cancel_url": back or found.get_absolute_url(),
        "breadcrumbs": trail_to_system(found, (heading, "")),
        **(further or {}),
    }
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except StaleRecord:
            context |= _stored_now(found, form, stored, with_technologies=with_technologies)
            return render(request, "compliance/system_form.html", context, status=409)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(back or found.get_absolute_url())
    return form_page(request, context, form)


def _stored_now(found: CameraSystem, form: Any, stored: Stored | None, *, with_technologies: bool) -> dict[str, Any]:
    """What was typed stays in the form; beside it stands what is stored now. A second save is a decision."""
    current = CameraSystem.objects.for_detail().get(pk=found.pk)
    keep_typed(form, version=current.version)
    return {
        "conflict": True,
        "stored": stored(current) if stored else [],
        "technologies": rows.technologies_of(current, may_change=False) if with_technologies else [],
    }


def form_page(request: HttpRequest, context: dict[str, Any], form: Any) -> HttpResponse:
    """A form that was refused answers 422."""
    return render(request, "compliance/system_form.html", context, status=422 if form.errors else 200)
