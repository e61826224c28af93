"""Public addresses, in English at / and in Welsh at /cy/."""

from django.urls import URLPattern

app_name = "transparency"
urlpatterns: list[URLPattern] = []
