"""Questions of a national consultation: what one is, its words, and what an answer to it may be."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from compliance.services.texts import checked_text
from core.bilingual import is_welsh_page
from core.errors import Incomplete, Problem, RuleBroken
from strategy.models.consultations import QuestionKind, Scale

Question = dict[str, Any]
Answer = str | list[str]
MOST_QUESTIONS, QUESTION_LIMIT, OPTION_LIMIT, MOST_OPTIONS, ANSWER_LIMIT = 30, 500, 150, 20, 6000
CHOSEN = (QuestionKind.ONE, QuestionKind.MANY)

# What bodies under the Welsh language standards ask where they make policy; both languages, so no gettext.
ON_WELSH: Sequence[Mapping[str, str]] = (
    {
        "key": "welsh-effects",
        "text": "What effects, good or bad, would this have on opportunities to use the Welsh language, and on treating"
        " it no less favourably than English?",
        "text_cy": "Pa effeithiau, da neu ddrwg, a gâi hyn ar gyfleoedd i ddefnyddio’r Gymraeg, ac ar beidio â’i thrin"
        " yn llai ffafriol na’r Saesneg?",
    },
    {
        "key": "welsh-change",
        "text": "How could it be changed so that its good effects on the Welsh language grow, or its bad effects"
        " lessen?",
        "text_cy": "Sut y gellid ei newid fel bod ei effeithiau da ar y Gymraeg yn cynyddu, neu ei effeithiau drwg yn"
        " lleihau?",
    },
)


def with_welsh_effects(questions: Sequence[Question], *, makes_policy: bool) -> list[Question]:
    """The same questions, with those on the Welsh language at their end where policy is made, and without elsewhere."""
    own = [each for each in questions if not each.get("about_welsh")]
    if not makes_policy:
        return own
    asked = [{**each, "kind": str(QuestionKind.TEXT), "options": [], "about_welsh": True} for each in ON_WELSH]
    return own + asked


def checked_question(values: Mapping[str, Any], *, taken: Sequence[Question], key: str = "") -> Question:
    """A question that can be asked. Raises Incomplete with all that is wrong with it, RuleBroken for unfit texts."""
    texts = {name: checked_text(values.get(name, ""), limit=QUESTION_LIMIT) for name in ("text", "text_cy")}
    kind = QuestionKind(values["kind"])
    english, welsh = (
        [checked_text(line, limit=OPTION_LIMIT) for line in values.get(name, "").splitlines() if line.strip()]
        for name in ("options", "options_cy")
    )
    problems = []
    if not texts["text"]:
        problems.append(Problem(_("Write the question."), field="text"))
    if kind in CHOSEN:
        problems += _option_problems(english, welsh)
    elif english or welsh:
        problems.append(Problem(_("Only questions in which one chooses have options."), field="options"))
    if not key and len(taken) >= MOST_QUESTIONS:
        problems.append(Problem(_("Ask at most %(most)d questions.") % {"most": MOST_QUESTIONS}))
    if problems:
        raise Incomplete(problems)
    welsh = welsh or [""] * len(english)
    options = [{"en": one, "cy": other} for one, other in zip(english, welsh, strict=True)]
    return {"key": key or _next_key(taken), "kind": str(kind), **texts, "options": options}


def _option_problems(english: Sequence[str], welsh: Sequence[str]) -> list[Problem]:
    problems = []
    if not 1 < len(english) <= MOST_OPTIONS:
        sentence = _("Write at least two options, and at most %(most)d, one on each line.")
        problems.append(Problem(sentence % {"most": MOST_OPTIONS}, field="options"))
    for lines, field in ((english, "options"), (welsh, "options_cy")):
        if len({line.casefold() for line in lines}) != len(lines):
            problems.append(Problem(_("An option stands there twice."), field=field))
    if welsh and len(welsh) != len(english):
        problems.append(Problem(_("Write as many options in Welsh as in English, or none."), field="options_cy"))
    return problems


def _next_key(taken: Sequence[Question]) -> str:
    used = {each["key"] for each in taken}
    return next(key for number in range(1, MOST_QUESTIONS * 2) if (key := f"q{number}") not in used)


def lacks_welsh(question: Question) -> bool:
    return not question["text_cy"] or any(not option["cy"] for option in question["options"])


def choices(question: Question, *, welsh: bool | None = None) -> list[tuple[str, str]]:
    """What can be chosen: the value that is kept, and its words in the language of the page or the one given."""
    if question["kind"] == QuestionKind.SCALE:
        return [(step.value, str(step.label)) for step in Scale]
    in_welsh = is_welsh_page() if welsh is None else welsh
    return [
        (str(number), (option["cy"] if in_welsh else "") or option["en"])
        for number, option in enumerate(question["options"], start=1)
    ]


def checked_answer(question: Question, given: Any) -> Answer:
    """What is kept of an answer; '' or [] is none. Raises RuleBroken for what cannot be chosen."""
    kind = question["kind"]
    if kind == QuestionKind.TEXT:
        return checked_text(str(given or ""), limit=ANSWER_LIMIT)
    values = [value for value, _words in choices(question)]
    if kind == QuestionKind.MANY:
        chosen = [str(each) for each in given or []]
        if any(each not in values for each in chosen):
            raise RuleBroken(_("Choose one of the answers shown."))
        return [value for value in values if value in chosen]
    if given and str(given) not in values:
        raise RuleBroken(_("Choose one of the answers shown."))
    return str(given or "")


def words_of(question: Question, answer: Answer) -> list[str]:
    """An answer in words, in the language of the page; a text as it was written. Empty for none."""
    if question["kind"] == QuestionKind.TEXT:
        return [str(answer)] if answer else []
    words = dict(choices(question))
    return [words[each] for each in (answer if isinstance(answer, list) else [answer]) if each in words]
