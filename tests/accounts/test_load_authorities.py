"""load_authorities: lists bring news once; what the portal knows better stays; broken files leave nothing behind."""

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.authority_lists import OWN_AGENCIES, OWN_AUTHORITIES, OWN_FORCES
from accounts.models import Kind, Organisation
from accounts.services.authorities import load_authorities
from accounts.services.organisations import link_police_forces, rename
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.selection import SHARED_DATA

pytestmark = pytest.mark.django_db

OFFICIAL = SHARED_DATA / "authorities" / "mysociety_uk_local_authorities_1.6.1.csv"
OFFICIAL_FORCES = SHARED_DATA / "authorities" / "police_forces_ew_43.csv"
COLUMNS = [
    "local-authority-code",
    "official-name",
    "nice-name",
    "gss-code",
    "start-date",
    "end-date",
    "replaced-by",
    "nation",
    "region",
    "local-authority-type",
    "former-gss-codes",
    "lat",
    "long",
]
TRAFFORD = {
    "local-authority-code": "TRF",
    "official-name": "Trafford Metropolitan Borough Council",
    "nice-name": "Trafford",
    "gss-code": "E08000009",
    "nation": "England",
    "region": "North West",
    "local-authority-type": "MD",
    "lat": "53.4190000000",
    "long": "-2.3553500000",
}
NEW = {**TRAFFORD, "local-authority-code": "NEW", "nice-name": "Newtown", "official-name": "Newtown Council"}
NEW |= {"gss-code": "E06000099", "local-authority-type": "UA", "start-date": "2027-04-01"}


def counts(added: int = 0, changed: int = 0, ended: int = 0, unchanged: int = 0, ignored: int = 0) -> dict[str, int]:
    return {"added": added, "changed": changed, "ended": ended, "unchanged": unchanged, "ignored": ignored}


def load(path: Path) -> dict[str, int]:
    return load_authorities(path=path, by=None)


@pytest.fixture
def official(tmp_path: Path) -> Any:
    """Writes an official list of the given rows; gives its path."""

    def write(*rows: dict[str, str]) -> Path:
        path = tmp_path / "official.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def trafford() -> Organisation:
    return Organisation.objects.get(gss_code="E08000009")


# --- the portal's own tables ---


def test_the_own_tables_give_339_authorities_and_43_forces_and_nothing_when_loaded_again() -> None:
    assert load(OWN_FORCES) == counts(added=43)
    assert load(OWN_AUTHORITIES) == counts(added=339)
    entries = TrailEntry.objects.count()
    assert load(OWN_FORCES) == counts(unchanged=43)
    assert load(OWN_AUTHORITIES) == counts(unchanged=339)
    assert TrailEntry.objects.count() == entries
    authorities = Organisation.objects.principal_authorities()
    assert authorities.current().count() == 339
    assert authorities.filter(nation="wales").exclude(name_cy="").count() == 22
    assert authorities.filter(police_forces__kind=Kind.POLICE_FORCE).distinct().count() == 339
    assert (
        Organisation.objects.filter(kind=Kind.POLICE_FORCE, policed_authorities__isnull=False).distinct().count() == 43
    )
    one = trafford()
    assert (one.name, one.slug, one.subkind, one.region) == (
        "Trafford",
        "trafford",
        "metropolitan_district",
        "North West",
    )
    assert (one.latitude, one.longitude) == (Decimal("53.41900"), Decimal("-2.35535"))
    assert [force.name for force in one.police_forces.all()] == ["Greater Manchester Police"]


def test_authorities_before_forces_are_linked_when_the_forces_come() -> None:
    assert load(OWN_AUTHORITIES) == counts(added=339)
    assert not trafford().police_forces.exists()
    assert load(OWN_FORCES) == counts(added=43)
    assert trafford().police_forces.get().gss_code == "E23000005"


def test_a_later_table_does_not_undo_what_a_person_or_an_official_list_changed(official: Any) -> None:
    load(OWN_AUTHORITIES)
    rename(organisation=trafford(), name="Trafford and Sale", by=UserFactory())
    assert load(official({**TRAFFORD, "region": "The North"})) == counts(changed=1)
    assert load(OWN_AUTHORITIES) == counts(unchanged=339)
    assert (trafford().name, trafford().region) == ("Trafford and Sale", "The North")


# --- other police bodies ---


