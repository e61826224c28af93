"""Addresses under /workspace/<organisation>/."""

from django.urls import URLPattern

from strategy import (
    urls_bulletins,
    urls_consultations,
    urls_groups,
    urls_models,
    urls_picture,
    urls_plan_editing,
    urls_plans,
    urls_questions,
    urls_reorganisations,
    urls_resources,
    urls_spocs,
    urls_surveys,
    urls_training,
    urls_trials,
)

app_name = "national"
urlpatterns: list[URLPattern] = [
    *urls_plans.workspace,
    *urls_bulletins.workspace,
    *urls_consultations.workspace,
    *urls_groups.workspace,
    *urls_models.workspace,
    *urls_picture.workspace,
    *urls_plan_editing.workspace,
    *urls_reorganisations.workspace,
    *urls_questions.workspace,
    *urls_resources.workspace,
    *urls_spocs.workspace,
    *urls_surveys.workspace,
    *urls_training.workspace,
    *urls_trials.workspace,
]
