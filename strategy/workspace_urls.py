"""Addresses under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from strategy import urls_groups, urls_spocs
from strategy.views import progress

app_name = "national"
urlpatterns: list[URLPattern] = [
    path("plans/", progress.plans, name="plans"),
    path("plans/<slug:reference>/report/", progress.report, name="plan_report"),
    *urls_spocs.workspace,
    *urls_groups.workspace,
]
