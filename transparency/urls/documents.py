"""Public addresses of documents that operators publish. The letters before the number keep them apart from systems."""

from django.urls import path

from transparency.views import public_documents

FOLDER = "authorities/<slug:organisation>/documents/pd-<slug:code>/"
urlpatterns = [
    path(FOLDER, public_documents.page, name="document"),
    path(f"{FOLDER}summary/", public_documents.summary, name="document_summary"),
    path(f"{FOLDER}file/", public_documents.file, name="document_file"),
]
