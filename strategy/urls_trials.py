"""Addresses of trials and research: for the public, and in workspaces."""

from django.urls import path, re_path

from strategy.views import trial_register, trials

public = [
    path("trials/", trial_register.trials, name="trials"),
    path("trials/trials.csv", trial_register.trials_csv, name="trials_csv"),
    path("trials/trials.json", trial_register.trials_json, name="trials_json"),
    path("trials/<str:reference>/", trial_register.trial, name="trial"),
]

workspace = [
    path("trials/", trials.trials, name="trials"),
    path("trials/new/", trials.new, name="trial_new"),
    path("trials/<str:reference>/", trials.trial, name="trial"),
    path("trials/<str:reference>/change/", trials.change, name="trial_change"),
    path("trials/<str:reference>/drop/", trials.drop, name="trial_drop"),
    re_path(
        r"^trials/(?P<reference>[^/]+)/(?P<act>announce|evaluate|decide|give-up|withdraw)/$",
        trials.act,
        name="trial_act",
    ),
]
