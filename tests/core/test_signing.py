"""Keys, their authority, signed statements: who made them, that they stay checkable, that nobody else sees them."""

import datetime as dt
import json
import os
import stat
import subprocess
import sys
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.exceptions import ImproperlyConfigured

from ccp_portal.environment import ROOT
from core import signing
from core.signing import keys as ring
from core.signing.jws import LONGEST_TEXT
from tests.core.time_authority import certificate
from tests.processes import real_environment

pytestmark = pytest.mark.once
PRIVATE = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- the keys and where they lie ---


def test_no_name_of_a_key_is_taken_for_an_option_of_a_command():
    """One name in 64 would begin with a hyphen: of five hundred, one nearly certainly."""
    names = [ring.thumbprint(ring.new_named_key().public_key()) for _ in range(500)]
    assert [name for name in names if name.startswith("-")] == []


def test_first_use_makes_keys_that_their_owner_alone_reads(own_folders):
    current = signing.keyring().current
    place = own_folders / "keys" / "signing"
    names = {"ca.key", "ca.pem", f"key-{current.key_id}.key", f"key-{current.key_id}.pem", "lock", "ring.json"}
    assert {path.name for path in place.iterdir()} == names
    assert {mode(path) for path in place.iterdir()} == {0o600}
    assert (mode(place), mode(place.parent)) == (0o700, 0o700)


def test_keys_are_kept_private_whatever_the_umask(own_folders):
    before = os.umask(0)
    try:
        signing.keyring()
    finally:
        os.umask(before)
    place = own_folders / "keys" / "signing"
    assert {mode(path) for path in (place, place.parent)} == {0o700}
    assert {mode(path) for path in place.iterdir()} == {0o600}


def test_the_key_is_named_by_its_thumbprint_and_never_shown(own_folders):
    current = signing.keyring().current
    assert current.key_id == ring.thumbprint(current.public)
    assert "PrivateKey" not in repr(current)


def test_the_thumbprint_is_that_of_the_rfc():
    # RFC 7638, section 3.1
    n = int.from_bytes(ring.base64.urlsafe_b64decode(RFC_7638_N + "=="))
    assert ring.thumbprint(rsa.RSAPublicNumbers(65537, n).public_key()) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_the_authority_issues_signing_keys_only_and_outlives_certificates(settings):
    settings.PORTAL_OPERATOR = "Association of Camera Users"
    current = signing.keyring().current
    (authority,) = signing.keyring().authorities
    current.certificate.verify_directly_issued_by(authority)
    limits = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (limits.value.ca, limits.value.path_length, limits.critical) == (True, 0, True)
    assert current.certificate.not_valid_after_utc == authority.not_valid_after_utc
    assert authority.not_valid_after_utc > dt.datetime.now(dt.UTC) + dt.timedelta(days=39 * 365)
    assert (current.name, ring.common_name(authority)) == (
        "Association of Camera Users",
        "Association of Camera Users signing authority",
    )


def test_a_very_long_name_of_the_operator_fits(settings):
    settings.PORTAL_OPERATOR = "Cymdeithas " * 30
    (authority,) = signing.keyring().authorities
    assert len(ring.common_name(authority)) == 64


def test_keys_are_read_once_and_again_when_they_change():
    first = signing.keyring()
    assert signing.keyring() is first
    signing.rotate()
    assert signing.keyring() is not first


def test_threads_that_start_at_once_have_the_same_keys(own_folders):
    found, barrier = [], threading.Barrier(8)

    def begin():
        barrier.wait()
        found.append(signing.keyring().current.key_id)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert len(list((own_folders / "keys" / "signing").glob("key-*.key"))) == 1


def test_processes_that_start_at_once_have_the_same_keys(own_folders):
    code = "import django; django.setup(); from core import signing; print(signing.keyring().current.key_id)"
    environ = real_environment(
        PORTAL_DATA=str(own_folders), SECRET_KEY="x" * 60, DJANGO_SETTINGS_MODULE="ccp_portal.settings"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    found = {process.communicate(timeout=60)[0].strip() for process in started}
    assert found == {signing.keyring().current.key_id}


def test_a_process_that_was_killed_half_way_leaves_nothing_that_is_believed(own_folders):
    place = own_folders / "keys" / "signing"
    place.mkdir(parents=True)
    (place / "ca.key").write_text("half")
    signing.keyring()
    assert signing.check_facts(signing.sign_facts("a")).intact


@pytest.mark.parametrize("name", ["ring.json", "key-*.key", "key-*.pem"])
def test_missing_keys_are_never_replaced_by_new_ones(own_folders, name):
    signing.keyring()
    place = own_folders / "keys" / "signing"
    (gone,) = place.glob(name)
    gone.unlink()
    signing.keyring.__globals__["_loaded"] = None
    with pytest.raises((signing.KeysBroken, ImproperlyConfigured)):
        signing.keyring()
    assert not gone.exists()


def test_a_key_in_the_place_of_another_is_refused(own_folders):
    signing.keyring()
    (path,) = (own_folders / "keys" / "signing").glob("key-*.key")
    path.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(*PRIVATE))
    signing.keyring.__globals__["_loaded"] = None
    with pytest.raises(signing.KeysBroken):
        signing.keyring()


