"""Statistics of periods, disclosures as counts, and reports, under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
