"""Addresses of this app under /workspace/."""

from django.urls import URLPattern

app_name = "certification"
urlpatterns: list[URLPattern] = []
