"""The register of cameras, under /workspace/<organisation>/systems/<reference>/cameras/."""

from django.urls import URLPattern, path

from compliance.views import camera, cameras

CAMERA = "systems/<slug:reference>/cameras/<slug:camera>/"

urlpatterns: list[URLPattern] = [
    path("systems/<slug:reference>/cameras/", cameras.cameras, name="cameras"),
    path("systems/<slug:reference>/cameras/new/", camera.new, name="camera_new"),
    path(CAMERA, camera.camera, name="camera"),
    path(f"{CAMERA}edit/<slug:group>/", camera.edit, name="camera_edit"),
    path(f"{CAMERA}history/", camera.history, name="camera_history"),
]
