"""Lists of cameras that are brought in, under /workspace/<organisation>/systems/<reference>/cameras/import/."""

from django.urls import URLPattern, path

from compliance.views import import_acts, import_runs, imports

LISTS = "systems/<slug:reference>/cameras/import/"
RUN = f"{LISTS}<slug:run>/"

urlpatterns: list[URLPattern] = [
    path(LISTS, imports.upload, name="cameras_import"),
    path(RUN, import_runs.run, name="import_run"),
    path(f"{RUN}columns/", imports.columns, name="import_columns"),
    path(f"{RUN}accept/", import_acts.accept, name="import_accept"),
    path(f"{RUN}columns-again/", import_acts.columns_again, name="import_columns_again"),
    path(f"{RUN}discard/", import_acts.discard, name="import_discard"),
    path(f"{RUN}undo/", import_acts.undo, name="import_undo"),
    path(f"{RUN}problems.csv", import_runs.problems_csv, name="import_problems"),
]
