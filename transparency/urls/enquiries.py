"""Public addresses of asking an operator, and of following what was asked."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
