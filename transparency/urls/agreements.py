"""Addresses of published agreements."""

from django.urls import path

from transparency.views import agreements

urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/uptake/", agreements.uptake, name="agreement_uptake"),
    path("agreements/uptake/<slug:force>/", agreements.uptake_of_force, name="agreement_uptake_force"),
    path("agreements/<slug:reference>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:reference>/agreement.pdf", agreements.document, name="agreement_pdf"),
    path("agreements/<slug:reference>/versions/", agreements.versions, name="agreement_versions"),
]
