"""Addresses of this app under /workspace/<organisation>/."""

from compliance.urls import actions, answering, assessments, copying, evidence, exchange, systems, working

app_name = "compliance"
urlpatterns = [
    *systems.urlpatterns,
    *evidence.urlpatterns,
    *copying.urlpatterns,
    *answering.urlpatterns,
    *assessments.urlpatterns,
    *actions.urlpatterns,
    *exchange.urlpatterns,
    *working.urlpatterns,
]
