"""On the page of an application: the appeal against its decision, and the certificate that it renews."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from certification.models import Appeal, Application
from certification.services.appeals import decision_to_appeal, last_day_of_appeal, who_may_decide
from certification.views import life_rows
from certification.views.finding import Found

Status = Application.Status
DECIDED = frozenset({Status.DECLINED, Status.APPEALED, Status.AWARDED})


def appeal_part(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """Until when the applicant can appeal, or that they did, and to the body's manager that nobody may decide about it.

    Two queries, four more for the manager of an appealed matter; none before a decision, nor after an award without an
    appeal.
    """
    application = found.application
    if application.status not in DECIDED:
        return None
    appealed = any(change.after == Status.APPEALED for change in application.changes.all())
    if application.status == Status.AWARDED and not appealed:
        return None
    appeal = Appeal.objects.filter(application=application).select_related("by").first()
    part: dict[str, Any] = {"appeal": appeal, "url": "", "until": None, "people_url": ""}
    if application.status == Status.APPEALED and request.user.has_perm("certification.manage_application", application):
        part["people_url"] = (
            "" if who_may_decide(application) else reverse("accounts:people", args=[found.organisation.slug])
        )
    if appeal is None and found.is_operator and request.user.has_perm("certification.change_application", application):
        decision = decision_to_appeal(application)
        if decision is not None:
            part |= {"url": found.address("appeal"), "until": last_day_of_appeal(decision)}
    if appeal is None and not part["url"]:
        return None
    return {"template": "certification/_appeal_part.html", **part}


def renewal_part(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """Which certificate it renews. One query, none where it renews nothing."""
    application = found.application
    renewed = application.renews
    if renewed is None:
        return None
    ends = date_format(renewed.valid_until, "j F Y") if renewed.valid_until else _("No fixed end")
    part = {
        "reference": renewed.reference,
        "url": life_rows.certificate_url(found.organisation, renewed),
        "ends": ends,
    }
    return {"template": "certification/_renewal_part.html", **part}
