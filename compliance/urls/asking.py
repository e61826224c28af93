"""Addresses for whoever holds a link, without an account."""

from django.urls import path

from compliance.views import asked

app_name = "asking"

urlpatterns = [path("<str:token>/", asked.asked, name="question")]
