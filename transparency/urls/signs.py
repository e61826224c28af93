"""Public addresses of signs to print."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
