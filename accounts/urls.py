"""Addresses of people and organisations."""

from django.urls import path

from accounts.views import home

app_name = "accounts"

urlpatterns = [
    path("workspace/", home.home, name="home"),
    path("workspace/<slug:organisation>/", home.organisation_home, name="organisation"),
    path("workspace/<slug:organisation>/people/", home.organisation_home, name="people"),
    path("workspace/<slug:organisation>/trail/", home.organisation_home, name="trail"),
]
