"""Lists of cameras that are brought in, under /workspace/<organisation>/systems/<reference>/cameras/import/."""

from django.urls import URLPattern, path

from compliance.views import cameras

urlpatterns: list[URLPattern] = [
    path("systems/<slug:reference>/cameras/import/", cameras.upload, name="cameras_import"),
    path("systems/<slug:reference>/cameras/import/<str:token>/", cameras.preview, name="cameras_import_preview"),
]
