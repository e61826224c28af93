"""Addresses of model documents, in the workspace of an operator."""

from django.urls import path

from strategy.views import model_documents

workspace = [
    path("models/", model_documents.models, name="models"),
    path("models/<slug:key>/", model_documents.model, name="model"),
    path("models/<slug:key>/copy/", model_documents.copy, name="model_copy"),
]
