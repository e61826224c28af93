"""Addresses of single points of contact: for the public, and in workspaces."""

from django.urls import path, re_path

from strategy.views import declarations, spoc_answer, spoc_list, spoc_register, spocs

public = [
    path("spocs/", spoc_register.spocs, name="spocs"),
    path("spocs/spocs.csv", spoc_register.spocs_csv, name="spocs_csv"),
    path("spocs/spocs.json", spoc_register.spocs_json, name="spocs_json"),
    path("spocs/confirm/<str:token>/", spoc_answer.confirm, name="spoc_confirm"),
]

workspace = [
    path("spoc/", spocs.spoc, name="spoc"),
    path("spoc/name/", spocs.name, name="spoc_name"),
    path("spoc/change/", spocs.change, name="spoc_change"),
    path("spoc/end/", spocs.end, name="spoc_end"),
    re_path(r"^spoc/(?P<act>tell|publish|withdraw|ask|keep)/$", spocs.act, name="spoc_act"),
    path("spocs/", spoc_list.spoc_list, name="spocs"),
    path("spocs/table.csv", spoc_list.table, name="spocs_csv"),
    path("spocs/acknowledge/", spoc_list.acknowledge, name="spocs_acknowledge"),
    path("no-system/", declarations.no_system, name="no_system"),
    path("no-system/take-back/", declarations.take_back, name="no_system_back"),
]
