"""Addresses of reorganisations in the workspace of a national body."""

from django.urls import URLPattern, path

from strategy.views import reorganisations

workspace: list[URLPattern] = [
    path("reorganisations/", reorganisations.reorganisations, name="reorganisations"),
    path("reorganisations/new/", reorganisations.new, {"how": "compose"}, name="reorganisation_new"),
    path("reorganisations/new/file/", reorganisations.new, {"how": "file"}, name="reorganisation_file"),
    path("reorganisations/<str:reference>/", reorganisations.reorganisation, name="reorganisation"),
    path("reorganisations/<str:reference>/dry-run.csv", reorganisations.findings_csv, name="reorganisation_csv"),
    path("reorganisations/<str:reference>/change/", reorganisations.change, name="reorganisation_change"),
    path("reorganisations/<str:reference>/confirm/", reorganisations.confirm, name="reorganisation_confirm"),
    path("reorganisations/<str:reference>/withdraw/", reorganisations.withdraw, name="reorganisation_withdraw"),
]
