"""Public addresses of the national picture, in English at / and in Welsh at /cy/."""

from django.urls import URLPattern

from strategy import (
    urls_bulletins,
    urls_consultations,
    urls_groups,
    urls_plans,
    urls_resources,
    urls_spocs,
    urls_surveys,
    urls_training,
    urls_trials,
)

app_name = "strategy"
urlpatterns: list[URLPattern] = [
    *urls_plans.public,
    *urls_bulletins.public,
    *urls_consultations.public,
    *urls_groups.public,
    *urls_resources.public,
    *urls_spocs.public,
    *urls_surveys.public,
    *urls_training.public,
    *urls_trials.public,
]
