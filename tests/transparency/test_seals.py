"""The seals in public: enough to check the chain by oneself, nothing of what was sealed."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.management import call_command

from core import trail
from core.trail import Seal
from tests.factories.accounts import OrganisationFactory, UserFactory
from transparency.views import seals

pytestmark = pytest.mark.django_db
ADDRESS = "/open-data/seals.jsonl"


@pytest.fixture
def sealed():
    for number in (1, 2, 3):
        who = UserFactory(email=f"somebody{number}@example.org")
        trail.record("changed", OrganisationFactory(name=f"Secret {number}"), by=who, after={"note": "secret"})
        trail.seal_next()
    return list(Seal.objects.order_by("number"))


def lines(answer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.content.decode().splitlines()]


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def holds(published: list[dict[str, Any]], keys: dict[str, Any]) -> bool:
    """As somebody outside checks it, with the published seals and keys alone."""
    before = "0" * 64
    for number, seal in enumerate(published, 1):
        if (seal["number"], seal["previous"]) != (number, before):
            return False
        signed, _dot, signature = seal["signature"].rpartition(".")
        said = json.loads(decoded(signed.split(".")[1]))
        if said != {name: seal[name] for name in ("number", "previous", "digest", "entries", "at")}:
            return False
        key, halves = keys[seal["key"]], decoded(signature)
        numbers = (int.from_bytes(decoded(key["x"])), int.from_bytes(decoded(key["y"])))
        ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key().verify(
            encode_dss_signature(int.from_bytes(halves[:32]), int.from_bytes(halves[32:])),
            signed.encode(),
            ec.ECDSA(hashes.SHA256()),
        )
        before = seal["digest"]
    return True


def test_published_seals_and_keys_are_enough_to_check_the_chain(client, sealed):
    keys = {key["kid"]: key for key in client.get("/.well-known/jwks.json").json()["keys"]}
    published = lines(client.get(ADDRESS))
    assert len(published) == 3
    assert holds(published, keys)
    published[1]["digest"] = "f" * 64
    assert not holds(published, keys)


def test_nothing_of_what_was_sealed_and_of_who_did_it_is_in_it(client, sealed):
    answer = client.get(ADDRESS)
    assert {name for line in lines(answer) for name in line} == {
        "number",
        "previous",
        "digest",
        "entries",
        "at",
        "key",
        "signature",
    }
    for secret in (b"ecret", b"example.org", b"changed"):
        assert secret not in answer.content
    assert answer["Content-Type"] == "application/jsonl; charset=utf-8"
    assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("public, max-age=60", "*")
    assert not answer.cookies


def test_one_goes_on_behind_the_last_seal_that_one_has(client, sealed, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(seals, "SEALS_AN_ANSWER", 2)
    with django_assert_num_queries(1):
        first = client.get(ADDRESS)
    assert [line["number"] for line in lines(first)] == [1, 2]
    assert first["Link"] == f'<{ADDRESS}?after=2>; rel="next"'
    rest = client.get(f"{ADDRESS}?after=2")
    assert [line["number"] for line in lines(rest)] == [3]
    assert "Link" not in rest
    assert client.get(f"{ADDRESS}?after=3").content == b""


@pytest.mark.parametrize("after", ["", "-1", "x", "1e3", "٣", "9" * 19])
def test_a_number_that_is_none_is_told(client, after):
    answer = client.get(ADDRESS, {"after": after})
    assert (answer.status_code, answer.content.decode()) == (400, "“after” is the number of a seal.")


def test_who_has_them_is_sent_nothing(client, sealed):
    answer = client.get(ADDRESS)
    assert client.get(ADDRESS, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_page_of_the_keys_leads_to_them(client):
    for page, address in (("/verify/keys/", ADDRESS), ("/cy/verify/keys/", f"/cy{ADDRESS}")):
        assert f'href="{address}"' in client.get(page).content.decode()


def test_the_export_holds_every_seal_as_the_public_address_gives_them(client, sealed, tmp_path, monkeypatch):
    whole = client.get(ADDRESS).content
    monkeypatch.setattr(seals, "SEALS_AN_ANSWER", 2)
    call_command("export_open_data", str(tmp_path))
    parts = client.get(ADDRESS).content, client.get(f"{ADDRESS}?after=2").content
    assert len(whole.splitlines()) == len(sealed)
    assert (tmp_path / "seals.jsonl").read_bytes() == whole == b"".join(parts)
