"""Answering an estate audit by its link, without an account, in English and Welsh."""

from django.urls import path

from compliance.views import estate_asked

app_name = "estate"

urlpatterns = [path("<str:token>/", estate_asked.answer, name="answer")]
