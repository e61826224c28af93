"""Referrals, proposals, operational requirements and decisions about cameras, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import camera_deciding, camera_stages, proposals, referrals, requirements

CAMERA = "systems/<slug:reference>/cameras/<slug:camera>/"
REQUIREMENT = "proposals/requirements/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", proposals.new, name="proposal_new"),
    path("proposals/removals/", camera_stages.removals, name="removals"),
    path("proposals/removals/down/", camera_stages.down, name="removals_down"),
    path("proposals/referrals/", referrals.referrals, name="referrals"),
    path("proposals/referrals/link/", referrals.address, name="referrals_link"),
    path("proposals/referrals/<slug:reference>/", referrals.referral, name="referral"),
    path("proposals/referrals/<slug:reference>/decline/", referrals.decline, name="referral_decline"),
    path("proposals/referrals/<slug:reference>/erase/", referrals.erase, name="referral_erase"),
    path(REQUIREMENT, requirements.requirement, name="requirement"),
    path(f"{REQUIREMENT}check/", requirements.check, name="requirement_check"),
    path(f"{REQUIREMENT}parts/<slug:part>/", requirements.part, name="requirement_part"),
    path(f"{CAMERA}proposal/", proposals.proposal, name="proposal"),
    path(f"{CAMERA}proposal/edit/", proposals.edit, name="proposal_edit"),
    path(f"{CAMERA}proposal/police/", proposals.police_view, name="police_view"),
    path(f"{CAMERA}proposal/consultation/", proposals.consult, name="camera_consult"),
    path(f"{CAMERA}proposal/requirement/", requirements.new, name="requirement_new"),
    path(f"{CAMERA}decide/", camera_deciding.decide, name="camera_decide"),
    path(f"{CAMERA}decisions/<slug:decision>/", camera_deciding.decision, name="camera_decision"),
    path(
        f"{CAMERA}decisions/<slug:decision>/decision.json", camera_deciding.decision_json, name="camera_decision_json"
    ),
    path(f"{CAMERA}decisions/<slug:decision>/decision.pdf", camera_deciding.decision_pdf, name="camera_decision_pdf"),
    path(f"{CAMERA}install/", camera_stages.install, name="camera_install"),
    path(f"{CAMERA}operate/", camera_stages.operate, name="camera_operate"),
    path(f"{CAMERA}relocate/", camera_deciding.relocate, name="camera_relocate"),
    path(f"{CAMERA}removal/", camera_stages.recommend, name="camera_removal"),
]
