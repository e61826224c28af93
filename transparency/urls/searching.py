"""Public addresses of the search for people."""

from django.urls import URLPattern, path

from transparency.views import searching

urlpatterns: list[URLPattern] = [
    path("search/", searching.search, name="search"),
]
