"""Addresses of guidance and good practice: for the public, and in workspaces."""

from django.urls import path, re_path

from strategy.views import resource_library, resources

public = [
    path("resources/", resource_library.resources, name="resources"),
    path("resources/resources.csv", resource_library.resources_csv, name="resources_csv"),
    path("resources/resources.json", resource_library.resources_json, name="resources_json"),
    path("resources/<str:reference>/", resource_library.resource, name="resource"),
    path("resources/<str:reference>/<int:number>/", resource_library.resource, name="resource_version"),
]

workspace = [
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", resources.new, name="resource_new"),
    path("resources/shipped/", resources.take_shipped, name="resources_shipped"),
    path("resources/<str:reference>/", resources.resource, name="resource"),
    path("resources/<str:reference>/change/", resources.change, name="resource_change"),
    path("resources/<str:reference>/drop/", resources.drop, name="resource_drop"),
    path("resources/<str:reference>/submit/", resources.submit, name="resource_submit"),
    re_path(r"^resources/(?P<reference>[^/]+)/(?P<act>publish|return|withdraw)/$", resources.act, name="resource_act"),
]
