"""Faults, visits, tests and the firms that look after cameras, under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
