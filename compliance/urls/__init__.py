"""Addresses of this app under /workspace/<organisation>/."""

from compliance.urls import actions, assessments, copying, exchange, systems, working

app_name = "compliance"
urlpatterns = [
    *systems.urlpatterns,
    *copying.urlpatterns,
    *assessments.urlpatterns,
    *actions.urlpatterns,
    *exchange.urlpatterns,
    *working.urlpatterns,
]
