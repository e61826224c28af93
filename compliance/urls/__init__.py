"""Addresses of this app under /workspace/<organisation>/."""

from compliance.urls import (
    actions,
    answering,
    assessments,
    cameras,
    consultations,
    copying,
    dpias,
    estate,
    evidence,
    exchange,
    finder,
    imports,
    justification,
    reviews,
    statistics,
    systems,
    upkeep,
    working,
)

app_name = "compliance"
urlpatterns = [
    *systems.urlpatterns,
    *imports.urlpatterns,
    *cameras.urlpatterns,
    *upkeep.urlpatterns,
    *justification.urlpatterns,
    *reviews.urlpatterns,
    *consultations.urlpatterns,
    *dpias.urlpatterns,
    *statistics.urlpatterns,
    *estate.urlpatterns,
    *finder.urlpatterns,
    *evidence.urlpatterns,
    *copying.urlpatterns,
    *answering.urlpatterns,
    *assessments.urlpatterns,
    *actions.urlpatterns,
    *exchange.urlpatterns,
    *working.urlpatterns,
]
