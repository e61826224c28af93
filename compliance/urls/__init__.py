"""Addresses of this app under /workspace/<organisation>/."""

from compliance.urls import actions, assessments, copying, systems

app_name = "compliance"
urlpatterns = [*systems.urlpatterns, *copying.urlpatterns, *assessments.urlpatterns, *actions.urlpatterns]
