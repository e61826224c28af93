"""How self-assessments begin, serve several systems, are carried forward, reopened and compared."""

from django.urls import URLPattern, path

from compliance.views import carrying, comparing, side_by_side, starting

urlpatterns: list[URLPattern] = [
    path("assessments/start/", starting.start, name="assessment_start"),
    path("assessments/compare/", comparing.compare_signed, name="compare"),
    path("assessments/side-by-side/", side_by_side.side_by_side, name="side_by_side"),
    path("assessments/side-by-side/<int:number>/", side_by_side.answer_once, name="answer_once"),
    path("assessments/<slug:reference>/questions/<int:number>/unlink/", side_by_side.unlink, name="unlink"),
    path(
        "assessments/<slug:reference>/questions/<int:number>/reconfirm/", carrying.reconfirm_one, name="reconfirm_one"
    ),
    path("assessments/<slug:reference>/principles/<int:number>/reconfirm/", carrying.reconfirm, name="reconfirm"),
    path("assessments/<slug:reference>/edition/", carrying.edition_changes, name="edition_changes"),
    path("assessments/<slug:reference>/reopen/", carrying.reopen_signed, name="reopen"),
]
