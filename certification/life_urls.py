"""The life of a certificate: scope, renewal, transfer, surveillance, where the mark is shown."""

from django.urls import URLPattern, path

from certification.views import certificates, marks, surveillance, transfers

ONE = "certificates/<slug:reference>/"
SURVEILLANCE = f"{ONE}surveillance/<int:number>/"

# Under /workspace/<organisation>/
of_certificate: list[URLPattern] = [
    path(f"{ONE}scope/", certificates.scope, name="certificate_scope"),
    path(f"{ONE}renew/", certificates.renew, name="certificate_renew"),
    path(f"{ONE}transfer/", transfers.ask, name="certificate_transfer"),
    path(f"{ONE}mark/", marks.places, name="marks"),
    path(f"{ONE}mark/<int:number>/removed/", marks.removed, name="mark_removed"),
    path(f"{ONE}mark/<int:number>/check/", marks.check, name="mark_check"),
    path(SURVEILLANCE, surveillance.surveillance, name="surveillance"),
    path(f"{SURVEILLANCE}changes/", surveillance.changes, name="surveillance_changes"),
    path(f"{SURVEILLANCE}assign/", surveillance.assign, name="surveillance_assign"),
    path(f"{SURVEILLANCE}begin/", surveillance.begin, name="surveillance_begin"),
    path(f"{SURVEILLANCE}decision/", surveillance.decide, name="surveillance_decision"),
]
of_transfer: list[URLPattern] = [
    path("transfers/<slug:reference>/", transfers.transfer, name="transfer"),
    path("transfers/<slug:reference>/decision/", transfers.decide, name="transfer_decision"),
    path("transfers/<slug:reference>/cancel/", transfers.cancel, name="transfer_cancel"),
]
