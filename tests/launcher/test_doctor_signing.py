"""What the doctor says of signing keys: which, since when, and who else can read them."""

import datetime as dt
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from ccp_portal.launcher.doctor import _keys
from ccp_portal.launcher.signing import exposed, look_at_signing
from core import signing
from tests.core.test_signing import given

pytestmark = pytest.mark.once
NOW = dt.datetime.now(dt.UTC)


def test_a_portal_without_keys_is_told_and_gets_none(own_folders):
    state, detail = look_at_signing(own_folders, NOW)
    assert (state, detail) == ("warn", "no signing keys yet; the first ./portal up or setup makes them")
    assert not (own_folders / "keys").exists()


def test_the_key_in_use_is_named_with_its_first_day(own_folders):
    signing.keyring()
    new = signing.rotate()
    assert look_at_signing(own_folders, NOW) == (
        "ok",
        f"own key {new.key_id[:8]}… signs since {new.since:%d %B %Y}; 1 older ones still check",
    )


def test_a_key_that_is_used_for_long_is_a_warning(own_folders):
    signing.keyring()
    state, detail = look_at_signing(own_folders, NOW + dt.timedelta(days=4 * 365))
    assert (state, detail.endswith("./portal manage rotate_signing_key")) == ("warn", True)


def test_damaged_keys_are_a_lack(own_folders):
    signing.keyring()
    (own_folders / "keys" / "signing" / "ring.json").write_text("{")
    state, detail = look_at_signing(own_folders, NOW)
    assert (state, detail.startswith("nothing can be signed: ")) == ("lack", True)


@pytest.mark.parametrize(("days", "state"), [(0, "ok"), (3640 - 30, "warn"), (3660, "lack")])
def test_a_given_certificate_is_watched_for_its_end(own_folders, settings, tmp_path, days, state):
    given(settings, tmp_path / "given", ec.generate_private_key(ec.SECP256R1()))
    signing.keyring()
    signing.rotate()
    found, detail = look_at_signing(own_folders, NOW + dt.timedelta(days=days))
    assert "documents are signed with the certificate of A Trusted Body" in detail
    assert found == ("warn" if state == "ok" and days else state)


def test_a_given_key_that_others_can_read_is_a_lack(own_folders, settings, tmp_path, monkeypatch):
    given(settings, tmp_path / "given", ec.generate_private_key(ec.SECP256R1()))
    signing.keyring()
    monkeypatch.setitem(os.environ, "SIGNING_KEY", settings.SIGNING_KEY)
    os.chmod(settings.SIGNING_KEY, 0o644)
    assert look_at_signing(own_folders, NOW)[0] == "lack"
    os.chmod(settings.SIGNING_KEY, 0o600)
    assert look_at_signing(own_folders, NOW)[0] == "ok"


def test_a_key_that_others_can_read_is_named(own_folders):
    signing.keyring()
    keys = own_folders / "keys"
    assert exposed(keys) == []
    assert _keys(own_folders).state == "ok"
    (keys / "signing" / "ca.key").chmod(0o640)
    finding = _keys(own_folders)
    assert (finding.state, "keys/signing/ca.key" in finding.detail) == ("lack", True)
    (keys / "signing" / "ca.key").chmod(0o600)
    (keys / "signing").chmod(0o755)
    assert exposed(keys) == ["keys/signing"]
