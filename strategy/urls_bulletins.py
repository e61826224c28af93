"""Addresses of bulletins and news: for the public, and in workspaces."""

from django.urls import path, re_path

from strategy.views import bulletins

public = [
    path("bulletins/", bulletins.bulletins_public, name="bulletins"),
    path("bulletins/<str:reference>/", bulletins.bulletin_public, name="bulletin"),
]

workspace = [
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    re_path(r"^bulletins/new/(?P<kind>bulletin|news)/$", bulletins.bulletin_new, name="bulletin_new"),
    path("bulletins/<str:reference>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<str:reference>/change/", bulletins.bulletin_change, name="bulletin_change"),
    path("bulletins/<str:reference>/items/new/", bulletins.item_put, name="bulletin_item_new"),
    path("bulletins/<str:reference>/items/<int:pk>/", bulletins.item_put, name="bulletin_item"),
    re_path(
        r"^bulletins/(?P<reference>[^/]+)/items/(?P<pk>[0-9]{1,9})/(?P<act>drop|up)/$",
        bulletins.item_act,
        name="bulletin_item_act",
    ),
    path("bulletins/<str:reference>/publish/", bulletins.bulletin_publish, name="bulletin_publish"),
    path("bulletins/<str:reference>/withdraw/", bulletins.bulletin_withdraw, name="bulletin_withdraw"),
]
