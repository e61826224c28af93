"""The auditor's desk and what goes to and fro between auditor and operator: files, clarifications, findings."""

from django.urls import URLPattern, path

from certification.views import clarifications, desk, findings, follow_up, queue, viewer

DOCUMENT, EVIDENCE, MATTER = {"source": "document"}, {"source": "evidence"}, {"source": "matter"}

# Under /workspace/<organisation>/applications/<reference>/
of_application: list[URLPattern] = [
    path("documents/<int:position>/", viewer.raw, DOCUMENT, name="application_document"),
    path("documents/<int:position>/view/", viewer.view, DOCUMENT, name="application_document_view"),
    path("evidence/<slug:sha256>/", viewer.raw, EVIDENCE, name="submitted_evidence"),
    path("evidence/<slug:sha256>/view/", viewer.view, EVIDENCE, name="submitted_evidence_view"),
    path("files/<int:number>/", viewer.raw, MATTER, name="matter_file"),
    path("files/<int:number>/view/", viewer.view, MATTER, name="matter_file_view"),
    path("review/", desk.review, name="review"),
    path("review/principles/<int:principle>/", desk.principle, name="review_principle"),
    path("review/criteria/<str:key>/", desk.verdict, name="verdict"),
    path("review/conclude/", desk.conclude, name="review_conclude"),
    path("review/send-findings/", findings.send, name="findings_send"),
    path("review/follow-up/<slug:followed>/<int:number>/", follow_up.follow_up, name="follow_up"),
    path("plan/", queue.plan, name="review_plan"),
    path("reviews/<int:number>/", desk.earlier, name="review_earlier"),
    path("clarifications/", clarifications.of_application, name="application_clarifications"),
    path("clarifications/new/", clarifications.ask, name="clarification_ask"),
    path("clarifications/<int:number>/", clarifications.clarification, name="clarification"),
    path("clarifications/<int:number>/close/", clarifications.close, name="clarification_close"),
    path("clarifications/<int:number>/reopen/", clarifications.reopen, name="clarification_reopen"),
    path("findings/", findings.of_application, name="application_findings"),
    path("findings/new/", findings.new, name="finding_raise"),
    path("findings/<int:number>/", findings.finding, name="finding"),
    path("findings/<int:number>/answer/", findings.respond, name="finding_respond"),
    path("findings/<int:number>/answer/file/", findings.add_file, name="finding_add_file"),
    path("findings/<int:number>/judge/", findings.judge, name="finding_judge"),
    path("findings/<int:number>/close/", findings.close, name="finding_close"),
    path("findings/<int:number>/cancel/", findings.cancel, name="finding_cancel"),
]
# Under /workspace/<organisation>/
of_organisation: list[URLPattern] = [
    path("reviews/", queue.reviews, name="reviews"),
    path("findings/", findings.findings, name="findings"),
    path("clarifications/", clarifications.clarifications, name="clarifications"),
]
