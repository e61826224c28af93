"""Data protection impact assessments and equality impact assessments, under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
