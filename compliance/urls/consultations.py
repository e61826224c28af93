"""Consultations of police and public, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import consultation_answers as answers
from compliance.views import consultations, police_consultations

urlpatterns: list[URLPattern] = [
    path("consultations/", consultations.consultations, name="consultations"),
    path("consultations/new/", consultations.new, name="consultation_new"),
    path("consultations/<slug:reference>/", consultations.consultation, name="consultation"),
    path("consultations/<slug:reference>/edit/", consultations.edit, name="consultation_edit"),
    path("consultations/<slug:reference>/open/", consultations.open_it, name="consultation_open"),
    path("consultations/<slug:reference>/outcome/", consultations.conclude, name="consultation_conclude"),
    path("consultations/<slug:reference>/withdraw/", consultations.withdraw, name="consultation_withdraw"),
    path("consultations/<slug:reference>/answers/", answers.responses, name="consultation_responses"),
    path("consultations/<slug:reference>/answers.csv", answers.export, name="consultation_export"),
    path(
        "consultations/<slug:reference>/answers/<slug:answer>/erase/", answers.erase, name="consultation_erase_person"
    ),
    path("consultations/<slug:reference>/police/", police_consultations.asked, name="police_consultation"),
]
