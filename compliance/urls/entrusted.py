"""A system for those whom its operator granted it, under /workspace/entrusted/: no organisation has that address."""

from collections.abc import Callable
from typing import Any

from django.urls import path

from compliance.views import camera_upkeep, entrusted, faults, picture_checks, visits

# Behind the operator's door too: place below the system, view, name.
SHARED: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("faults/", faults.faults, "faults"),
    ("faults/<slug:fault>/", faults.fault, "fault"),
    ("faults/<slug:fault>/repair/", faults.repair, "fault_repair"),
    ("faults/<slug:fault>/attend/", faults.attend, "fault_attend"),
    ("faults/<slug:fault>/dismiss/", faults.dismiss, "fault_dismiss"),
    ("cameras/<slug:camera>/faults/new/", faults.report, "fault_new"),
    ("cameras/<slug:camera>/tests/new/", visits.new_test, "test_new"),
    ("cameras/<slug:camera>/picture-checks/new/", picture_checks.new_check, "check_new"),
    ("picture-checks/", picture_checks.picture_checks, "picture_checks"),
    ("picture-checks/walk/", picture_checks.check_round, "check_round"),
    ("visits/", visits.visits, "visits"),
    ("visits/new/", visits.new_visit, "visit_new"),
)

app_name = "entrusted"
urlpatterns = [
    path("<slug:reference>/", entrusted.system, name="system"),
    path("<slug:reference>/cameras/", entrusted.cameras, name="cameras"),
    path("<slug:reference>/cameras/<slug:camera>/", camera_upkeep.camera_upkeep, name="camera"),
    *[path(f"<slug:reference>/{place}", view, name=name) for place, view, name in SHARED],
]
