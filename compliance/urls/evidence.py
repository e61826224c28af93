"""Evidence, its radar, and documents made outside the portal, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import elsewhere, evidence, evidence_changes, evidence_use, radar

urlpatterns: list[URLPattern] = [
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/new/", evidence.evidence_add, name="evidence_add"),
    path("evidence/radar/", radar.radar, name="radar"),
    path("evidence/elsewhere/", elsewhere.records, name="elsewhere"),
    path("evidence/elsewhere/new/", elsewhere.new, name="elsewhere_new"),
    path("evidence/elsewhere/<slug:reference>/", elsewhere.record, name="elsewhere_record"),
    path("evidence/elsewhere/<slug:reference>/file", elsewhere.file, name="elsewhere_file"),
    path("evidence/elsewhere/<slug:reference>/confirm/", elsewhere.confirm, name="elsewhere_confirm"),
    path("evidence/elsewhere/<slug:reference>/decline/", elsewhere.decline, name="elsewhere_decline"),
    path("evidence/<slug:reference>/", evidence.evidence_page, name="evidence"),
    path("evidence/<slug:reference>/file", evidence.evidence_file, name="evidence_file"),
    path("evidence/<slug:reference>/versions/<int:number>/file", evidence.evidence_version, name="evidence_version"),
    path("evidence/<slug:reference>/change/", evidence_changes.change, name="evidence_change"),
    path("evidence/<slug:reference>/replace/", evidence_changes.replace, name="evidence_replace"),
    path("evidence/<slug:reference>/publish/", evidence_changes.publish, name="evidence_publish"),
    path("evidence/<slug:reference>/withdraw/", evidence_changes.withdraw, name="evidence_withdraw"),
    path(
        "assessments/<slug:reference>/questions/<int:number>/evidence/", evidence_use.choose, name="question_evidence"
    ),
    path(
        "assessments/<slug:reference>/questions/<int:number>/evidence/new/",
        evidence_use.add,
        name="question_evidence_add",
    ),
    path(
        "assessments/<slug:reference>/questions/<int:number>/evidence/share/",
        evidence_use.share,
        name="question_evidence_share",
    ),
    path(
        "assessments/<slug:reference>/questions/<int:number>/evidence/<slug:evidence>/detach/",
        evidence_use.detach,
        name="question_evidence_detach",
    ),
]
