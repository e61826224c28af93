"""What has its place outside any organisation: the public's pages, signing in, one's own pages, the portal's own."""

from tests.permissions.rows import SIGN_IN, entrance, everyone, personal, public, site

PUBLIC = [
    *public("healthz", 503),  # no worker runs beside these tests
    *public("v1:authority-list"),
    *public("v1:certificate-list"),
    *public("v1:certificate-detail", parts={"reference": "@certificate"}),
    *public("v1:publication-list"),
    *public("v1:publication-detail", parts={"reference": "@publication"}),
    *public("v1:authority-detail", 404, parts={"slug": "nowhere"}),
    *public("v1:authority-detail", parts={"slug": "@authority"}),
    *public("transparency:home"),
    *public("transparency:about"),
    *public("transparency:accessibility"),
    *public("transparency:privacy"),
    *public("transparency:cookies"),
    *public("transparency:keys"),
    *public("transparency:seals"),
    *public("well_known:jwks"),
    *public("well_known:authority"),
    *public("transparency:contact"),
    *public("transparency:authorities"),
    *public("transparency:authority", parts={"organisation": "@operator"}),
    *public("transparency:authority", 404, parts={"organisation": "@agency"}),
    *public("transparency:system", parts={"organisation": "@operator", "system": "@published system"}),
    *public("transparency:system", 404, parts={"organisation": "@operator", "system": "@draft system"}),
    *public("transparency:answers", parts={"organisation": "@operator", "system": "@system with public answers"}),
    *public("transparency:answers", 404, parts={"organisation": "@operator", "system": "@published system"}),
    *public("transparency:cameras", parts={"organisation": "@operator", "system": "@published system"}),
    *public("transparency:cameras", parts={"organisation": "@operator", "system": "@published system", "page": 2}),
    *public("transparency:cameras", 404, parts={"organisation": "@operator", "system": "@draft system"}),
    *public("transparency:cameras", 404, parts={"organisation": "@operator", "system": "@published system", "page": 9}),
    *public("transparency:certificates"),
    *public("transparency:certificate", of="certificate"),
    *public("transparency:certificate_pdf", of="certificate"),
    *public("transparency:certificate_json", of="certificate"),
    *public("transparency:certificate_jws", of="certificate"),
    *public("transparency:certificate_mark", of="certificate"),
    *public("transparency:certificate_mark_dark", of="certificate"),
    *public("transparency:certificate_mark_pdf", of="certificate"),
    *public("transparency:register_csv"),
    *public("transparency:register_json"),
    *public("transparency:feed"),
    *public("transparency:bodies"),
    *public("transparency:schemes"),
    *public("transparency:scheme", parts={"key": "@scheme"}),
    *public("transparency:scheme", 404, parts={"key": "nowhere"}),
    *public("transparency:verify"),
    everyone("transparency:verify", "POST", signed_in=422, anonymous=422),
    *public("calendars:feed", 404, parts={"secret": "of-nobody"}),
]

ENTRANCE = [
    *entrance("account_login", "GET", signed_in=302, anonymous=200),
    *entrance("account_login", "POST", signed_in=302, anonymous=422),
    # The code is asked for between the password and being signed in.
    *entrance("mfa_authenticate", "GET", signed_in=302, anonymous=SIGN_IN),
    *entrance("mfa_authenticate", "POST", signed_in=302, anonymous=SIGN_IN),
    *entrance("account_logout", "GET", signed_in=200, anonymous=302),
    *entrance("account_logout", "POST", signed_in=302, anonymous=302),
    *entrance("account_inactive", "GET", signed_in=200, anonymous=200),
    *entrance("account_signup", "GET", signed_in=302, anonymous=200),
    *entrance("account_signup", "POST", signed_in=302, anonymous=200),
    *entrance("account_reset_password", "GET", signed_in=200, anonymous=200),
    *entrance("account_reset_password", "POST", signed_in=422, anonymous=422),
    *entrance("account_reset_password_done", "GET", signed_in=200, anonymous=200),
    *entrance("account_reset_password_from_key_done", "GET", signed_in=200, anonymous=200),
    *entrance(
        "account_reset_password_from_key", "GET", signed_in=410, anonymous=410, parts={"uidb36": "1", "key": "x"}
    ),
    *entrance(
        "account_reset_password_from_key", "POST", signed_in=410, anonymous=410, parts={"uidb36": "1", "key": "x"}
    ),
    *personal("account_change_password"),
    *personal("account_change_password", "POST", 422),
    # Open to whoever holds the link; for a new mailbox only somebody without an account can go on.
    *entrance("accounts:invitation", "GET", signed_in=403, anonymous=200, parts={"token": "@link"}),
    *entrance("accounts:invitation", "POST", signed_in=403, anonymous=422, parts={"token": "@link"}),
    *public("accounts:invitation", 404, parts={"token": "forged"}),
]

PERSONAL = [
    *personal("accounts:home"),
    *personal("accounts:inbox"),
    *personal("accounts:inbox_read", "POST", 302),
    *personal("accounts:inbox_read", "POST", 404, sent={"notification": "@somebody's message"}),
    *personal("accounts:settings"),
    *personal("accounts:settings", "POST", 422),
    *personal("accounts:second_step"),
    *personal("accounts:second_step", "POST", 422),
    # Nobody here has switched it on: the rest leads to where that is done.
    *personal("accounts:recovery_codes", "GET", 302),
    *personal("accounts:recovery_codes", "POST", 302),
    *personal("accounts:recovery_codes_file", "GET", 302),
    *personal("accounts:new_recovery_codes", "GET", 302),
    *personal("accounts:new_recovery_codes", "POST", 302),
    *personal("accounts:second_step_off", "GET", 302),
    *personal("accounts:second_step_off", "POST", 302),
]

SITE = [
    *site("accounts:administration"),
    *site("accounts:create_organisation"),
    *site("accounts:create_organisation", "POST", 422),
    *site("accounts:rename_organisation", parts={"organisation": "@operator"}),
    *site("accounts:rename_organisation", "POST", 422, parts={"organisation": "@operator"}),
    *site("schemes:schemes"),
    *site("schemes:scheme", parts={"key": "@scheme"}),
    *site("schemes:record", parts={"key": "@scheme"}),
    *site("schemes:record", "POST", 422, parts={"key": "@scheme"}),
    *site("schemes:close", parts={"key": "@scheme"}),
    *site("schemes:close", "POST", 422, parts={"key": "@scheme"}),
    *site("schemes:add_body", parts={"key": "@scheme"}),
    *site("schemes:add_body", "POST", 422, parts={"key": "@scheme"}),
    *site("schemes:end_body", parts={"key": "@scheme", "body": "@body", "starts_on": "@since"}),
    *site("schemes:end_body", "POST", 422, parts={"key": "@scheme", "body": "@body", "starts_on": "@since"}),
]