# --- rotation ---


def test_after_a_rotation_the_new_key_signs_and_the_old_one_only_checks(own_folders):
    old = signing.keyring().current
    statement = signing.sign_facts("from before")
    new = signing.rotate()
    found = signing.keyring()
    assert (found.current, list(found.keys)) == (new, [new.key_id, old.key_id])
    assert found.keys[old.key_id].until == new.since
    assert found.keys[old.key_id].private is None
    assert not (own_folders / "keys" / "signing" / f"key-{old.key_id}.key").exists()
    assert signing.check_facts(statement) == signing.FactsCheck(True, "from before", old.key_id)
    assert signing.check_facts(signing.sign_facts("after")).key_id == new.key_id


def test_of_keys_of_one_second_the_one_that_signs_comes_first(own_folders):
    old, new = signing.keyring().current, signing.rotate()
    ring_file = own_folders / "keys" / "signing" / "ring.json"
    content = json.loads(ring_file.read_text())
    for entry in content["keys"].values():
        entry["since"] = "2026-01-05T09:00:00+00:00"
    ring_file.write_text(json.dumps(content))
    assert list(signing.keyring().keys) == [new.key_id, old.key_id]


def test_ten_rotations_leave_eleven_published_keys_and_one_authority():
    for _ in range(10):
        signing.rotate()
    published = signing.public_keys()["keys"]
    assert len({key["kid"] for key in published}) == 11
    assert [key["kid"] for key in published if key["until"] is None] == [signing.keyring().current.key_id]
    assert signing.ca_pem().count(b"BEGIN CERTIFICATE") == 1


def test_a_new_authority_leaves_the_old_one_published(settings):
    statement = signing.sign_facts("from before")
    settings.PORTAL_OPERATOR = "Another name"
    new = signing.rotate(new_authority=True)
    first, second = signing.keyring().authorities
    assert (new.root, ring.common_name(first)) == (first, "Another name signing authority")
    assert ring.common_name(second) == "testserver signing authority"
    assert signing.ca_pem().count(b"BEGIN CERTIFICATE") == 2
    assert signing.check_facts(statement).intact


def test_another_process_signs_with_the_new_key_at_once(own_folders):
    signing.keyring()
    code = "import django; django.setup(); from core import signing; print(signing.rotate().key_id)"
    environ = real_environment(
        PORTAL_DATA=str(own_folders), SECRET_KEY="x" * 60, DJANGO_SETTINGS_MODULE="ccp_portal.settings"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    assert signing.check_facts(signing.sign_facts("here")).key_id == done.stdout.strip()


# --- statements ---


def test_a_statement_is_the_same_bytes_each_time_and_names_key_and_purpose():
    statement = signing.sign_facts('{"number": "CC-2026-00001"}')
    assert statement == signing.sign_facts('{"number": "CC-2026-00001"}')
    header = json.loads(ring.base64.urlsafe_b64decode(statement.split(".")[0] + "=="))
    assert header == {"alg": "ES256", "kid": signing.keyring().current.key_id, "typ": "facts+jws"}
    assert signing.check_facts(statement).text == '{"number": "CC-2026-00001"}'


def test_every_changed_character_of_a_statement_is_seen():
    statement = signing.sign_facts("Tŷ Gwyn")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place, sign in enumerate(statement):
        other = "A" if sign == "." else alphabet[alphabet.index(sign) ^ 1]  # in the last place: bits that say nothing
        assert not signing.check_facts(statement[:place] + other + statement[place + 1 :]).intact, place


def test_a_statement_for_one_purpose_is_worth_nothing_for_another():
    seal = signing.sign_facts("digest", purpose=signing.SEAL)
    assert not signing.check_facts(seal).intact
    assert signing.check_facts(seal, purpose=signing.SEAL).intact


def test_a_statement_of_another_portal_is_not_ours(settings, tmp_path):
    statement = signing.sign_facts("a")
    settings.PORTAL_DATA = tmp_path / "another"
    assert signing.check_facts(statement) == signing.FactsCheck(intact=False)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256", "crit": ["b64"]}, [], "x", 7])
def test_other_headers_are_refused(header):
    _first, second, third = signing.sign_facts("a").split(".")
    if isinstance(header, dict):
        header = {"kid": signing.keyring().current.key_id, "typ": "facts+jws", **header}
    forged = ring.b64url(json.dumps(header).encode())
    assert not signing.check_facts(f"{forged}.{second}.{third}").intact
    assert not signing.check_facts(f"{forged}.{second}.").intact


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "...", "a.b.c", "é.é.é", "[" * 5000 + "..", "." * LONGEST_TEXT, "A" * 2 * LONGEST_TEXT],
    ids=range(9),
)
def test_what_is_no_statement_is_refused(text):
    assert signing.check_facts(text) == signing.FactsCheck(intact=False)


