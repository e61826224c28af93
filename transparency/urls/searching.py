"""Public addresses of the search for people."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