def test_agencies_are_matched_by_their_address_and_count_among_neither_authorities_nor_forces() -> None:
    load(OWN_FORCES)
    load(OWN_AUTHORITIES)
    assert load(OWN_AGENCIES) == counts(added=4)
    entries = TrailEntry.objects.count()
    assert load(OWN_AGENCIES) == counts(unchanged=4)
    assert TrailEntry.objects.count() == entries
    agencies = Organisation.objects.filter(kind=Kind.OTHER_AGENCY)
    assert list(agencies.values_list("slug", "name_cy")) == [
        ("british-transport-police", "Heddlu Trafnidiaeth Prydain"),
        ("civil-nuclear-constabulary", ""),
        ("ministry-of-defence-police", "Heddlu'r Weinyddiaeth Amddiffyn"),
        ("national-crime-agency", "Asiantaeth Troseddu Cenedlaethol"),
    ]
    assert not agencies.exclude(gss_code=None, nation="", region="").exists()
    assert not agencies.filter(policed_authorities__isnull=False).exists()
    assert not Organisation.objects.operators().filter(kind=Kind.OTHER_AGENCY).exists()
    assert Organisation.objects.filter(kind=Kind.POLICE_FORCE).count() == 43
    assert Organisation.objects.principal_authorities().count() == 339


def test_an_agency_that_a_person_renamed_keeps_its_name_and_its_address() -> None:
    load(OWN_AGENCIES)
    agency = Organisation.objects.get(slug="national-crime-agency")
    rename(organisation=agency, name="National Crime Office", by=UserFactory())
    assert load(OWN_AGENCIES) == counts(unchanged=4)
    agency.refresh_from_db()
    assert (agency.name, agency.slug) == ("National Crime Office", "national-crime-agency")


def test_an_agency_that_somebody_entered_by_hand_is_found_by_its_name() -> None:
    OrganisationFactory(kind=Kind.OTHER_AGENCY, name="British Transport Police", slug="btp", gss_code=None)
    assert load(OWN_AGENCIES) == counts(added=3, changed=1)
    assert load(OWN_AGENCIES) == counts(unchanged=4)
    assert Organisation.objects.get(slug="btp").name_cy == "Heddlu Trafnidiaeth Prydain"


def test_an_address_in_use_for_a_body_of_another_kind_is_left_alone() -> None:
    taken = OrganisationFactory(kind=Kind.OTHER_AUTHORITY, slug="british-transport-police", gss_code=None)
    assert load(OWN_AGENCIES) == counts(added=3, ignored=1)
    assert load(OWN_AGENCIES) == counts(unchanged=3, ignored=1)
    taken.refresh_from_db()
    assert taken.kind == Kind.OTHER_AUTHORITY


