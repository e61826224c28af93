"""Applications and certificates, under /workspace/<organisation>/."""

from django.urls import URLPattern, include, path

from certification import desk_urls
from certification.views import applications, certificates, decisions, desk, documents, intake

app_name = "certification"

one_application: list[URLPattern] = [
    path("", applications.application, name="application"),
    path("change/", applications.change, name="application_change"),
    path("signed-assessment/", applications.take_signed, name="application_take_signed"),
    path("documents/", documents.choose, name="application_documents"),
    path("documents/<int:position>/", documents.document, name="application_document"),
    path("submission.json", documents.submission, name="application_submission"),
    path("submit/", applications.submit, name="application_submit"),
    path("withdraw/", applications.withdraw, name="application_withdraw"),
    path("accept/", intake.accept, name="application_accept"),
    path("return/", intake.return_application, name="application_return"),
    path("assign/", intake.assign, name="application_assign"),
    path("declare/", intake.declare, name="application_declare"),
    path("begin/", intake.begin, name="review_begin"),
    path("review/", desk.review, name="review"),
    path("review/principles/<int:principle>/", desk.principle, name="review_principle"),
    path("review/criteria/<str:key>/", desk.verdict, name="verdict"),
    path("review/conclude/", desk.conclude, name="review_conclude"),
    path("decision/", decisions.decide, name="decision"),
]

urlpatterns = [
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.new, name="application_new"),
    path("applications/<slug:reference>/", include([*one_application, *desk_urls.of_application])),
    *desk_urls.of_organisation,
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<slug:reference>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:reference>/<str:act>/", certificates.act, name="certificate_act"),
]
