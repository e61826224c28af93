"""Public addresses of being told what changed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
