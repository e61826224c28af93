"""What programs look for at well-known addresses (RFC 8615)."""

from django.urls import path

from transparency.views import keys

app_name = "well_known"
urlpatterns = [
    path("jwks.json", keys.jwks, name="jwks"),
    path("ccp-ca.pem", keys.authority, name="authority"),
]
