"""Certification schemes, under /workspace/administration/schemes/, for site administrators."""

from django.urls import path

from certification.views import figures, recording, reissues, scheme_closing, schemes

app_name = "schemes"
urlpatterns = [
    path("", schemes.schemes, name="schemes"),
    path("<slug:key>/", schemes.scheme, name="scheme"),
    path("<slug:key>/close/", scheme_closing.close, name="close"),
    path("<slug:key>/figures/", figures.of_scheme, name="figures"),
    path("<slug:key>/figures.csv", figures.of_scheme_csv, name="figures_csv"),
    path("<slug:key>/record/", recording.record, name="record"),
    path("<slug:key>/reissue/", reissues.reissue, name="reissue"),
    path("<slug:key>/reissue/<slug:reference>/", reissues.progress, name="reissue_progress"),
    path("<slug:key>/bodies/add/", schemes.add_body, name="add_body"),
    path("<slug:key>/bodies/<slug:body>/<iso_date:starts_on>/end/", schemes.end_body, name="end_body"),
]
