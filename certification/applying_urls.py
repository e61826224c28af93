"""What the applicant does with an application, under /workspace/<organisation>/applications/."""

from django.urls import URLPattern, path

from certification.views import applications, choosing, engagement, readiness, terms

# Under …/<reference>/
of_application: list[URLPattern] = [
    path("change/", terms.change, name="application_change"),
    path("signed-assessment/", terms.take_signed, name="application_take_signed"),
    path("documents/", choosing.choose, name="application_documents"),
    path("documents/add/<slug:kind>/", choosing.add, name="application_document_add"),
    path("documents/ask/<slug:kind>/", choosing.ask, name="application_document_ask"),
    path("documents/ask/<slug:kind>/cancel/", choosing.cancel, name="application_document_cancel"),
    path("readiness/", readiness.readiness, name="application_readiness"),
    path("engagement/quote/", engagement.quote, name="engagement_quote"),
    path("engagement/signed/", engagement.sign, name="engagement_sign"),
    path("submit/", applications.submit, name="application_submit"),
    path("withdraw/", applications.withdraw, name="application_withdraw"),
]
of_organisation: list[URLPattern] = [
    path("applications/new/", terms.new, name="application_new"),
]
