"""Public addresses of documents that operators publish."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
