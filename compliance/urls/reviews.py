"""Reviews of cameras and annual reviews of systems, under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
