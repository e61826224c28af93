"""Where the codes on signs lead."""

from django.urls import URLPattern, path

from transparency.views import signed_places

urlpatterns: list[URLPattern] = [
    path(
        "authorities/<slug:organisation>/<slug:system>/camera/<slug:place>/",
        signed_places.camera,
        name="signed_camera",
    ),
    path("authorities/<slug:organisation>/<slug:system>/area/<slug:place>/", signed_places.area, name="signed_area"),
]
