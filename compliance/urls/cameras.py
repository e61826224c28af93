"""The register of cameras, under /workspace/<organisation>/: as lists, and one by one below their systems."""

from django.urls import URLPattern, path

from compliance.views import camera, camera_bulk, camera_list

SYSTEM = "systems/<slug:reference>/"
CAMERA = f"{SYSTEM}cameras/<slug:camera>/"

urlpatterns: list[URLPattern] = [
    path("cameras/", camera_list.all_cameras, name="all_cameras"),
    path("cameras/cameras.csv", camera_list.all_cameras_csv, name="all_cameras_csv"),
    path("cameras/several/", camera_bulk.several, name="cameras_several"),
    path(f"{SYSTEM}cameras/", camera_list.cameras, name="cameras"),
    path(f"{SYSTEM}cameras/cameras.csv", camera_list.cameras_csv, name="cameras_csv"),
    path(f"{SYSTEM}cameras/new/", camera.new, name="camera_new"),
    path(CAMERA, camera.camera, name="camera"),
    path(f"{CAMERA}edit/<slug:group>/", camera.edit, name="camera_edit"),
    path(f"{CAMERA}history/", camera.history, name="camera_history"),
]