# --- what is published ---


def test_the_published_keys_alone_are_enough_to_check_a_statement(settings, tmp_path):
    old = signing.sign_facts("old")
    signing.rotate()
    new = signing.sign_facts("new")
    trust = signing.Trust.from_file(json.dumps(signing.public_keys()).encode())
    settings.PORTAL_DATA = tmp_path / "elsewhere"
    assert [signing.check_facts(each, trust=trust).text for each in (old, new)] == ["old", "new"]
    assert not (tmp_path / "elsewhere").exists()  # nothing is made where nothing is needed


def test_the_published_keys_hold_certificates_and_times_and_nothing_private():
    signing.rotate()
    for key in signing.public_keys()["keys"]:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg", "x5c", "x5t#S256", "since", "until"}
        assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
        assert len(key["x5c"]) == 2


@pytest.mark.parametrize("content", [b"", b"{}", b"[", b'{"keys": [7]}', b"-----BEGIN CERTIFICATE-----", b"\xff" * 99])
def test_a_file_without_keys_is_refused_with_a_sentence(content):
    with pytest.raises(ValueError, match="The file holds no key that can be read"):
        signing.Trust.from_file(content)


# --- a certificate given by settings ---


def given(settings, folder, key, *, name="A Trusted Body") -> x509.Certificate:
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = certificate("Public Root", root_key.public_key(), None, root_key, is_authority=True)
    own = certificate(name, key.public_key(), root, root_key)
    folder.mkdir(exist_ok=True)
    (folder / "given.pem").write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (own, root)))
    (folder / "given.key").write_bytes(key.private_bytes(*PRIVATE))
    settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY = str(folder / "given.pem"), str(folder / "given.key")
    return own


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_given_certificate_signs_documents_and_the_own_key_statements(settings, tmp_path, kind):
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    given(settings, tmp_path / "given", key)
    keys = signing.keyring()
    assert (keys.documents.name, keys.documents.is_own, keys.current.is_own) == ("A Trusted Body", False, True)
    assert signing.check_facts(signing.sign_facts("a")).key_id == keys.current.key_id
    assert {each["kid"] for each in signing.public_keys()["keys"]} == {keys.documents.key_id, keys.current.key_id}
    assert [ring.common_name(each) for each in keys.authorities] == ["testserver signing authority"]


def test_a_given_key_that_is_not_its_certificates_is_refused(settings, tmp_path):
    given(settings, tmp_path / "given", ec.generate_private_key(ec.SECP256R1()))
    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "given" / "given.key").write_bytes(other.private_bytes(*PRIVATE))
    with pytest.raises(ImproperlyConfigured, match=r"SIGNING_KEY: .* is not the key of its certificate"):
        signing.keyring()


def test_a_given_certificate_of_a_weak_key_is_refused(settings, tmp_path):
    given(settings, tmp_path / "given", ec.generate_private_key(ec.SECP521R1()))
    with pytest.raises(ImproperlyConfigured, match="only EC P-256 and RSA"):
        signing.keyring()


def test_a_given_certificate_that_cannot_be_read_is_refused(settings, tmp_path):
    settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY = str(tmp_path / "none.pem"), str(tmp_path / "none.key")
    with pytest.raises(ImproperlyConfigured, match="no certificate can be read from"):
        signing.keyring()


RFC_7638_N = (
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhM"
    "stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5"
    "hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
)
