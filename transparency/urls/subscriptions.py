"""Public addresses of being told what changed."""

from django.urls import URLPattern, path

from transparency.views import subscriptions

urlpatterns: list[URLPattern] = [
    path("tell-me/", subscriptions.subscribe, name="subscribe"),
    path("tell-me/confirm/<str:token>/", subscriptions.confirm, name="subscription_confirm"),
    path("tell-me/end/<str:token>/", subscriptions.end, name="subscription_end"),
]
