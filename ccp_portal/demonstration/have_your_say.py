"""Two national consultations: one takes answers, one ended with an outcome that says what changes."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from ccp_portal.demonstration.people import World
from compliance.models import Consultation
from core.dates import LONDON
from strategy.models import NationalConsultation, NationalResponse
from strategy.services import consultation_responses as answering
from strategy.services import consultations
from strategy.services.consultation_responses import Given, respond

BODY = "board"
CONTACT = "Secretary to the Board, secretary@camerasboard.example"
Facts = dict[str, Any]

OPEN: Facts = {
    "title": "One wording for signs at public-space cameras",
    "title_cy": "Un geiriad ar gyfer arwyddion wrth gamerâu mannau cyhoeddus",
    "summary": "Signs differ from place to place. Should they all say the same, and what should that be?",
    "summary_cy": "Mae arwyddion yn amrywio o le i le. A ddylent i gyd ddweud yr un peth, a beth ddylai hynny fod?",
    "background": "A sign tells people that they may be recorded, by whom, why, and whom to ask. The Board proposes one"
    " wording with the name and telephone number of the operator, in the languages of the place.\n\nIt also thought of"
    " leaving the wording to each operator, and of a sign with a picture alone.",
    "background_cy": "Mae arwydd yn dweud wrth bobl y gallant gael eu recordio, gan bwy, pam, a phwy i’w holi. Mae’r"
    " Bwrdd yn cynnig un geiriad gydag enw a rhif ffôn y gweithredwr, yn ieithoedd y lle.\n\nYstyriodd hefyd adael y"
    " geiriad i bob gweithredwr, ac arwydd â llun yn unig.",
}
OVER: Facts = {
    "title": "How often the public should read new figures",
    "title_cy": "Pa mor aml y dylai’r cyhoedd ddarllen ffigurau newydd",
    "summary": "Operators publish figures on their cameras once a year. The Board asked whether that is enough.",
    "summary_cy": "Mae gweithredwyr yn cyhoeddi ffigurau am eu camerâu unwaith y flwyddyn. Gofynnodd y Bwrdd a yw"
    " hynny’n ddigon.",
    "background": "Figures once a year are easy to make and soon old. The Board proposed every three months.",
    "background_cy": "Mae ffigurau unwaith y flwyddyn yn hawdd eu llunio ac yn hen yn fuan. Cynigiodd y Bwrdd bob tri"
    " mis.",
}
ASKED: dict[str, list[Facts]] = {
    OPEN["title"]: [
        {"kind": "scale", "text": "All signs should say the same.", "text_cy": "Dylai pob arwydd ddweud yr un peth."},
        {
            "kind": "many",
            "text": "What should every sign say?",
            "text_cy": "Beth ddylai pob arwydd ei ddweud?",
            "options": "Who runs the cameras\nWhy they are there\nA telephone number\nHow long pictures are kept",
            "options_cy": "Pwy sy’n rhedeg y camerâu\nPam y maent yno\nRhif ffôn\nAm faint y cedwir lluniau",
        },
        {"kind": "text", "text": "What else should we know?", "text_cy": "Beth arall dylem ei wybod?"},
    ],
    OVER["title"]: [
        {
            "kind": "one",
            "text": "How often should figures be published?",
            "text_cy": "Pa mor aml y dylid cyhoeddi ffigurau?",
            "options": "Once a year\nEvery six months\nEvery three months",
            "options_cy": "Unwaith y flwyddyn\nBob chwe mis\nBob tri mis",
        },
        {"kind": "text", "text": "Why?", "text_cy": "Pam?"},
    ],
}
WORDS = (
    ("en", "Every three months is too much work for a small council."),
    ("en", "Figures that are a year old help nobody."),
    ("cy", "Mae bob chwe mis yn ddigon, ac yn gyson â’r cyfarfodydd."),
)
ON_SIGNS = (
    ("en", "Signs should be where one sees them before one is in the picture."),
    ("en", "A telephone number helps those who do not use the web."),
    ("cy", "Dylai’r Gymraeg sefyll uwchben neu wrth ymyl y Saesneg, yn yr un maint."),
)
OUTCOME: Facts = {
    "outcome": "Many wanted newer figures, and small operators feared the work. Figures are asked for every six months"
    " instead of every three.",
    "outcome_cy": "Roedd llawer am gael ffigurau mwy newydd, ac roedd gweithredwyr bach yn ofni’r gwaith. Gofynnir am"
    " ffigurau bob chwe mis yn lle bob tri.",
    "questions": {
        "q1": {
            "heard": "Most chose every six months.",
            "heard_cy": "Dewisodd y rhan fwyaf bob chwe mis.",
            "decision": "changed",
            "change": "Every six months instead of every three, from next April.",
            "change_cy": "Bob chwe mis yn lle bob tri, o fis Ebrill nesaf.",
        },
        "q2": {
            "heard": "Work for small councils, and figures that are out of date.",
            "heard_cy": "Gwaith i gynghorau bach, a ffigurau sydd wedi dyddio.",
            "decision": "changed",
            "change": "Operators with fewer than ten cameras go on once a year.",
            "change_cy": "Mae gweithredwyr â llai na deg camera yn parhau unwaith y flwyddyn.",
        },
        "welsh-effects": {
            "heard": "Some asked for figures in both languages.",
            "heard_cy": "Gofynnodd rhai am ffigurau yn y ddwy iaith.",
            "decision": "kept",
        },
        "welsh-change": {
            "heard": "Nobody proposed a change.",
            "heard_cy": "Ni chynigiodd neb newid.",
            "decision": "kept",
        },
    },
}


def make_national_consultations(world: World) -> None:
    """By the services that pages use."""
    by, now = world.holder(BODY, Role.SECRETARY), timezone.now().astimezone(LONDON).replace(microsecond=0)
    noon = now.replace(hour=12, minute=0, second=0)
    running = _opened(world, OPEN, by, noon - dt.timedelta(days=8), noon + dt.timedelta(days=34))
    for number, (language, words) in enumerate(ON_SIGNS):
        given = {"q1": str(5 - number), "q2": ["1", str(2 + number)], "q3": words}
        respond(national=running, given=Given(answers=given, language=language, consent="unnamed"))

    over = _opened(world, OVER, by, noon - dt.timedelta(days=60), noon + dt.timedelta(days=1))
    for number in range(32):
        _answer(over, number)
    _let_it_close(over, noon - dt.timedelta(days=18))
    own = NationalResponse.objects.filter(response__consultation=over.consultation)
    answering.accept(responses=list(own.select_related("response__consultation")), by=by)
    over = _fresh(over)
    consultations.conclude(national=over, facts=OUTCOME, version=over.consultation.version, by=by)


def _opened(world: World, facts: Facts, by: User, first: dt.datetime, last: dt.datetime) -> NationalConsultation:
    more = {"contact": CONTACT, "makes_policy": True, "keep_months": 12, "opens_at": first, "closes_at": last}
    made = consultations.draft(organisation=world.organisations[BODY], facts=facts | more, by=by)
    for question in ASKED[facts["title"]]:
        values = {"options": "", "options_cy": "", **question}
        version = _fresh(made).consultation.version
        consultations.set_question(national=made, values=values, key="", version=version, by=by)
    consultations.open_it(national=made, version=_fresh(made).consultation.version, by=by)
    return _fresh(made)


def _answer(national: NationalConsultation, number: int) -> None:
    language, words = WORDS[number] if number < len(WORDS) else ("cy" if number % 7 == 0 else "en", "")
    is_organisation = number % 3 == 0
    answers = {"q1": str((1, 2, 2, 3, 2)[number % 5]), "q2": words}
    if number == 5:
        answers["welsh-effects"] = "Figures should be published in Welsh as well."
    given = Given(
        answers=answers,
        is_organisation=is_organisation,
        organisation=f"Example Residents’ Association {number + 1}" if is_organisation else "",
        consent=("named" if is_organisation else "unnamed") if number < 9 else "no",
        language=language,
        channel=NationalResponse.Channel.FILE if number == 3 else NationalResponse.Channel.FORM,
    )
    respond(national=national, given=given)


def _let_it_close(national: NationalConsultation, at: dt.datetime) -> None:
    """Answers are taken only while it is open, and nobody waits six weeks for a demonstration: its clock is put on."""
    NationalConsultation.objects.filter(pk=national.pk).update(closes_at=at)
    Consultation.objects.filter(pk=national.consultation_id).update(closes_on=at.date())


def _fresh(national: NationalConsultation) -> NationalConsultation:
    return NationalConsultation.objects.select_related("consultation__organisation").get(pk=national.pk)
