"""Public addresses, in English at / and in Welsh at /cy/."""

from django.urls import path

from transparency.urls import agreements, documents, enquiries, maps, open_data, searching, signs, subscriptions
from transparency.views import baked, certificates, consultations, keys, register, schemes, verify

app_name = "transparency"
urlpatterns = [
    *agreements.urlpatterns,
    *documents.urlpatterns,
    *maps.urlpatterns,
    *searching.urlpatterns,
    *signs.urlpatterns,
    *enquiries.urlpatterns,
    *subscriptions.urlpatterns,
    *open_data.urlpatterns,
    path("", baked.page, name="home"),
    path("about/", baked.page, name="about"),
    path("accessibility/", baked.page, name="accessibility"),
    path("privacy/", baked.page, name="privacy"),
    path("cookies/", baked.page, name="cookies"),
    path("contact/", baked.page, name="contact"),
    path("authorities/", baked.authorities, name="authorities"),
    path("authorities/<slug:organisation>/", baked.page, name="authority"),
    path("authorities/<slug:organisation>/<slug:system>/", baked.page, name="system"),
    path("authorities/<slug:organisation>/<slug:system>/cameras/", baked.page, name="cameras"),
    path("authorities/<slug:organisation>/<slug:system>/cameras/<int:page>/", baked.page, name="cameras"),
    path("authorities/<slug:organisation>/<slug:system>/self-assessment/", baked.page, name="answers"),
    path("authorities/<slug:organisation>/<slug:system>/versions/", baked.page, name="versions"),
    path("certificates/", register.register, name="certificates"),
    path("certificates/register.csv", register.register_csv, name="register_csv"),
    path("certificates/register.json", register.register_json, name="register_json"),
    path("feeds/certificates.atom", register.feed, name="feed"),
    path("certificates/bodies/", schemes.bodies, name="bodies"),
    path("certificates/<slug:reference>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:reference>/certificate.pdf", certificates.document, name="certificate_pdf"),
    path("certificates/<slug:reference>/certificate.json", certificates.facts, name="certificate_json"),
    path("certificates/<slug:reference>/certificate.jws", certificates.signed_facts, name="certificate_jws"),
    path("certificates/<slug:reference>/mark.svg", certificates.mark, name="certificate_mark"),
    path("certificates/<slug:reference>/mark-dark.svg", certificates.dark_mark, name="certificate_mark_dark"),
    path("certificates/<slug:reference>/mark.pdf", certificates.mark_for_print, name="certificate_mark_pdf"),
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/<slug:key>/", schemes.scheme, name="scheme"),
    path("consultations/", consultations.consultations, name="consultations"),
    path("consultations/<slug:reference>/", baked.page, name="consultation"),
    path("consultations/<slug:reference>/respond/", consultations.respond, name="respond"),
    path("consultations/<slug:reference>/documents/<slug:sha256>/", consultations.document, name="consulted_document"),
    path("verify/", verify.verify, name="verify"),
    path("verify/keys/", keys.page, name="keys"),
]
