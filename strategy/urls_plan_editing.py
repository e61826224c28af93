"""Addresses at which a national body writes strategies of its own."""

from django.urls import URLPattern, path

from strategy.views import plan_editing

ONE = "plans/<slug:key>/"

workspace: list[URLPattern] = [
    path("plans/new/", plan_editing.new, name="plan_new"),
    path(f"{ONE}edit/", plan_editing.plan, name="plan_edit"),
    path(f"{ONE}edit/words/", plan_editing.words, name="plan_words"),
    path(f"{ONE}edit/strategy.yaml", plan_editing.file, name="plan_file"),
    path(f"{ONE}edit/publish/", plan_editing.publish, name="plan_publish"),
    path(f"{ONE}edit/take-out/", plan_editing.take_out, name="plan_take_out"),
    path(f"{ONE}edit/strands/", plan_editing.strand, name="plan_strand_new"),
    path(f"{ONE}edit/strands/<slug:strand>/", plan_editing.strand, name="plan_strand"),
    path(f"{ONE}edit/strands/<slug:strand>/lead/", plan_editing.lead, name="plan_lead"),
    path(f"{ONE}edit/leads/<int:pk>/remove/", plan_editing.lead_remove, name="plan_lead_remove"),
    path(f"{ONE}edit/objectives/", plan_editing.objective, name="plan_objective_new"),
    path(f"{ONE}edit/objectives/<str:number>/", plan_editing.objective, name="plan_objective"),
    path(f"{ONE}edit/objectives/<str:objective>/new/", plan_editing.deliverable, name="plan_deliverable_new"),
    path(f"{ONE}edit/deliverables/<str:number>/", plan_editing.deliverable, name="plan_deliverable"),
]
