"""Which cameras see a place, for police and partners, and control rooms; under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
