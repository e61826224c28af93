"""Addresses of people and organisations. Words that stand where `<organisation>` does are its RESERVED_SLUGS."""

from django.urls import path

from accounts.views import administration, deputies, home, inbox, invitation, people, profile, second_step, trail

app_name = "accounts"

urlpatterns = [
    path("invitations/<str:token>/", invitation.invitation, name="invitation"),
    path("workspace/", home.home, name="home"),
    path("workspace/inbox/", inbox.inbox, name="inbox"),
    path("workspace/inbox/read/", inbox.read, name="inbox_read"),
    path("workspace/settings/", profile.settings, name="settings"),
    path("workspace/settings/second-step/", second_step.second_step, name="second_step"),
    path("workspace/settings/second-step/codes/", second_step.recovery_codes, name="recovery_codes"),
    path("workspace/settings/second-step/codes.txt", second_step.recovery_codes_file, name="recovery_codes_file"),
    path("workspace/settings/second-step/codes/new/", second_step.new_recovery_codes, name="new_recovery_codes"),
    path("workspace/settings/second-step/off/", second_step.second_step_off, name="second_step_off"),
    path("workspace/administration/", administration.administration, name="administration"),
    path("workspace/administration/organisations/new/", administration.create, name="create_organisation"),
    path(
        "workspace/administration/organisations/<slug:organisation>/name/",
        administration.rename,
        name="rename_organisation",
    ),
    path("workspace/<slug:organisation>/", home.organisation_home, name="organisation"),
    path("workspace/<slug:organisation>/people/", people.people, name="people"),
    path("workspace/<slug:organisation>/people/invite/", people.invite, name="invite"),
    path("workspace/<slug:organisation>/people/invitations/<slug:reference>/send-again/", people.resend, name="resend"),
    path("workspace/<slug:organisation>/people/invitations/<slug:reference>/withdraw/", people.revoke, name="revoke"),
    path("workspace/<slug:organisation>/people/<slug:reference>/role/", people.change_role, name="change_role"),
    path("workspace/<slug:organisation>/people/<slug:reference>/add/", people.add_role, name="add_role"),
    path("workspace/<slug:organisation>/people/<slug:reference>/deputy/", deputies.name_deputy, name="name_deputy"),
    path("workspace/<slug:organisation>/people/<slug:reference>/end/", people.end, name="end_membership"),
    path(
        "workspace/<slug:organisation>/people/<slug:reference>/second-step/",
        second_step.reset_second_step,
        name="reset_second_step",
    ),
    path("workspace/<slug:organisation>/trail/", trail.trail, name="trail"),
]
