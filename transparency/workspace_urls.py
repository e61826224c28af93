"""Addresses of publishing under /workspace/."""

from django.urls import URLPattern

app_name = "publishing"
urlpatterns: list[URLPattern] = []
