"""Public addresses of open data, feeds and what search engines read."""

from django.urls import URLPattern, path

from transparency.views import baked, feeds, open_data, seals

urlpatterns: list[URLPattern] = [
    path("open-data/", baked.page, name="open_data"),
    path("open-data/columns/", baked.page, name="open_data_columns"),
    path("open-data/api/", baked.page, name="open_data_api"),
    path("open-data/seals.jsonl", seals.seals, name="seals"),
    path("open-data/<str:name>", open_data.national_file, name="national_file"),
    path("authorities/<slug:organisation>/open-data/", baked.page, name="authority_data"),
    path("authorities/<slug:organisation>/open-data/<str:name>", open_data.authority_file, name="authority_file"),
    path("feeds/changes.<slug:form>", feeds.changes, name="changes"),
    path("feeds/authorities/<slug:organisation>.<slug:form>", feeds.authority_changes, name="authority_changes"),
]
