"""Estate audits, under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
