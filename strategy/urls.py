"""Public addresses of the national picture, in English at / and in Welsh at /cy/."""

from django.urls import URLPattern

from strategy import urls_plans, urls_spocs

app_name = "strategy"
urlpatterns: list[URLPattern] = [*urls_plans.urlpatterns, *urls_spocs.public]
