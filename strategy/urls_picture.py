"""Addresses of the national picture in workspaces."""

from django.urls import path

from strategy.views import picture

workspace = [
    path("picture/", picture.overview, name="picture"),
    path("picture/at-risk/", picture.at_risk, name="picture_at_risk"),
    path("picture/at-risk/systems.csv", picture.at_risk_csv, name="picture_at_risk_csv"),
    path("picture/at-risk/systems.json", picture.at_risk_json, name="picture_at_risk_json"),
    path("picture/picture.csv", picture.picture_csv, name="picture_csv"),
    path("picture/picture.json", picture.picture_json, name="picture_json"),
]
