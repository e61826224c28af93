"""Addresses of national consultations: for the public, and in the workspace of a national body."""

from django.urls import path

from strategy.views import consultation_answers, consultation_file, consultation_public, consultations

public = [
    path("consultations/national/<slug:reference>/", consultation_public.consultation, name="consultation"),
    path("consultations/national/<slug:reference>/respond/", consultation_public.respond, name="consultation_respond"),
    path("consultations/national/<slug:reference>/respond/form.csv", consultation_file.blank, name="consultation_form"),
    path(
        "consultations/national/<slug:reference>/respond/file/",
        consultation_file.respond_by_file,
        name="consultation_file",
    ),
    path(
        "consultations/national/<slug:reference>/summary.csv", consultation_public.summary_csv, name="consultation_csv"
    ),
    path(
        "consultations/national/<slug:reference>/summary.json",
        consultation_public.summary_json,
        name="consultation_json",
    ),
    path(
        "consultations/national/<slug:reference>/documents/<slug:sha256>/",
        consultation_public.document,
        name="consultation_document",
    ),
]

workspace = [
    path("have-your-say/", consultations.consultations, name="consultations"),
    path("have-your-say/new/", consultations.new, name="consultation_new"),
    path("have-your-say/<str:reference>/", consultations.consultation, name="consultation"),
    path("have-your-say/<str:reference>/change/", consultations.change, name="consultation_change"),
    path("have-your-say/<str:reference>/questions/new/", consultations.question, name="consultation_question_new"),
    path("have-your-say/<str:reference>/questions/<slug:key>/", consultations.question, name="consultation_question"),
    path(
        "have-your-say/<str:reference>/questions/<slug:key>/remove/",
        consultations.drop_question,
        name="consultation_question_drop",
    ),
    path("have-your-say/<str:reference>/documents/new/", consultations.document, name="consultation_document_new"),
    path(
        "have-your-say/<str:reference>/documents/<str:document>/remove/",
        consultations.drop_document,
        name="consultation_document_drop",
    ),
    path("have-your-say/<str:reference>/open/", consultations.open_it, name="consultation_open"),
    path("have-your-say/<str:reference>/withdraw/", consultations.withdraw, name="consultation_withdraw"),
    path("have-your-say/<str:reference>/outcome/", consultations.conclude, name="consultation_conclude"),
    path("have-your-say/<str:reference>/answers/", consultation_answers.answers, name="consultation_answers"),
    path("have-your-say/<str:reference>/answers/accept/", consultation_answers.accept, name="consultation_accept"),
    path(
        "have-your-say/<str:reference>/answers/<str:answer>/", consultation_answers.answer, name="consultation_answer"
    ),
]
