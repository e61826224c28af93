"""Public addresses of open data, feeds and what search engines read."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
