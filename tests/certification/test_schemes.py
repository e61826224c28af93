"""Schemes: loaded whole or refused with every problem named; bodies certify between two dates."""

import datetime as dt
import io
import json
import re

import pytest
import yaml
from django.core.management import call_command
from django.utils.translation import override

from certification.models import CertificationScheme, Criterion, SchemeBody
from certification.scheme_files import LATER_KEYS, read_scheme
from certification.services.schemes import Outcome, add_body, end_body, load_scheme
from core.dates import today
from core.errors import Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import (
    CertificationBodyFactory,
    OrganisationFactory,
    SiteAdministratorFactory,
    UserFactory,
)
from tests.factories.certification import (
    DATA,
    ApplicationFactory,
    CertificateFactory,
    CertificationSchemeFactory,
    SchemeBodyFactory,
    shipped_scheme,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def text_of(key: str = "independent-assurance") -> str:
    return (DATA / f"{key}.yaml").read_text("utf-8")


def changed(**values: object) -> str:
    return yaml.safe_dump({**yaml.safe_load(text_of()), **values}, allow_unicode=True)


def problems(text: str) -> list[str]:
    with pytest.raises(Incomplete) as refusal:
        read_scheme(text)
    return [str(problem.text) for problem in refusal.value.problems]


def test_both_shipped_schemes_are_loaded_as_their_files_say():
    open_, historic = shipped_scheme(), shipped_scheme("scc-tpc")
    assert (open_.key, open_.criteria.count(), open_.desktop_months, open_.full_months) == (
        "independent-assurance",
        35,
        12,
        60,
    )
    assert open_.takes_applications()
    assert not open_.is_closed()
    assert (historic.closed_on, historic.criteria.count(), historic.look_back_years) == (dt.date(2025, 11, 19), 0, 0)
    assert not historic.takes_applications()
    assert historic.is_closed()
    assert "holds no criteria" in historic.no_criteria_note


def test_criteria_keep_their_order_and_words():
    scheme = shipped_scheme()
    first = scheme.criteria.first()
    assert (first.key, first.principle, first.position) == ("P01.C1", 1, 1)
    assert first.text.startswith("Each system has a written and dated statement")
    assert first.text_cy.startswith("Mae gan bob system")
    assert first.evidence.startswith("Statement of purpose")
    assert first.grading.startswith("Major where")
    assert list(scheme.criteria.values_list("position", flat=True)) == list(range(1, 36))


def test_the_same_text_again_changes_nothing():
    scheme = shipped_scheme()
    entries, ids = TrailEntry.objects.count(), list(scheme.criteria.values_list("pk", flat=True))
    again = load_scheme(text="# another comment\n" + text_of(), by=None)
    assert again.outcome == Outcome.UNCHANGED
    assert list(scheme.criteria.values_list("pk", flat=True)) == ids
    assert TrailEntry.objects.count() == entries


def test_a_changed_text_replaces_a_scheme_that_nothing_rests_on_and_keeps_its_bodies():
    scheme = shipped_scheme()
    SchemeBodyFactory(scheme=scheme)
    loaded = load_scheme(text=changed(look_back_years=5), by=None)
    assert (loaded.outcome, loaded.scheme.pk, loaded.scheme.look_back_years) == (Outcome.REPLACED, scheme.pk, 5)
    assert scheme.criteria.count() == 35
    assert scheme.bodies.count() == 1


def test_a_scheme_in_use_is_refused_and_unchanged():
    scheme = shipped_scheme()
    ApplicationFactory(scheme=scheme)
    with pytest.raises(RuleBroken, match="only succeeded"):
        load_scheme(text=changed(look_back_years=5), by=None)
    scheme.refresh_from_db()
    assert scheme.look_back_years == 2
    assert scheme.criteria.count() == 35


def test_every_problem_is_named_at_once_and_nothing_is_stored():
    criterion = {
        "key": "P13.C1",
        "principle": 13,
        "text": {"en": "x", "cy": "x"},
        "evidence": {"en": "x"},
        "grading": {"en": "x"},
    }
    found = problems(
        changed(
            opened_on="soon",
            closed_on=dt.date(2020, 1, 1),
            name={"en": "Only English"},
            look_back_years=-1,
            bodies=["somebody"],
            criteria=[criterion, criterion],
            colour="blue",
        )
    )
    assert found == [
        "Scheme: “colour” is not a key of the format.",
        "Scheme, opened_on: should be a date such as 2022-01-12.",
        "Criterion P13.C1, principle: should be a number from 1 to 12.",
        "Criterion P13.C1, principle: should be a number from 1 to 12.",
        "Criteria: the key “P13.C1” stands twice.",
        "Scheme, bodies: should be empty: the site administrator adds bodies, with their dates.",
        "Scheme, name: “cy” is missing.",
        "Scheme, look_back_years: should be a number from 1 to 50.",
    ]
    assert not CertificationScheme.objects.exists()
    assert not Criterion.objects.exists()


# --- how many cameras are drawn ---

OWN = {"rule": "square-root-reduced/1", "method": "square-root", "percent": 60, "at_least": 5}
DEFAULT = {"rule": "square-root/1", "method": "square-root", "percent": 100, "at_least": 1}


def test_the_rule_of_the_sample_is_of_the_scheme_and_saying_the_default_changes_nothing():
    scheme = shipped_scheme()
    assert scheme.sample == {}
    content = yaml.safe_load(text_of())
    del content["sample"]
    assert read_scheme(yaml.safe_dump(content)).sha256 == read_scheme(changed(sample=DEFAULT)).sha256 == scheme.sha256
    loaded = load_scheme(text=changed(sample=OWN), by=None)
    assert (loaded.outcome, loaded.scheme.sample) == (Outcome.REPLACED, OWN)


def test_the_rule_of_the_sample_of_a_scheme_in_use_is_refused():
    ApplicationFactory(scheme=shipped_scheme())
    with pytest.raises(RuleBroken, match="only succeeded"):
        load_scheme(text=changed(sample=OWN), by=None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"method": "guess"}, "Scheme, sample, method: "),
        ({"percent": 0}, "Scheme, sample, percent: should be a number from 1 to 1,000."),
        ({"method": "share", "percent": 101}, "Scheme, sample, percent: should be a number from 1 to 100."),
        ({"at_least": "many"}, "Scheme, sample, at_least: should be a number from 1 to 1,000."),
        ({"rule": "Mine"}, "Scheme, sample, rule: should be a name and a version"),
        ({"rule": "square-root/1"}, "Scheme, sample, rule: is the name of another rule"),
        ({"seed": "7"}, "Scheme, sample: “seed” is not a key of the format."),
    ],
)
def test_what_a_rule_of_the_sample_cannot_be_is_named(values, sentence):
    (found,) = problems(changed(sample={**OWN, **values}))
    assert found.startswith(sentence)


