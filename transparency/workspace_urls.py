"""Addresses of publishing under /workspace/<organisation>/."""

from django.urls import URLPattern, URLResolver, include, path

from transparency import enquiry_urls
from transparency.views import agreement_publishing, bundles, documents, plans, public_copy, publishing, sign_files

app_name = "publishing"
of_agreement: list[URLPattern | URLResolver] = [
    path("", agreement_publishing.agreement, name="agreement"),
    path("preview/<slug:language>/", agreement_publishing.preview, name="agreement_preview"),
    path("clauses/<slug:key>/", agreement_publishing.clause, name="agreement_clause"),
    path("clauses/<slug:key>/show/", agreement_publishing.show, name="agreement_show"),
    path("publish/", agreement_publishing.publish, name="agreement_publish"),
    path("withdraw/", agreement_publishing.withdraw, name="agreement_withdraw"),
]
urlpatterns = [
    path("agreements/<slug:reference>/publication/", include(of_agreement)),
    *enquiry_urls.urlpatterns,
    path("publications/", publishing.publications, name="publications"),
    path("publications/open-data.zip", bundles.bundle, name="bundle"),
    path("publications/documents/", documents.documents, name="documents"),
    path("publications/documents/add/", documents.choose, name="document_choose"),
    path("publications/documents/add/<slug:source>/<slug:reference>/", documents.check, name="document_check"),
    path("publications/documents/<slug:reference>/", documents.document, name="document"),
    path("publications/documents/<slug:reference>/summary/", documents.summary, name="document_summary"),
    path("publications/documents/<slug:reference>/withdraw/", documents.withdraw, name="document_withdraw"),
    path("publications/<slug:reference>/", publishing.system, name="system"),
    path("publications/<slug:reference>/fields/", publishing.fields, name="fields"),
    path("publications/<slug:reference>/preview/<slug:language>/", publishing.preview, name="preview"),
    path("publications/<slug:reference>/publish/", publishing.publish, name="publish"),
    path("publications/<slug:reference>/plan/", plans.plan, name="plan"),
    path("publications/<slug:reference>/plan/withdraw/", plans.plan_withdraw, name="plan_withdraw"),
    path("publications/<slug:reference>/withdraw/", publishing.withdraw, name="withdraw"),
    path("publications/<slug:reference>/answers/", public_copy.answers, name="answers"),
    path("publications/<slug:reference>/answers/preview/<slug:language>/", public_copy.preview, name="answers_preview"),
    path("publications/<slug:reference>/answers/publish/", public_copy.publish, name="answers_publish"),
    path("publications/<slug:reference>/answers/withdraw/", public_copy.withdraw, name="answers_withdraw"),
    path("publications/<slug:reference>/signs/", sign_files.signs, name="signs"),
    path(
        "publications/<slug:reference>/signs/<slug:kind>/<slug:place>/<slug:form>/", sign_files.file, name="sign_file"
    ),
]
