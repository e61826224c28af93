"""Public addresses of the national picture, in English at / and in Welsh at /cy/."""

from django.urls import URLPattern

from strategy import urls_plans

app_name = "strategy"
urlpatterns: list[URLPattern] = [*urls_plans.urlpatterns]
