"""Self-assessments and their sign-off."""

from django.urls import URLPattern, include, path

from compliance.views import actions, assessments, questions, signing

one_assessment: list[URLPattern] = [
    path("", assessments.assessment, name="assessment"),
    path("scope/", assessments.scope, name="assessment_scope"),
    path("principles/<int:number>/", assessments.principle, name="principle"),
    path("questions/<int:number>/", questions.question, name="question"),
    path("check/", assessments.check, name="check"),
    path("abandon/", assessments.abandon, name="abandon"),
    path("send/", signing.send, name="send"),
    path("sign/", signing.sign, name="sign"),
    path("return/", signing.return_with_comments, name="return"),
    path("signed/", signing.signed, name="signed"),
    path("signed.json", signing.signed_json, name="signed_json"),
    path("actions/add/", actions.add, name="action_add"),
]

urlpatterns = [
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/<slug:reference>/", include(one_assessment)),
]
