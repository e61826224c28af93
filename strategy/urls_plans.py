"""Public addresses of strategies."""

from django.urls import path

from strategy.views import plans

urlpatterns = [
    path("strategy/", plans.strategies, name="strategies"),
    path("strategy/<slug:key>/", plans.plan, name="plan"),
    path("strategy/<slug:key>/plan.csv", plans.plan_csv, name="plan_csv"),
    path("strategy/<slug:key>/plan.json", plans.plan_json, name="plan_json"),
    path("strategy/<slug:key>/<str:number>/", plans.deliverable, name="deliverable"),
    path("strategy/<slug:key>/<str:number>/list-<slug:on>.csv", plans.list_csv, name="list_csv"),
]