def test_dates_in_the_wrong_order_are_named():
    found = problems(changed(closed_to_applications_on=dt.date(2027, 1, 1), closed_on=dt.date(2026, 6, 1)))
    assert found == ["Scheme: its dates should follow each other: opened, closed to applications, closed."]


def test_a_day_of_which_the_month_alone_is_known_reads_so_and_counts_from_its_first_day():
    historic = shipped_scheme("scc-tpc")
    assert historic.known_by_month == ["opened_on", "closed_to_applications_on"]
    assert (historic.opened_on, historic.closed_to_applications_on) == (dt.date(2015, 11, 1), dt.date(2023, 9, 1))
    names = ("opened_on", "closed_to_applications_on", "closed_on")
    assert [historic.day_in_words(name) for name in names] == ["November 2015", "September 2023", "19 November 2025"]
    with override("cy"):
        assert historic.day_in_words("closed_to_applications_on") == "Medi 2023"
    open_ = shipped_scheme()
    assert (open_.known_by_month, open_.day_in_words("opened_on"), open_.day_in_words("closed_on")) == (
        [],
        "1 January 2026",
        "",
    )


@pytest.mark.parametrize("month", ["2015-13", "2015-1", "November 2015"])
def test_a_month_that_is_none_is_named(month):
    assert problems(changed(opened_on=month)) == ["Scheme, opened_on: should be a date such as 2022-01-12."]


