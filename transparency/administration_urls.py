"""Public pages that could not be built, under /workspace/administration/pages/, for site administrators."""

from django.urls import path

from transparency.views import failed_pages

app_name = "built_pages"
urlpatterns = [
    path("", failed_pages.failed_pages, name="failed"),
    path("again/", failed_pages.build_again, name="again"),
]
