"""What a data protection impact assessment for cameras asks, as data (domain 4.8, 9.6; UK GDPR Article 35).

The order is that of the joint template of Commissioner and ICO; the words are the portal's own. What somebody has to
say that no key asks for goes to the part `further`, so that any assessment made elsewhere can be entered whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.models.dpia import Level, Regime
from core.errors import Text

LIMIT = 6000
LINE_LIMIT = 200


class Kind(StrEnum):
    TEXT = "text"
    LINE = "line"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MANY = "many"


@dataclass(frozen=True)
class Field:
    """One question of a part. `column` names the column of the record that holds it; else it stands in `parts`."""

    key: str
    label: Text
    help: Text = ""
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[tuple[str, Text], ...] = ()
    column: str = ""


@dataclass(frozen=True)
class Part:
    """One page of the form. `law` says in plain words why it is asked."""

    key: str
    title: Text
    law: Text
    fields: tuple[Field, ...]

    @property
    def is_required(self) -> bool:
        return any(field.required for field in self.fields)


@dataclass(frozen=True)
class ScreeningQuestion:
    key: str
    label: Text
    help: Text = ""


# Any "yes" means that an assessment is made.
SCREENING = (
    ScreeningQuestion(
        "new_data",
        _("Is information about people collected that was not collected before?"),
        _("Pictures count: also those that nobody looks at and that are overwritten."),
    ),
    ScreeningQuestion("compelled", _("Do people have to give information about themselves, without a real choice?")),
    ScreeningQuestion(
        "new_recipients",
        _("Does information go to organisations or people that did not have it before?"),
    ),
    ScreeningQuestion("new_use", _("Is information used for something that it is not used for now?")),
    ScreeningQuestion(
        "intrusive",
        _("Is technology used that is new here, or that people may find intrusive?"),
        _("For example sound, analytics, number plates, faces, or cameras that can be put up anywhere."),
    ),
    ScreeningQuestion(
        "public_place",
        _("Are people watched in a place open to the public, and no signed assessment covers that yet?"),
    ),
    ScreeningQuestion(
        "changed",
        _("Were cameras added, moved, aimed elsewhere or upgraded since they were last assessed?"),
        _("The same model in place of a broken one, with the same view, is no such change."),
    ),
    ScreeningQuestion(
        "decisions",
        _("Can what is seen lead to decisions that matter much to people, or to acts against them?"),
    ),
)
SCREENING_KEYS = tuple(question.key for question in SCREENING)

# The fourteen of the template (domain 4.8).
TRIGGERS: Mapping[str, Text] = {
    "profiling": _("People are evaluated or profiled"),
    "public_monitoring": _("A place open to the public is watched systematically"),
    "denial_of_service": _("People may be denied a service or an opportunity because of it"),
    "matching": _("Data of different sources are compared or combined"),
    "tracking": _("Where people are or how they behave is followed"),
    "risk_of_harm": _("People could come to harm if the data got out"),
    "automated_decisions": _("Decisions about people are made by machines"),
    "sensitive_data": _("The data are very personal, such as of homes, health or offences"),
    "new_technology": _("The technology is new, or used in a new way"),
    "biometrics": _("People are recognised by body or behaviour, such as by their faces"),
    "invisible": _("People are not told, or could not know"),
    "vulnerable": _("Children or other vulnerable people are watched"),
    "special_category": _("Special categories of data are processed (UK GDPR Article 9)"),
    "other": _("Something else"),
}

# Why an assessment is done again (domain, principle 2).
REOPEN: Mapping[str, Text] = {
    "added_or_removed": _("cameras are added or removed"),
    "moved": _("cameras are moved or aimed elsewhere"),
    "upgraded": _("the system is upgraded, in whole or in part"),
    "new_system": _("there is a new system"),
    "biometrics": _("biometric recognition comes into use"),
    "review": _("the yearly review is due"),
    "other": _("something else"),
}

CATEGORIES: Mapping[str, Text] = {
    "town_centre": _("town centre"),
    "residential": _("residential street"),
    "park": _("park or open space"),
    "car_park": _("car park"),
    "school": _("school nearby"),
    "transport": _("transport"),
    "housing_estate": _("housing estate"),
    "other": _("other place"),
}

LIKELIHOODS: Mapping[str, Text] = {
    "remote": _("remote"),
    "possible": _("possible"),
    "probable": _("probable"),
}
SEVERITIES: Mapping[str, Text] = {
    "minimal": _("minimal: an inconvenience"),
    "significant": _("significant: people notice and mind"),
    "severe": _("severe: lasting harm"),
}
_LEVELS: Mapping[tuple[str, str], Level] = {
    ("remote", "minimal"): Level.LOW,
    ("remote", "significant"): Level.LOW,
    ("remote", "severe"): Level.MEDIUM,
    ("possible", "minimal"): Level.LOW,
    ("possible", "significant"): Level.MEDIUM,
    ("possible", "severe"): Level.HIGH,
    ("probable", "minimal"): Level.MEDIUM,
    ("probable", "significant"): Level.HIGH,
    ("probable", "severe"): Level.HIGH,
}
LEVEL_ORDER = (Level.LOW.value, Level.MEDIUM.value, Level.HIGH.value)


def level_of(likelihood: str, severity: str) -> str:
    """How great a risk is by likelihood and severity, '' where either is unknown."""
    return _LEVELS.get((likelihood, severity), "")


def highest(levels: Iterator[str]) -> str:
    """The greatest of some levels, '' of none."""
    return max((level for level in levels if level in LEVEL_ORDER), key=LEVEL_ORDER.index, default="")


PARTS = (
    Part(
        "project",
        _("The project and who answers for it"),
        _("Article 35(7)(a) asks for a description. Article 26 asks those who decide together to say who does what."),
        (
            Field(
                "description",
                _("What is planned, or what is there already?"),
                _("Say whether it is new, an extension, an upgrade or an existing system."),
            ),
            Field("controllers", _("Which organisations decide why and how the cameras are used?"), _("One a line.")),
            Field(
                "assessor_post", _("Which post makes this assessment?"), _("No name."), kind=Kind.LINE, required=False
            ),
            Field(
                "assessed_on",
                _("Date of an earlier assessment on another form"),
                _("As it stands there."),
                kind=Kind.LINE,
                required=False,
            ),
        ),
    ),
    Part(
        "triggers",
        _("What makes an assessment necessary"),
        _("Article 35 asks for one where high risk is likely. Systematic watching of public places is listed."),
        (
            Field(
                "triggers",
                _("Which of these hold?"),
                kind=Kind.MANY,
                choices=tuple(TRIGGERS.items()),
                column="triggers",
            ),
            Field("why", _("Say more, where that helps"), _("Say what “something else” is."), required=False),
        ),
    ),
    Part(
        "timescale",
        _("Time and law"),
        _("Most use by councils is under UK GDPR; Part 3 of the 2018 Act is for prosecuting bodies. State a basis."),
        (
            Field(
                "regime",
                _("Under which law are images processed?"),
                kind=Kind.CHOICE,
                choices=tuple(Regime.choices),
                column="regime",
            ),
            Field(
                "lawful_basis",
                _("On which lawful basis?"),
                _("For a public body usually its public task, Article 6(1)(e): name the power or duty."),
            ),
            Field(
                "special_condition",
                _("Which condition allows special categories, if any are processed?"),
                _("Article 9. Recognising people by their faces always needs one."),
                required=False,
            ),
            Field("timescale", _("When does it begin, or since when has it run?")),
        ),
    ),
    Part(
        "where",
        _("Where, and what for"),
        _("Principle 1 of the Code: a stated purpose and a pressing need, place by place."),
        (
            Field("places", _("Which places do the cameras watch?")),
            Field("purposes", _("What are they for?"), _("One purpose a line.")),
            Field(
                "technology",
                _("What can the cameras do?"),
                _("Zoom, sound, number plates, analytics, recognition, views into homes and what masks them."),
            ),
        ),
    ),
    Part(
        "control",
        _("Who controls and who handles the images"),
        _("Articles 26 and 28: joint controllers need an arrangement, contractors a contract."),
        (
            Field("who", _("Who runs the system, watches the pictures and answers for it?"), _("Posts, no names.")),
            Field("joint", _("Is anybody a joint controller, and what is agreed?"), required=False),
            Field("processors", _("Which contractors handle images, and under which contract?"), required=False),
        ),
    ),
    Part(
        "flows",
        _("How images flow"),
        _("Article 30 asks for a record of who gets what; principle 7 for defined rules of disclosure."),
        (
            Field("collected", _("What is recorded, when, and where is it kept?")),
            Field("shared", _("Who else sees or gets images, how, and who decides?")),
            Field("abroad", _("Do images leave the United Kingdom?"), required=False),
        ),
    ),
    Part(
        "consultation",
        _("Consultation"),
        _("Article 35(9): seek the views of the people concerned, or record why not."),
        (
            Field(
                "consulted",
                _("Who was asked, and what did they say?"),
                _("Police, residents, businesses, councillors. If nobody was asked, say why."),
                column="consulted",
            ),
        ),
    ),
    Part(
        "necessity",
        _("Necessity and proportion"),
        _("Article 35(7)(b), and Article 8 of the Convention: no more than is needed, and nothing milder would do."),
        (
            Field("need", _("Which problem is there, and what shows it?")),
            Field("beneficiaries", _("Who benefits?"), required=False),
            Field("benefits", _("What do they gain?"), required=False),
            Field("less_intrusive", _("Could something less intrusive do the same?"), kind=Kind.YES_NO),
            Field("less_intrusive_why", _("What was considered, and why is it not enough?"), _("Such as lighting.")),
            Field("proportionate", _("Why is the intrusion in proportion to the gain?")),
        ),
    ),
    Part(
        "security",
        _("Security"),
        _("Article 32 and principle 9: safeguards against access and use that nobody allowed."),
        (Field("measures", _("How are rooms, systems, accounts and exported images protected?")),),
    ),
    Part(
        "retention",
        _("How long images are kept"),
        _("No law names a number of days: the purpose decides (Article 5(1)(e), principle 6)."),
        (
            Field("period", _("How long are images kept, and why that long?")),
            Field("deletion", _("How are they deleted, and what is kept longer?"), required=False),
        ),
    ),
    Part(
        "rights",
        _("Rights of people"),
        _("Articles 12 to 22: people are told, can ask for their images, object and complain."),
        (
            Field("told", _("How are people told?"), _("Signs, web page, privacy notice.")),
            Field("requests", _("How are requests for images, objections and complaints handled?")),
        ),
    ),
    Part(
        "review",
        _("Review"),
        _("Article 35(11) and principle 2: look at it again when something changes, and every year."),
        (Field("how", _("How and by which post is it reviewed?"), required=False),),
    ),
    Part(
        "summary",
        _("Summary for the public"),
        _("The Code asks for openness. This text is frozen with the rest; publishing it is a later decision."),
        (
            Field(
                "summary",
                _("Summary"),
                _("What is watched, why, which risks there are and what is done."),
                required=False,
            ),
            Field("summary_cy", _("Summary in Welsh"), required=False),
        ),
    ),
    Part(
        "further",
        _("What the form does not ask"),
        _("Whatever else belongs to this assessment, such as parts of an older form that have no place here."),
        (Field("notes", _("Further notes"), required=False),),
    ),
)
BY_KEY: Mapping[str, Part] = {part.key: part for part in PARTS}

# Equality Act 2010, section 4.
CHARACTERISTICS: Mapping[str, Text] = {
    "age": _("Age"),
    "disability": _("Disability"),
    "gender_reassignment": _("Gender reassignment"),
    "marriage": _("Marriage and civil partnership"),
    "pregnancy": _("Pregnancy and maternity"),
    "race": _("Race"),
    "religion": _("Religion or belief"),
    "sex": _("Sex"),
    "sexual_orientation": _("Sexual orientation"),
}


def values_of(part: Part, record: Any) -> dict[str, Any]:
    """What a record says in a part, by key of its fields; what is not answered is missing."""
    kept = record.parts.get(part.key, {})
    found = {field.key: getattr(record, field.column) if field.column else kept.get(field.key) for field in part.fields}
    return {key: value for key, value in found.items() if value}


def lacking(part: Part, record: Any) -> list[Field]:
    """The required questions of a part that are open."""
    values = values_of(part, record)
    return [field for field in part.fields if field.required and not values.get(field.key)]
