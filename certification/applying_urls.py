"""What the applicant does with an application, under /workspace/<organisation>/applications/."""

from django.urls import URLPattern, path

from certification.views import applications, choosing, compared, engagement, readiness, terms, word

# Under …/<reference>/
of_application: list[URLPattern] = [
    path("change/", terms.change, name="application_change"),
    path("signed-assessment/", terms.take_signed, name="application_take_signed"),
    path("documents/", choosing.choose, name="application_documents"),
    path("documents/add/<slug:kind>/", choosing.add, name="application_document_add"),
    path("documents/ask/<slug:kind>/", choosing.ask, name="application_document_ask"),
    path("documents/ask/<slug:kind>/cancel/", choosing.cancel, name="application_document_cancel"),
    path("readiness/", readiness.readiness, name="application_readiness"),
    path("compared/", compared.compared, name="application_compared"),
    path("engagement/quote/", engagement.quote, name="engagement_quote"),
    path("engagement/signed/", engagement.sign, name="engagement_sign"),
    path("word/", word.word, name="application_word"),
    path("word/application.docx", word.word_file, name="application_word_file"),
    path("word/take/", word.take, name="application_word_take"),
    path("submit/", applications.submit, name="application_submit"),
    path("withdraw/", applications.withdraw, name="application_withdraw"),
]
of_organisation: list[URLPattern] = [
    path("applications/new/", terms.new, name="application_new"),
]
