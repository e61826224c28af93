"""Addresses of strategies: for the public, and in workspaces."""

from django.urls import path

from strategy.views import plans, progress, recommendations

public = [
    path("strategy/", plans.strategies, name="strategies"),
    path("strategy/<slug:key>/", plans.plan, name="plan"),
    path("strategy/<slug:key>/plan.csv", plans.plan_csv, name="plan_csv"),
    path("strategy/<slug:key>/plan.json", plans.plan_json, name="plan_json"),
    path("strategy/<slug:key>/plan.pdf", plans.plan_pdf, name="plan_pdf"),
    path("strategy/<slug:key>/recommendations/<int:number>/", recommendations.recommendation, name="recommendation"),
    path("strategy/<slug:key>/<str:number>/", plans.deliverable, name="deliverable"),
    path("strategy/<slug:key>/<str:number>/list-<slug:on>.csv", plans.list_csv, name="list_csv"),
]

workspace = [
    path("plans/", progress.plans, name="plans"),
    path("plans/recommendations/", recommendations.recommendations, name="recommendations"),
    path("plans/recommendations/<int:pk>/", recommendations.recommendation_tell, name="recommendation"),
    path("plans/comments/<str:reference>/publish/", recommendations.comment_publish, name="comment_publish"),
    path("plans/comments/<str:reference>/refuse/", recommendations.comment_refuse, name="comment_refuse"),
    path("plans/<slug:reference>/report/", progress.report, name="plan_report"),
]
