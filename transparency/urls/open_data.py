"""Public addresses of open data, feeds and what search engines read."""

from django.urls import URLPattern, path

from transparency.views import seals

urlpatterns: list[URLPattern] = [
    path("open-data/seals.jsonl", seals.seals, name="seals"),
]
