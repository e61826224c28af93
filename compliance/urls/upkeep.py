"""Faults, visits, tests and the firms that look after cameras, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.urls.entrusted import SHARED
from compliance.views import camera_upkeep, grants

OWN = "systems/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    *[path(f"{OWN}{place}", view, name=name) for place, view, name in SHARED],
    path(f"{OWN}cameras/<slug:camera>/upkeep/", camera_upkeep.camera_upkeep, name="camera_upkeep"),
    path(f"{OWN}looked-after-by/", grants.grants, name="grants"),
    path(f"{OWN}looked-after-by/new/", grants.new, name="grant_new"),
    path(f"{OWN}looked-after-by/<slug:grant>/end/", grants.end, name="grant_end"),
    path(f"{OWN}looked-after-by/<slug:grant>/send-again/", grants.again, name="grant_again"),
]
