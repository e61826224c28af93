"""The auditor's desk and what goes to and fro between auditor and operator: files, clarifications, findings."""

from django.urls import URLPattern, path

from certification.views import matter_files

# Under /workspace/<organisation>/applications/<reference>/
of_application: list[URLPattern] = [
    path("files/<int:number>/", matter_files.matter_file, name="matter_file"),
]
# Under /workspace/<organisation>/
of_organisation: list[URLPattern] = []