def test_the_day_from_which_certificates_are_historic_is_never_a_month():
    assert problems(changed(closed_on="2026-06")) == ["Scheme, closed_on: should be a date such as 2022-01-12."]


@pytest.mark.parametrize("release", range(len(LATER_KEYS)))
def test_a_scheme_of_an_earlier_portal_gets_what_the_format_lacked_then_though_it_is_in_use(release):
    scheme = shipped_scheme("scc-tpc")
    CertificateFactory(application__scheme=scheme)
    text = read_scheme(text_of("scc-tpc"))
    assert len(text.earlier_hashes) == len(LATER_KEYS)
    lacking = [key for keys in LATER_KEYS[release:] for key in keys]
    CertificationScheme.objects.filter(pk=scheme.pk).update(sha256=text._hash_without(lacking), known_by_month=[])
    loaded = load_scheme(text=text_of("scc-tpc"), by=None)
    assert (loaded.outcome, loaded.scheme.sha256) == (Outcome.COMPLETED, text.sha256)
    assert loaded.scheme.day_in_words("opened_on") == "November 2015"


def in_english_alone() -> str:
    criteria = yaml.safe_load(text_of())["criteria"]
    for criterion in criteria:
        for help_ in ("evidence", "grading"):
            del criterion[help_]["cy"]
    return changed(criteria=criteria)


def test_welsh_of_usual_evidence_and_grading_comes_to_a_scheme_in_use():
    scheme = load_scheme(text=in_english_alone(), by=None).scheme
    CertificateFactory(application__scheme=scheme)
    ids = list(scheme.criteria.values_list("pk", flat=True))
    loaded = load_scheme(text=text_of(), by=None)
    assert (loaded.outcome, loaded.scheme.sha256) == (Outcome.COMPLETED, read_scheme(text_of()).sha256)
    assert list(scheme.criteria.values_list("pk", flat=True)) == ids
    assert scheme.criteria.first().evidence_cy.startswith("Datganiad o ddiben")
    assert scheme.criteria.last().grading_cy.startswith("Prif ganfyddiad lle mae staff")
    with pytest.raises(RuleBroken, match="only succeeded"):  # not the other way: nothing is taken away
        load_scheme(text=in_english_alone(), by=None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("key: [unclosed", "The file cannot be read as YAML, line 1: "),
        ("key: a\nkey: b\n", "The file cannot be read as YAML, line 2: “key” stands twice."),
        ("- only\n- a list\n", "The file is not a certification scheme"),
        ("? [a, b]\n: c\n", "The file cannot be read as YAML, line 1: "),
        ("", "The file is not a certification scheme"),
    ],
)
def test_broken_yaml_is_one_sentence_with_its_line(text, sentence):
    with pytest.raises(RuleBroken) as refusal:
        load_scheme(text=text, by=None)
    assert str(refusal.value.sentence).startswith(sentence)


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("load_scheme", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_prints_one_json_value():
    code, out, err = run(str(DATA / "independent-assurance.yaml"), "--json")
    assert (code, json.loads(out), err) == (
        0,
        {"scheme": "independent-assurance", "outcome": "loaded", "criteria": 35},
        "",
    )


def test_the_command_refuses_with_exit_1_and_reasons(tmp_path):
    path = tmp_path / "scheme.yaml"
    path.write_text(changed(look_back_years="two"), "utf-8")
    code, out, err = run(str(path), "--json")
    assert code == 1
    assert json.loads(out)["problems"] == ["Scheme, look_back_years: should be a number from 1 to 50."]
    assert "look_back_years" in err
    assert run(str(tmp_path / "nothing.yaml"))[0] == 1


# --- bodies ---


def test_a_body_certifies_between_its_days_inclusive():
    entry = SchemeBodyFactory(starts_on=today(), ends_on=today() + DAY)
    for day, current in ((today() - DAY, False), (today(), True), (today() + DAY, True), (today() + 2 * DAY, False)):
        assert entry.is_current(day) is current
        assert SchemeBody.objects.current(day).filter(pk=entry.pk).exists() is current


def test_adding_a_body_leaves_a_trail():
    scheme, body, admin = CertificationSchemeFactory(), CertificationBodyFactory(), SiteAdministratorFactory()
    entry = add_body(scheme=scheme, body=body, accreditation_number="1234", by=admin)
    assert (entry.starts_on, entry.ends_on, entry.accreditation_number) == (today(), None, "1234")
    assert TrailEntry.objects.filter(verb="added", subject_kind="certification.SchemeBody").count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [
        (0, None, True),
        (-5, -1, False),
        (-5, 0, True),
        (11, None, False),
        (10, 12, True),
        (11, 20, False),
        (-5, 30, True),
    ],
)
def test_periods_of_one_body_do_not_overlap(starts, ends, refused):
    entry = SchemeBodyFactory(starts_on=today(), ends_on=today() + 10 * DAY)
    values = {
        "scheme": entry.scheme,
        "body": entry.body,
        "starts_on": today() + starts * DAY,
        "ends_on": None if ends is None else today() + ends * DAY,
        "by": None,
    }
    if refused:
        with pytest.raises(RuleBroken):
            add_body(**values)
    else:
        add_body(**values)
    assert entry.scheme.bodies.count() == (1 if refused else 2)


