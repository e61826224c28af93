"""Public addresses of the map."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
