"""Public addresses of the national picture, in English at / and in Welsh at /cy/."""

from django.urls import URLPattern

app_name = "strategy"
urlpatterns: list[URLPattern] = []