def test_only_a_certification_body_of_an_open_scheme_is_added():
    scheme = CertificationSchemeFactory()
    with pytest.raises(RuleBroken, match="certification body"):
        add_body(scheme=scheme, body=OrganisationFactory(), by=None)
    with pytest.raises(RuleBroken, match="closed"):
        add_body(scheme=CertificationSchemeFactory(closed=True), body=CertificationBodyFactory(), by=None)
    with pytest.raises(RuleBroken, match="before the scheme opened"):
        add_body(scheme=scheme, body=CertificationBodyFactory(), starts_on=scheme.opened_on - DAY, by=None)


def test_ending_is_compare_and_set():
    entry = SchemeBodyFactory()
    second = SchemeBody.objects.get(pk=entry.pk)
    end_body(entry=entry, by=None)
    assert entry.ends_on == today()
    with pytest.raises(StaleRecord):
        end_body(entry=second, ends_on=today() + DAY, by=None)
    with pytest.raises(RuleBroken):
        end_body(entry=entry, ends_on=entry.starts_on - DAY, by=None)


def test_the_month_alone_is_enough_for_the_past_only():
    scheme, body = CertificationSchemeFactory(closed=True), CertificationBodyFactory()
    entry = add_body(
        scheme=scheme,
        body=body,
        starts_on=dt.date(2016, 3, 1),
        ends_on=dt.date(2024, 3, 31),
        known_by_month=["starts_on", "ends_on"],
        by=None,
    )
    assert [entry.day_in_words(name) for name in ("starts_on", "ends_on")] == ["March 2016", "March 2024"]
    assert TrailEntry.objects.get(verb="added").after["known_by_month"] == ["ends_on", "starts_on"]
    current = CertificationSchemeFactory()
    with pytest.raises(RuleBroken, match="past months only"):
        add_body(scheme=current, body=body, starts_on=today(), known_by_month=["starts_on"], by=None)
    later = SchemeBodyFactory(scheme=current, body=body)
    with pytest.raises(RuleBroken, match="past months only"):
        end_body(entry=later, ends_on=today(), by_month=True, by=None)
    assert (later.ends_on, later.known_by_month) == (None, [])


# --- pages of the site administrator ---


