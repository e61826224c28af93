"""The register of cameras, under /workspace/<organisation>/systems/<reference>/cameras/."""

from django.urls import URLPattern, path

from compliance.views import camera, cameras

urlpatterns: list[URLPattern] = [
    path("systems/<slug:reference>/cameras/", cameras.cameras, name="cameras"),
    path("systems/<slug:reference>/cameras/<slug:camera>/", camera.camera, name="camera"),
]
