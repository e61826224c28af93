"""Self-assessments out and in: files to take away, the printed signature, answers from a file."""

from django.urls import URLPattern, path

from compliance.views import answer_import, taking

urlpatterns: list[URLPattern] = [
    path("assessments/<slug:reference>/take/", taking.take, name="take"),
    path("assessments/<slug:reference>/take/<slug:what>.<slug:ending>", taking.take_file, name="take_file"),
    path("assessments/<slug:reference>/signed.pdf", taking.signed_pdf, name="signed_pdf"),
    path("systems/<slug:reference>/answers/import/", answer_import.upload, name="answers_import"),
    path("systems/<slug:reference>/answers/import/<str:token>/", answer_import.preview, name="answers_import_preview"),
]