def test_the_site_administrator_sees_adds_and_ends_bodies(client, django_assert_num_queries):
    scheme, body = shipped_scheme(), CertificationBodyFactory()
    client.force_login(SiteAdministratorFactory())
    with django_assert_num_queries(4):
        page = client.get("/workspace/administration/schemes/")
    assert [row["name"] for row in page.context["schemes"]] == [scheme.name]
    add = "/workspace/administration/schemes/independent-assurance/bodies/add/"
    assert client.get(add).status_code == 200
    sent = {"body": body.slug, "starts_on_day": "1", "starts_on_month": "2", "starts_on_year": "2026"}
    assert client.post(add, {**sent, "starts_on_year": "2025"}).status_code == 422
    assert client.post(add, sent).status_code == 302
    entry = scheme.bodies.get()
    assert (entry.starts_on, entry.ends_on) == (dt.date(2026, 2, 1), None)
    end = f"/workspace/administration/schemes/independent-assurance/bodies/{body.slug}/2026-02-01/end/"
    assert client.get(end).status_code == 200
    wrong = {"ends_on_day": "31", "ends_on_month": "1", "ends_on_year": "2026"}
    assert client.post(end, wrong).status_code == 422
    assert client.post(end, {**wrong, "ends_on_day": "28", "ends_on_month": "2"}).status_code == 302
    entry.refresh_from_db()
    assert entry.ends_on == dt.date(2026, 2, 28)
    page = client.get("/workspace/administration/schemes/independent-assurance/")
    assert body.name in page.content.decode()


def test_the_site_administrator_leaves_a_day_empty_and_everybody_reads_the_month(client):
    scheme, body = shipped_scheme("scc-tpc"), CertificationBodyFactory(name="Bright Body")
    client.force_login(SiteAdministratorFactory())
    pages = "/workspace/administration/schemes/scc-tpc/"
    sent = {"body": body.slug, "starts_on_day": "", "starts_on_month": "11", "starts_on_year": "2015"}
    assert client.post(f"{pages}bodies/add/", sent).status_code == 302
    entry = scheme.bodies.get()
    assert (entry.starts_on, entry.known_by_month) == (dt.date(2015, 11, 1), ["starts_on"])
    end = {"ends_on_day": "", "ends_on_month": "March", "ends_on_year": "2024"}
    assert client.post(f"{pages}bodies/{body.slug}/2015-11-01/end/", end).status_code == 302
    entry.refresh_from_db()
    assert (entry.ends_on, entry.known_by_month) == (dt.date(2024, 3, 31), ["ends_on", "starts_on"])
    for address in (pages, "/schemes/scc-tpc/", "/certificates/bodies/"):
        page = " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())
        assert "November 2015 March 2024" in page, address
        assert "1 November 2015" not in page, address
        assert "31 March 2024" not in page, address
    assert "Tachwedd 2015" in client.get("/cy/certificates/bodies/").content.decode()
    again = {**end, "ends_on_month": str(today().month), "ends_on_year": str(today().year)}
    refused = client.post(f"{pages}bodies/{body.slug}/2015-11-01/end/", again)
    assert (refused.status_code, "past months only" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "path", ["", "independent-assurance/", "independent-assurance/bodies/add/"], ids=["list", "scheme", "add"]
)
def test_nobody_else_administers_schemes(client, path):
    shipped_scheme()
    client.force_login(UserFactory())
    assert client.get(f"/workspace/administration/schemes/{path}").status_code == 403


@pytest.mark.parametrize("day", ["2026-13-45", "yesterday", "2026-02-30"])
def test_an_address_with_no_real_day_is_no_page(client, day):
    scheme = shipped_scheme()
    body = SchemeBodyFactory(scheme=scheme).body
    client.force_login(SiteAdministratorFactory())
    path = f"/workspace/administration/schemes/{scheme.key}/bodies/{body.slug}/{day}/end/"
    assert client.get(path).status_code == 404
