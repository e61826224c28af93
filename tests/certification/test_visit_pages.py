"""The pages of a site visit: what each side sees, what is refused, conflicts, and what they cost."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from certification.models import Observation, SiteVisit
from certification.services import visits
from certification.services.visit_points import stops_of
from certification.services.visit_seen import Said
from certification.visit_checklist import lines_at
from compliance.models import Camera
from core import jobs
from core.dates import today
from tests.compliance.test_ics import events, lines
from tests.factories.accounts import member
from tests.factories.certification_visits import PLACE, FullParties, address, see_all
from tests.factories.compliance import CameraFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a-quiet-street-at-noon"


@pytest.fixture
def parties() -> FullParties:
    return FullParties.make()


def camera_form(visit, *, version=0, **said):
    """What the page of a camera sends: nothing said but `said`, by line with _ for -."""
    form = {f"{line['key']}-version": str(version) for line in lines_at(visit, "camera")}
    for name, value in said.items():
        line, _dash, field = name.rpartition("__")
        form[f"{line.replace('_', '-')}-{field}"] = value
    return form


def observed(visit):
    return list(visit.observations.order_by("pk").values_list("item", "seen", "note", "version"))


def when(day, **more):
    return {
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "begins": "09:30",
        "ends": "16:00",
        "place": "Civic Centre",
        **more,
    }


# --- the date ---


def test_a_date_is_proposed_in_the_time_of_london(client, parties):
    application = parties.step1_passed()
    client.force_login(parties.manager)
    url = reverse("certification:visit_new", args=[parties.body.slug, application.reference])
    response = client.post(url, when(dt.date(2027, 7, 1), last_day_day=2, last_day_month=7, last_day_year=2027))
    visit = SiteVisit.objects.get()
    assert response.url == address(visit)
    assert visit.starts_at == dt.datetime(2027, 7, 1, 8, 30, tzinfo=dt.UTC)  # summer time
    assert visit.ends_at == dt.datetime(2027, 7, 2, 15, 0, tzinfo=dt.UTC)
    assert "1 July 2027, 09:30 to 2 July 2027, 16:00" in client.get(response.url).content.decode()


def test_a_time_that_the_clocks_leave_out_is_refused(client, parties):
    application = parties.step1_passed()
    client.force_login(parties.auditor)
    url = reverse("certification:visit_new", args=[parties.body.slug, application.reference])
    response = client.post(url, when(dt.date(2027, 3, 28), begins="01:30"))
    assert response.status_code == 422
    assert "This time does not exist on that day: the clocks go forward." in response.content.decode()


def test_a_past_day_is_refused_with_the_sentence_of_the_rule(client, parties):
    application = parties.step1_passed()
    client.force_login(parties.auditor)
    url = reverse("certification:visit_new", args=[parties.body.slug, application.reference])
    response = client.post(url, when(today() - dt.timedelta(days=2)))
    assert (response.status_code, SiteVisit.objects.count()) == (422, 0)
    assert "The visit must begin today or later." in response.content.decode()


def test_the_operator_agrees_what_it_read_and_nothing_newer(client, parties):
    visit = parties.proposed()
    client.force_login(parties.spoc)
    assert "Agree this date" in client.get(address(visit, side="operator")).content.decode()
    SiteVisit.objects.filter(pk=visit.pk).update(version=2)
    assert client.post(address(visit, "visit_agree", side="operator"), {"version": 1}).status_code == 409
    assert client.post(address(visit, "visit_agree", side="operator"), {"version": 2}).status_code == 302
    assert SiteVisit.objects.get().status == "agreed"


CALENDAR = {
    "proposed": ("PUBLISH", "TENTATIVE", "0"),
    "agreed": ("PUBLISH", "CONFIRMED", "0"),
    "off": ("CANCEL", "CANCELLED", "1"),
}


@pytest.mark.parametrize("stage", CALENDAR)
@pytest.mark.parametrize("side", ["body", "operator"])
def test_the_calendar_file_of_both_sides(client, parties, side, stage):
    visit = parties.agreed() if stage != "proposed" else parties.proposed()
    if stage == "off":
        visits.cancel(visit=visit, version=visit.version, reason="Ill.", by=parties.manager)
    client.force_login(parties.auditor if side == "body" else parties.spoc)
    response = client.get(address(visit, "visit_ics", side=side))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(response.content)
    start = visit.starts_at.astimezone(dt.UTC)
    (method,) = (line for line in lines(response.content) if line.startswith("METHOD:"))
    assert (method.removeprefix("METHOD:"), event["STATUS"], event["SEQUENCE"]) == CALENDAR[stage]
    assert event["UID"].startswith(f"{visit.reference}@")
    assert event["DTSTART"] == f"{start:%Y%m%dT%H%M%SZ}"
    other = parties.operator if side == "body" else parties.body
    assert event["SUMMARY"] == f"Site visit: {other.name}"


def test_the_page_of_the_application_lists_visits_and_leads_to_a_new_one(client, parties):
    visit = parties.agreed()
    new = reverse("certification:visit_new", args=[parties.body.slug, visit.application.reference])
    page = reverse("certification:application", args=[parties.body.slug, visit.application.reference])
    client.force_login(parties.auditor)
    shown = client.get(page).content.decode()
    assert (address(visit) in shown, new in shown) == (True, True)
    client.force_login(parties.spoc)
    page = reverse("certification:application", args=[parties.operator.slug, visit.application.reference])
    shown = client.get(page).content.decode()
    assert (address(visit, side="operator") in shown, "visits/new/" in shown) == (True, False)


# --- what is to be seen ---


def test_the_operator_does_not_read_the_sample_before_the_visit_begins(client, parties):
    visit = parties.drawn()
    names = list(visit.sample.values_list("camera_reference", flat=True))
    client.force_login(parties.spoc)
    page = client.get(address(visit, side="operator")).content.decode()
    assert [name for name in names if name in page] == []
    assert visit.seed not in page
    assert client.get(address(visit, "visit_register", side="operator")).status_code == 404
    visits.begin(visit=visit, by=parties.auditor)
    page = client.get(address(visit, side="operator")).content.decode()
    assert [name for name in names if name in page] == names
    assert visit.seed in page
    register = client.get(address(visit, "visit_register", side="operator"))
    assert b"".join(register.streaming_content).count(b"\n") == 5


def test_the_operators_trail_does_not_tell_the_sample(client, parties):
    visit = parties.drawn()
    client.force_login(parties.spoc)
    trail = client.get(reverse("accounts:trail", args=[parties.operator.slug])).content.decode()
    assert visit.seed not in trail


def test_the_sample_is_drawn_by_its_button_and_again_only_with_a_reason(client, parties):
    visit = parties.agreed()
    client.force_login(parties.auditor)
    assert "5 cameras in 1 stratum" in " ".join(client.get(address(visit, "visit_sample")).content.decode().split())
    assert client.post(address(visit, "visit_draw"), {"version": visit.version}).status_code == 302
    visit.refresh_from_db()
    assert visit.sample.count() == 3
    refused = client.post(address(visit, "visit_draw"), {"version": visit.version, "reason": ""})
    assert (refused.status_code, SiteVisit.objects.get().seed) == (422, visit.seed)
    assert client.post(address(visit, "visit_draw"), {"version": visit.version - 1, "reason": "x"}).status_code == 409


def test_a_system_without_cameras_in_the_register_is_named(client, parties):
    parties.cameras = 0
    visit = parties.agreed()
    client.force_login(parties.auditor)
    page = " ".join(client.get(address(visit, "visit_sample")).content.decode().split())
    name = visit.application.systems.get().name
    assert f"No camera of this system stands in the register, so none can be drawn: {name} (15 counted)." in page
    assert "Draw the sample" not in page


def test_only_cameras_of_the_application_are_found_and_chosen(client, parties):
    visit = parties.drawn()
    stranger = CameraFactory(operator_ref="1999", location="Elsewhere")
    client.force_login(parties.auditor)
    found = client.get(address(visit, "visit_sample"), {"q": "1"}).context["cameras"]
    assert len(found) == 2  # of five the three that were drawn are left out, and the stranger
    sent = {"camera": stranger.pk, "reason": "Curious."}
    assert client.post(address(visit, "visit_choose"), sent).status_code == 404
    sent = {"camera": found[0]["pk"], "reason": "A complaint."}
    assert client.post(address(visit, "visit_choose"), sent).status_code == 302
    assert visit.sample.get(is_chosen=True).reason == "A complaint."
    again = client.post(address(visit, "visit_choose"), sent)
    assert again.status_code == 422
    assert "This camera is on the list already." in again.content.decode()


# --- what was seen ---


def test_nothing_is_ticked_beforehand_and_a_line_may_wait(client, parties):
    visit = parties.under_way()
    client.force_login(parties.auditor)
    page = client.get(address(visit, "visit_camera", 1)).content.decode()
    assert (page.count('type="radio"'), "checked" in page) == (40, False)
    sent = camera_form(visit, cam_works__seen="yes") | {"next": "1"}
    response = client.post(address(visit, "visit_camera", 1), sent)
    assert response.url == f"{address(visit, 'visit_camera', 2)}?saved={visit.reference}/camera-1"
    assert observed(visit) == [("cam-works", "yes", "", 1)]


def test_the_last_stop_leads_back_to_the_visit(client, parties):
    visit = parties.under_way()
    client.force_login(parties.auditor)
    form = {f"{line['key']}-version": "0" for line in lines_at(visit, "control_room")}
    response = client.post(address(visit, "visit_place", 1), {**form, "next": "1"})
    assert response.url == f"{address(visit)}?saved={visit.reference}/control_room-1"


def test_what_is_not_as_it_should_be_needs_a_note_and_nothing_of_the_page_is_lost(client, parties):
    visit = parties.under_way()
    client.force_login(parties.auditor)
    sent = camera_form(visit, cam_sign__seen="no", cam_works__seen="yes", cam_view__note="Over the square.")
    response = client.post(address(visit, "visit_camera", 1), sent)
    page = response.content.decode()
    assert (response.status_code, observed(visit)) == (422, [])
    assert "Say in the note what was seen, or why it could not be." in page
    assert "Say what was seen, then save the note." in page
    assert "Over the square." in page


def test_a_save_that_is_repeated_changes_nothing(client, parties):
    visit = parties.under_way()
    client.force_login(parties.auditor)
    sent = camera_form(visit, cam_sign__seen="no", cam_sign__note="The old council.")
    for _again in range(2):
        assert client.post(address(visit, "visit_camera", 1), sent).status_code == 302
    assert observed(visit) == [("cam-sign", "no", "The old council.", 1)]


def test_an_overtaken_line_shows_both_and_is_replaced_knowingly(client, parties):
    visit = parties.under_way()
    sample = visit.sample.get(position=1)
    visits.observe(visit=visit, said=[Said("cam-sign", "yes", "", 0)], by=parties.auditor, sample=sample)
    client.force_login(parties.auditor)
    sent = camera_form(visit, cam_sign__seen="no", cam_sign__note="It is gone.", cam_works__seen="yes")
    response = client.post(address(visit, "visit_camera", 1), sent)
    page = response.content.decode()
    assert (response.status_code, observed(visit)) == (409, [("cam-sign", "yes", "", 1)])
    assert "This line was saved meanwhile, in another window perhaps." in page
    assert "It is gone." in page
    form = next(line["form"] for line in response.context["lines"] if line["overtaken"])
    sent["cam-sign-version"] = form["version"].value()
    assert client.post(address(visit, "visit_camera", 1), sent).status_code == 302
    assert observed(visit) == [("cam-sign", "no", "It is gone.", 2), ("cam-works", "yes", "", 1)]


def test_after_a_refused_photo_what_was_seen_is_still_saved_at_its_own_address(client, parties):
    visit = parties.under_way()
    client.force_login(parties.auditor)
    own = address(visit, "visit_camera", 1)
    for act in ("photo", "not-seen"):
        refused = client.post(address(visit, "visit_camera_act", 1, act), {})
        assert refused.status_code == 422
        assert f'<form method="post" action="{own}" novalidate class="ccp-visit-form"' in refused.content.decode()


def test_after_a_refused_draw_cameras_are_still_found(client, parties):
    visit = parties.drawn()
    client.force_login(parties.auditor)
    refused = client.post(address(visit, "visit_draw"), {"version": visit.version, "reason": ""})
    assert f'role="search" action="{address(visit, "visit_sample")}#choose"' in refused.content.decode()


def test_a_camera_that_could_not_be_seen_says_so_for_every_open_line(client, parties):
    visit = parties.under_way()
    sample = visit.sample.get(position=1)
    visits.observe(visit=visit, said=[Said("cam-sign", "yes", "", 0)], by=parties.auditor, sample=sample)
    client.force_login(parties.auditor)
    url = address(visit, "visit_camera_act", 1, "not-seen")
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Roadworks."}).status_code == 302
    rows = Observation.objects.filter(sample=sample)
    assert sorted(rows.values_list("seen", "note").distinct()) == [("unseen", "Roadworks."), ("yes", "")]
    assert stops_of(visit)[0].is_done


def test_the_manager_reads_what_the_auditor_wrote_and_has_no_form(client, parties):
    visit = parties.under_way()
    see_all(visit, by=parties.auditor)
    client.force_login(parties.manager)
    page = client.get(address(visit, "visit_camera", 1)).content.decode()
    assert ("As it should be" in page, 'type="radio"' in page) == (True, False)
    assert client.post(address(visit, "visit_camera", 1), camera_form(visit)).status_code == 403


def test_a_finding_is_raised_from_what_is_amiss_once(client, parties):
    visit = parties.under_way()
    sample = visit.sample.get(position=1)
    visits.observe(visit=visit, said=[Said("cam-sign", "no", "The old council.", 0)], by=parties.auditor, sample=sample)
    url = address(visit, "visit_camera_finding", 1, "cam-sign")
    client.force_login(parties.auditor)
    form = client.get(url).context["form"]
    assert form["text"].value() == "The old council."
    assert f"Due by {today() + dt.timedelta(days=28):%-d %B %Y}" in client.get(url).content.decode()
    assert form["evidence"].value() == f"Site visit {visit.reference}, camera {sample.camera_reference}"
    sent = {"criterion": "P01.C1", "class_key": "minor", "text": "The sign.", "evidence": "Seen."}
    assert client.post(url, sent).status_code == 302
    observation = visit.observations.get()
    assert (observation.finding.review, observation.finding.class_key) == (visit.review, "minor")
    assert list(observation.finding.systems.all()) == [sample.system]
    assert client.get(url).status_code == 302  # there is one: it leads there
    assert visit.application.findings.count() == 1


def test_a_finding_needs_something_amiss(client, parties):
    visit = parties.under_way()
    sample = visit.sample.get(position=1)
    visits.observe(visit=visit, said=[Said("cam-sign", "yes", "", 0)], by=parties.auditor, sample=sample)
    client.force_login(parties.auditor)
    sent = {"criterion": "P01.C1", "class_key": "minor", "text": "The sign."}
    assert client.post(address(visit, "visit_camera_finding", 1, "cam-sign"), sent).status_code == 422
    assert client.get(address(visit, "visit_camera_finding", 1, "cam-view")).status_code == 404


# --- both signatures ---


def signing(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def test_the_auditor_signs_with_the_password_again_and_only_when_all_is_said(client, parties):
    visit = parties.under_way()
    client.force_login(signing(parties.auditor))
    sent = {"typed_name": "A. Auditor", "password": "wrong", "version": visit.version}
    assert client.post(address(visit, "visit_sign"), sent).status_code == 422
    sent["password"] = PASSWORD
    refused = client.post(address(visit, "visit_sign"), sent)
    assert refused.status_code == 422
    assert f"Nothing is said yet about {PLACE}." in refused.content.decode()
    see_all(visit, by=parties.auditor)
    assert client.post(address(visit, "visit_sign"), sent).status_code == 302
    visit.refresh_from_db()
    assert (visit.auditor_name, visit.status, len(visit.record_sha256)) == ("A. Auditor", "under_way", 64)
    assert client.post(address(visit, "visit_camera", 1), camera_form(visit)).status_code == 409


def test_the_operator_signs_what_it_read_with_remarks(client, parties):
    visit = parties.auditor_signed()
    client.force_login(signing(parties.sro()))
    page = client.get(address(visit, "visit_countersign", side="operator"))
    sent = {
        "typed_name": "S. Officer",
        "post": "Director",
        "remarks": "The sign is new.",
        "password": PASSWORD,
        "read_sha256": "0" * 64,
    }
    url = address(visit, "visit_countersign", side="operator")
    assert client.post(url, sent).status_code == 409
    sent["read_sha256"] = page.context["sha256"]
    assert client.post(url, sent).status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.operator_post, visit.operator_remarks) == ("signed", "Director", "The sign is new.")
    record = client.get(address(visit, "visit_record", side="operator")).content.decode()
    assert ("The sign is new." in record, visit.record_sha256 in record) == (True, True)


def test_a_signature_is_taken_back_only_before_the_operator_signed(client, parties):
    visit = parties.auditor_signed()
    client.force_login(parties.auditor)
    assert client.post(address(visit, "visit_take_back"), {"reason": "A wrong camera."}).status_code == 302
    visit.refresh_from_db()
    assert (visit.auditor_signed_at, visit.record) == (None, "")
    signed = parties.signed()
    assert client.post(address(signed, "visit_take_back"), {"reason": "Late."}).status_code == 409


def test_the_record_is_printed_by_a_worker_and_never_changes(client, parties):
    visit = parties.signed()
    client.force_login(parties.manager)
    waiting = client.get(address(visit, "visit_record_pdf"))
    assert (waiting.status_code, waiting["Retry-After"]) == (404, "3")
    page = client.get(address(visit, "visit_record")).content.decode()
    assert ("is being printed" in page, "record.pdf" in page) == (True, False)
    jobs.drain()
    page = client.get(address(visit, "visit_record")).content.decode()
    assert ("is being printed" in page, "record.pdf" in page) == (False, True)
    first = b"".join(client.get(address(visit, "visit_record_pdf")).streaming_content)
    assert first.startswith(b"%PDF-")
    visit.refresh_from_db()
    assert visit.document_sha256 != ""
    assert visit.changes.count() == 3


def test_the_checklist_is_printed_on_demand(client, parties):
    visit = parties.drawn()
    client.force_login(parties.auditor)
    waiting = client.get(address(visit, "visit_checklist"))
    assert (waiting.status_code, waiting["Retry-After"]) == (404, "3")
    state = address(visit, "visit_checklist_print")
    assert "Print it as it stands now" in client.get(state).content.decode()
    assert client.post(state).url == state
    client.post(state)
    page = client.get(state).content.decode()
    assert ("It is being printed" in page, "checklist.pdf" in page) == (True, False)
    assert jobs.Job.objects.filter(kind="certification.print_visit_checklist").count() == 1
    jobs.drain()
    page = client.get(state).content.decode()
    assert ("It is being printed" in page, address(visit, "visit_checklist") in page) == (False, True)
    visits.choose_camera(
        visit=visit,
        camera=Camera.objects.exclude(pk__in=visit.sample.values("camera"))[0],
        reason="A complaint.",
        by=parties.auditor,
    )
    assert "Print it as it stands now" in client.get(state).content.decode()  # the list is another one now
    client.post(state)
    jobs.drain()
    response = client.get(address(visit, "visit_checklist"))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    response.close()


# --- strangers ---


def test_a_stranger_and_a_colleague_of_another_body_find_nothing(client, parties):
    visit = parties.under_way()
    other = FullParties.make()
    client.force_login(other.auditor)
    assert client.get(address(visit)).status_code == 404
    client.force_login(member(parties.body, Role.AUDITOR))
    assert client.get(address(visit)).status_code == 403
