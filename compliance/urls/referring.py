"""The form by which anybody asks an operator for a camera, without an account, in English and Welsh."""

from django.urls import path

from compliance.views import referring

app_name = "referring"

urlpatterns = [path("<str:token>/", referring.form, name="form")]
