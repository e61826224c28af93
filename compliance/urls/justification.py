"""Referrals, proposals, operational requirements and decisions about cameras, under /workspace/<organisation>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
