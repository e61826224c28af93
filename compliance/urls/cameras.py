"""The register of cameras, under /workspace/<organisation>/: as lists, and one by one below their systems."""

from django.urls import URLPattern, path

from compliance.views import camera, camera_bulk, camera_list, counted_units, placements

SYSTEM = "systems/<slug:reference>/"
CAMERA = f"{SYSTEM}cameras/<slug:camera>/"
PLACEMENT = f"{SYSTEM}placements/<slug:placement>/"

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
    path(f"{CAMERA}place/", placements.place, name="camera_place"),
    path(f"{SYSTEM}counts/", counted_units.counts, name="counted_units"),
    path(f"{SYSTEM}placements/", placements.placements, name="placements"),
    path(PLACEMENT, placements.placement, name="placement"),
    path(f"{PLACEMENT}change/", placements.change, name="placement_change"),
    path(f"{PLACEMENT}end/", placements.end, name="placement_end"),
    path(f"{PLACEMENT}evaluate/", placements.evaluate, name="placement_evaluate"),
]
