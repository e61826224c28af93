"""The keys in public: for programs at well-known addresses, for people in two languages; nothing private, no cookie."""

import json

import pytest
from cryptography import x509
from django.core.management import call_command

from core import signing
from core.dates import today
from core.models import TrailEntry
from core.signing.keys import common_name
from tests.transparency.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client, django_assert_num_queries):
    def ask(path: str):
        with django_assert_num_queries(0):
            answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        return answer

    return ask


def test_programs_find_every_key(asked):
    statement = signing.sign_facts("from before")
    signing.rotate()
    answer = asked("/.well-known/jwks.json")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/jwk-set+json", "public, max-age=300")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.content) == signing.public_keys()
    assert signing.check_facts(statement, trust=signing.Trust.from_file(answer.content)).intact
    assert b"PRIVATE" not in answer.content
    assert b'"d"' not in answer.content


def test_programs_find_the_authority(asked):
    answer = asked("/.well-known/ccp-ca.pem")
    assert answer["Content-Type"] == "application/pem-certificate-chain"
    (found,) = x509.load_pem_x509_certificates(answer.content)
    assert found == signing.keyring().authorities[0]
    assert b"PRIVATE" not in answer.content


@pytest.mark.parametrize("keys", [1, 3])
def test_people_see_each_key_with_its_dates_and_fingerprint(asked, keys):
    for _ in range(keys - 1):
        signing.rotate()
    answer = asked("/verify/keys/")
    assert answer["Cache-Control"] == "public, max-age=60"
    text = text_of(answer.content.decode())
    for key in signing.keyring().keys.values():
        assert key.key_id in text
    assert text.count("in use") == 1
    assert len(answer.context["keys"]) == keys
    (authority,) = answer.context["authorities"]
    assert authority["name"] == common_name(signing.keyring().authorities[0])
    assert (len(authority["fingerprint"]), authority["fingerprint"] in text) == (95, True)
    assert "No independent authority vouches for it." in text


def test_the_page_says_so_where_a_time_authority_is_set(asked, settings):
    settings.SIGNING_TSA_URL = "http://127.0.0.1:1/"
    assert "an independent time stamp authority vouches for" in text_of(asked("/verify/keys/").content.decode())


def test_the_page_is_there_in_welsh_and_linked_from_the_check(client):
    welsh = client.get("/cy/verify/keys/")
    assert "Yr allweddi a sut i wirio tystysgrif" in text_of(welsh.content.decode())
    assert 'href="/verify/keys/"' in client.get("/verify/").content.decode()


@pytest.mark.parametrize("arguments", [[], ["--new-authority"]])
def test_the_command_takes_a_new_key_into_use(arguments, capsys):
    old = signing.keyring().current
    call_command("rotate_signing_key", "--json", *arguments)
    said = json.loads(capsys.readouterr().out)
    new = signing.keyring().current
    assert said == {
        "key_id": new.key_id,
        "before": old.key_id,
        "authority": common_name(new.root),
        "is_new_authority": bool(arguments),
    }
    assert new.key_id != old.key_id


def test_a_rotation_stands_in_the_trail(capsys):
    old = signing.keyring().current.key_id
    call_command("rotate_signing_key")
    entry = TrailEntry.objects.get(verb="rotated")
    new = signing.keyring().current.key_id
    assert (entry.subject_kind, entry.subject_reference, entry.actor) == ("core.signing_key", new, "command line")
    assert (entry.before, entry.after) == ({"key": old}, {"key": new})
    assert f"The key {new} signs from now on." in capsys.readouterr().out


# --- a key that somebody else may have signed with ---

STOLEN = "A laptop with a copy of it was stolen."


def withdrawn(key_id: str, *options: str) -> int:
    try:
        call_command("signing_keys", "--withdraw", key_id, *options)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_a_key_is_withdrawn_once_with_a_reason_and_never_the_one_in_use(capsys):
    old = signing.keyring().current.key_id
    assert (withdrawn(old, "--reason", STOLEN), "it signs now" in capsys.readouterr().err) == (1, True)
    assert TrailEntry.objects.count() == 0
    signing.rotate()
    assert (withdrawn(old), "Give the reason" in capsys.readouterr().err) == (1, True)
    assert (withdrawn("nobody", "--reason", STOLEN), "no key nobody" in capsys.readouterr().err) == (1, True)
    assert withdrawn(old, "--reason", STOLEN) == 0
    assert f"{old}: " in capsys.readouterr().out
    assert (withdrawn(old, "--reason", STOLEN), "withdrawn before" in capsys.readouterr().err) == (1, True)
    entry = TrailEntry.objects.get(verb="withdrawn")
    assert (entry.subject_kind, entry.subject_reference, entry.after) == ("core.signing_key", old, {"reason": STOLEN})
    call_command("signing_keys", "--json")
    told = {key["key_id"]: key for key in json.loads(capsys.readouterr().out)["keys"]}
    assert (told[old]["in_use"], told[old]["withdrawn"]["reason"]) == (False, STOLEN)
    assert [key["withdrawn"] for key in told.values() if key["in_use"]] == [None]
    assert signing.keyring().keys[old].private is None


def test_everybody_reads_of_a_key_that_it_was_withdrawn_when_and_why(asked):
    old = signing.keyring().current.key_id
    statement = signing.sign_facts("from before")
    signing.rotate()
    assert "withdrawn" not in asked("/.well-known/jwks.json").content.decode()
    signing.withdraw(old, STOLEN)
    published = asked("/.well-known/jwks.json")
    (marked,) = [key for key in json.loads(published.content)["keys"] if "withdrawn" in key]
    assert (marked["kid"], marked["withdrawn"]["reason"]) == (old, STOLEN)
    day = f"{today().day} {today():%B %Y}"
    assert f"withdrawn on {day} : {STOLEN}" in text_of(asked("/verify/keys/").content.decode())
    assert "tynnwyd yn ôl ar" in asked("/cy/verify/keys/").content.decode()
    for trust in (None, signing.Trust.from_file(published.content)):
        check = signing.check_facts(statement, trust=trust)
        assert (check.intact, check.withdrawn.reason) == (True, STOLEN)
    assert signing.check_facts(signing.sign_facts("from now")).withdrawn is None