def test_an_agency_is_no_force_of_an_area() -> None:
    load(OWN_AGENCIES)
    load(OWN_AUTHORITIES)
    with pytest.raises(RuleBroken, match="Only a police force can be the force of an area"):
        link_police_forces(
            organisation=trafford(), forces=[Organisation.objects.get(slug="national-crime-agency")], by=None
        )
    assert not trafford().police_forces.exists()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("British Transport,X,\n", "Line 2: “British Transport” is not an address"),
        (",X,\n", "Line 2: “” is not an address"),
        ("x-police,X,\nx-police,Y,\n", "Line 3: x-police stands in line 2 already"),
        ("x-police,,\n", "Line 2: the name is missing"),
    ],
)
def test_a_broken_list_of_agencies_is_kept_out(rows: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text(f"agency_slug,name_en,name_cy\n{rows}", encoding="utf-8")
    with pytest.raises(RuleBroken, match=sentence):
        load(path)
    assert not Organisation.objects.exists()


# --- official lists ---


@pytest.mark.shared_data
def test_the_official_lists_bring_nothing_new_to_the_own_tables() -> None:
    load(OWN_FORCES)
    load(OWN_AUTHORITIES)
    entries = TrailEntry.objects.count()
    # 470 rows: 339 principal authorities of today; Scotland, Northern Ireland, combined authorities, the past
    assert load(OFFICIAL) == counts(unchanged=339, ignored=131)
    assert load(OFFICIAL_FORCES) == counts(unchanged=43)
    assert TrailEntry.objects.count() == entries


@pytest.mark.shared_data
def test_the_official_list_alone_gives_the_same_as_the_own_table() -> None:
    fields = ("gss_code", "name", "name_cy", "official_name", "region", "nation", "subkind", "former_gss_codes")
    assert load(OFFICIAL_FORCES) == counts(added=43)
    assert load(OFFICIAL) == counts(added=339, ignored=131)
    assert load(OFFICIAL) == counts(unchanged=339, ignored=131)
    from_official = list(Organisation.objects.principal_authorities().order_by("gss_code").values(*fields))
    assert Organisation.objects.get(gss_code="E23000030").name == "Hampshire and Isle of Wight Constabulary"
    assert Organisation.objects.filter(police_forces__isnull=False).distinct().count() == 339
    Organisation.objects.filter(kind=Kind.PRINCIPAL_AUTHORITY).delete()
    Organisation.objects.all().delete()
    load(OWN_FORCES)
    load(OWN_AUTHORITIES)
    assert from_official == list(Organisation.objects.principal_authorities().order_by("gss_code").values(*fields))


def test_news_is_taken_and_the_old_name_kept(official: Any) -> None:
    load(official(TRAFFORD))
    row = {**TRAFFORD, "nice-name": "Trafford Park", "official-name": "Trafford Park Council"}
    assert load(official(row, NEW)) == counts(changed=1, added=1)
    assert load(official(row, NEW)) == counts(unchanged=2)
    assert (trafford().name, trafford().official_name, trafford().slug) == (
        "Trafford Park",
        "Trafford Park Council",
        "trafford",
    )
    assert trafford().former_names.get().name == "Trafford"
    new = Organisation.objects.get(gss_code="E06000099")
    assert (new.name, new.subkind, new.starts_on) == ("Newtown", "unitary", dt.date(2027, 4, 1))
    assert Organisation.objects.principal_authorities().current().count() == 1  # the other begins later


def test_a_list_that_is_behind_does_not_bring_an_old_name_back(official: Any) -> None:
    load(official(TRAFFORD))
    rename(organisation=trafford(), name="Trafford and Sale", by=UserFactory())
    assert load(official(TRAFFORD)) == counts(unchanged=1)
    assert trafford().name == "Trafford and Sale"


def test_known_flaws_of_the_list_are_passed_over_and_mended_where_they_stand(official: Any) -> None:
    vale = {**TRAFFORD, "gss-code": "W06000014", "nice-name": "The Vale of Glamorgan", "nation": "Wales"}
    vale |= {"region": "Wales", "local-authority-type": "WPA", "official-name": "Vale of Glamorgan Council"}
    vale |= {"lat": "", "long": ""}
    assert load(official(vale)) == counts(added=1)
    assert (Organisation.objects.get().name, Organisation.objects.get().name_cy) == (
        "Vale of Glamorgan",
        "Bro Morgannwg",
    )
    assert load(official(vale)) == counts(unchanged=1)


@pytest.mark.parametrize(
    ("old", "new", "name"), [("E08000016", "E08000038", "Barnsley"), ("E08000019", "E08000039", "Sheffield")]
)
def test_a_former_code_matches_its_successor(old: str, new: str, name: str, official: Any) -> None:
    row = {**TRAFFORD, "gss-code": old, "nice-name": name, "lat": "", "long": "", "region": "", "official-name": ""}
    assert load(official(row)) == counts(added=1)
    known = Organisation.objects.get()
    assert (known.gss_code, known.former_gss_codes) == (new, [old])
    assert load(official(row)) == counts(unchanged=1)
    # nor does the end of the old code end the authority
    assert load(official({**row, "end-date": "2025-03-31"})) == counts(ignored=1)
    known.refresh_from_db()
    assert (known.gss_code, known.ends_on) == (new, None)


def test_the_own_table_mends_old_codes_and_known_flaws_of_a_portal_in_use() -> None:
    barnsley = OrganisationFactory(gss_code="E08000016", name="Barnsley", slug="barnsley-council")
    vale = OrganisationFactory(gss_code="W06000014", name="The Vale of Glamorgan", nation="wales")
    assert load(OWN_AUTHORITIES) == counts(added=337, changed=2)
    barnsley.refresh_from_db()
    assert (barnsley.gss_code, barnsley.former_gss_codes) == ("E08000038", ["E08000016"])
    vale.refresh_from_db()
    assert (vale.name, vale.name_cy) == ("Vale of Glamorgan", "Bro Morgannwg")


def test_a_code_that_the_list_knows_as_former_is_succeeded(official: Any) -> None:
    known = OrganisationFactory(gss_code="E06000098", name="Newtown")
    row = {**NEW, "former-gss-codes": "E06000098", "start-date": ""}
    assert load(official(row)) == counts(changed=1)
    known.refresh_from_db()
    assert (known.gss_code, known.former_gss_codes) == ("E06000099", ["E06000098"])
    assert load(official(row)) == counts(unchanged=1)


def test_an_organisation_entered_by_hand_gets_its_code(official: Any) -> None:
    known = OrganisationFactory(gss_code=None, name="newtown")
    assert load(official(NEW)) == counts(changed=1)
    known.refresh_from_db()
    assert known.gss_code == "E06000099"


def test_an_end_ends_and_the_successor_knows_whom_it_followed(official: Any) -> None:
    ended = OrganisationFactory(gss_code="E07000026", name="Allerdale")
    row = {**TRAFFORD, "local-authority-code": "ALL", "gss-code": "E07000026", "nice-name": "Allerdale"}
    row |= {"local-authority-type": "NMD", "end-date": "2023-03-31", "replaced-by": "NEW"}
    unknown = {**row, "local-authority-code": "BAR", "gss-code": "E07000027"}
    assert load(official(row, unknown, NEW)) == counts(ended=1, ignored=1, added=1)
    assert load(official(row, unknown, NEW)) == counts(unchanged=2, ignored=1)
    ended.refresh_from_db()
    assert ended.ends_on == dt.date(2023, 3, 31)
    assert [o.gss_code for o in ended.successors.all()] == ["E06000099"]
    entries = TrailEntry.objects.filter(subject_id=ended.successors.get().pk, verb="changed")
    assert [entry.after for entry in entries] == [{"predecessors": ["E07000026"]}]


@pytest.mark.parametrize(
    "change",
    [
        {"nation": "Scotland"},
        {"nation": "Northern Ireland"},
        {"local-authority-type": "COMB"},
        {"local-authority-type": "SRA"},
        {"gss-code": ""},
    ],
)
def test_what_is_no_principal_authority_of_england_or_wales_is_ignored(change: dict[str, str], official: Any) -> None:
    assert load(official({**NEW, **change})) == counts(ignored=1)
    assert not Organisation.objects.exists()


# --- broken files ---


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not a list of authorities or forces"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is not a CSV file in UTF-8"),
        (b"PK\x03\x04\x00\x00\x00", "is not a list of authorities or forces"),
        (b"camera_id,location\n1,High Street\n", "is not a list of authorities or forces"),
        (b"gss_code;name_en;name_cy;slug\n", "is not a list of authorities or forces"),
        (b"gss_code,name_en,name_cy,slug\nE23000001,Met\n", "Line 2 has more or fewer values"),
        (b"gss_code,name_en,name_cy,slug\nE23000001,Met,,met,extra\n", "Line 2 has more or fewer values"),
        (b'gss_code,name_en,name_cy,slug\nE23000001,"Met,,met\n', "this is not CSV"),
        (b"gss_code,name_en,name_cy,slug\nE23,Met,,met\n", "is not a GSS code"),
        (b"gss_code,name_en,name_cy,slug\nE23000001,,,met\n", "the name is missing"),
        (b"gss_code,name_en,name_cy,slug\nE23000001," + b"x" * 151 + b",,met\n", "too long"),
        (b"gss_code,name_en,name_cy,slug\nE23000001,Met\x07,,met\n", "unreadable"),
        (b"gss_code,name_en,name_cy,slug\nE23000001,Met,,m\nE23000001,Met,,m\n", "stands in line 2 already"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(
    content: bytes | None, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SystemExit) as end:
        call_command("load_authorities", str(path), "--json")
    assert end.value.code == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert json.loads(said.out) == {"error": said.err.strip(), "problems": []}
    assert not Organisation.objects.exists()
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"end-date": "31/03/2025"}, "Line 3: “31/03/2025” is not a date"),
        ({"start-date": "2025-02-30"}, "Line 3: “2025-02-30” is not a date"),
        ({"lat": "north"}, "Line 3: “north” is not a latitude"),
        ({"lat": "1e99"}, "Line 3: “1e99” is not a latitude"),
        ({"long": "461.993"}, "Line 3: “461.993” is not a latitude"),
    ],
)
def test_one_broken_row_keeps_the_whole_list_out(change: dict[str, str], sentence: str, official: Any) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        load(official(TRAFFORD, {**NEW, **change}))
    assert not Organisation.objects.exists()


def test_a_name_in_use_keeps_the_whole_list_out(official: Any) -> None:
    now = {**NEW, "start-date": ""}
    with pytest.raises(RuleBroken, match="with this name already"):
        load(official(now, {**now, "gss-code": "E06000098"}))
    assert not Organisation.objects.exists()


def test_the_command_counts_in_words_and_in_json(official: Any, capsys: pytest.CaptureFixture[str]) -> None:
    user = UserFactory()
    call_command("load_authorities", str(official(NEW)), "--as", user.email)
    assert capsys.readouterr().out == "1 added, 0 changed, 0 ended, 0 unchanged, 0 ignored\n"
    assert TrailEntry.objects.get(verb="created").actor_id == user.pk
    call_command("load_authorities", str(official(NEW)), "--json")
    assert json.loads(capsys.readouterr().out) == counts(unchanged=1)
