"""Public addresses of the map."""

from django.urls import URLPattern, path

from transparency.views import maps

urlpatterns: list[URLPattern] = [
    path("map/", maps.map_page, name="map"),
    path("map/cells/<int:zoom>/<int:column>/<int:row>.json", maps.tile, name="map_tile"),
]
