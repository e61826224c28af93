"""The links by which somebody takes up a system that was granted to them; for people without an account too."""

from django.urls import path

from compliance.views import grants

app_name = "taking_up"
urlpatterns = [path("<str:token>/", grants.take_up, name="grant")]
