"""The form renderer: labels, descriptions, errors, dates, and text that is refused at the edge."""

import datetime as dt
import re

import pytest
from django import forms
from django.apps.registry import Apps
from django.db import models
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from core.forms import GovukForm, GovukModelForm, HintedRadioSelect, MemorableDateField, keep_typed
from core.templatetags.govuk import form_problems


class EstateForm(GovukForm):
    inline = ("sound",)
    widths = {"count": 4}

    name = forms.CharField(label="Name", help_text="As people know it.", max_length=10)
    words = forms.CharField(label="Words", widget=forms.Textarea, max_length=20, required=False)
    count = forms.IntegerField(label="How many", min_value=0, required=False)
    sound = forms.ChoiceField(label="Sound", widget=forms.RadioSelect, choices=[("yes", "Yes"), ("no", "No")])
    kinds = forms.MultipleChoiceField(
        label="Kinds",
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "A"), ("b", "B")],
        help_text="All that apply.",
    )
    force = forms.ChoiceField(label="Force", choices=[("", "---------"), ("x", "X")])
    reviewed = MemorableDateField(label="Reviewed")
    agreed = forms.BooleanField(label="Agreed", help_text="Once.")
    version = forms.IntegerField(widget=forms.HiddenInput)


COMPLETE = {
    "name": "Town",
    "sound": "no",
    "kinds": ["a"],
    "force": "x",
    "reviewed_day": "27",
    "reviewed_month": "3",
    "reviewed_year": "2026",
    "agreed": "on",
    "version": "3",
}


def attribute(html: str, tag: str, name: str) -> str:
    """The value of an attribute of the first such tag, '' where it has none."""
    found = re.search(rf"<{tag}[^>]*?\s{name}=\"([^\"]*)\"", html)
    return found.group(1) if found else ""


def test_a_complete_form_is_valid_and_gives_a_date():
    form = EstateForm(COMPLETE)
    assert form.errors == {}
    assert form.cleaned_data["reviewed"] == dt.date(2026, 3, 27)


@pytest.mark.parametrize("field", ["name", "words", "count", "force", "agreed"])
def test_a_label_names_the_input_it_stands_for(field):
    html = EstateForm()[field].as_field_group()
    tag = {"words": "textarea", "force": "select"}.get(field, "input")
    assert attribute(html, "label", "for") == attribute(html, tag, "id") == f"id_{field}"


@pytest.mark.parametrize(("field", "legend"), [("sound", "Sound"), ("kinds", "Kinds"), ("reviewed", "Reviewed")])
def test_inputs_that_belong_together_stand_in_a_fieldset_with_a_legend(field, legend):
    html = EstateForm()[field].as_field_group()
    found = re.search(r"<fieldset[^>]*>\s*<legend[^>]*>\s*(.*?)\s*</legend>", html)
    assert found is not None
    assert found.group(1) == legend
    ids = re.findall(r"<input[^>]* id=\"([^\"]*)\"", html)
    assert re.findall(r"<label[^>]* for=\"([^\"]*)\"", html) == ids
    assert len(ids) == (3 if field == "reviewed" else 2)


def test_hint_count_and_error_describe_their_input():
    form = EstateForm({"words": "x" * 21})
    name, words = form["name"].as_field_group(), form["words"].as_field_group()
    assert attribute(name, "input", "aria-describedby") == "id_name_helptext id_name_error"
    assert 'id="id_name_helptext"' in name
    assert 'id="id_name_error"' in name
    assert attribute(words, "textarea", "aria-describedby") == "id_words_error id_words-info"
    assert 'id="id_words_error"' in words
    assert 'id="id_words-info"' in words
    assert "maxlength=" not in words.replace("data-maxlength", "")


def test_hint_and_error_describe_a_fieldset():
    html = EstateForm({})["kinds"].as_field_group()
    assert attribute(html, "fieldset", "aria-describedby") == "id_kinds_helptext id_kinds_error"
    assert "aria-describedby" not in "".join(re.findall(r"<input[^>]*>", html))


def test_a_field_without_error_says_nothing_of_errors():
    html = EstateForm(COMPLETE)["name"].as_field_group()
    assert "error" not in html
    assert "aria-invalid" not in html


def test_the_summary_lists_every_error_in_order_and_leads_to_its_input():
    form = EstateForm({})
    assert [(problem.text, problem.url) for problem in form_problems(form)] == [
        ("Enter an answer: Version", ""),
        ("Enter an answer: Name", "#id_name"),
        ("Choose an answer: Sound", "#id_sound_0"),
        ("Choose an answer: Kinds", "#id_kinds_0"),
        ("Choose from the list: Force", "#id_force"),
        ("Enter a date: Reviewed", "#id_reviewed_day"),
        ("Tick this box to go on: Agreed", "#id_agreed"),
    ]


def test_every_link_of_the_summary_leads_to_an_input_on_the_page():
    form = EstateForm({})
    page = str(form)
    targets = [problem.url[1:] for problem in form_problems(form) if problem.url]
    assert all(re.search(rf"<(input|select|textarea)[^>]* id=\"{target}\"", page) for target in targets)


def test_an_error_of_the_whole_form_is_in_the_summary_without_a_link():
    form = EstateForm(COMPLETE)
    form.add_error(None, "These two do not fit.")
    assert form_problems(form) == [("These two do not fit.", "")]
    html = render_to_string("components/error_summary.html", {"form": form})
    assert "<li>These two do not fit.</li>" in html


def test_an_unsent_form_has_no_summary():
    assert render_to_string("components/error_summary.html", {"form": EstateForm()}).strip() == ""
    assert render_to_string("components/error_summary.html", {}).strip() == ""


def test_groups_decide_the_order_of_page_and_summary():
    class Grouped(EstateForm):
        groups = (("Second", ("name",)), ("Third", ("sound", "absent")))

    form = Grouped({})
    assert [problem.url for problem in form_problems(form)][-2:] == ["#id_name", "#id_sound_0"]
    assert [(str(legend), [f.name for f in fields]) for legend, fields in form.grouped_fields()][1:] == [
        ("Second", ["name"]),
        ("Third", ["sound"]),
    ]
    assert re.findall(r"<legend[^>]*--m\">(.*?)</legend>", str(form)) == ["Second", "Third"]


def test_errors_and_typed_text_are_escaped():
    form = EstateForm({**COMPLETE, "name": "<b>x</b>" * 2, "reviewed_day": '"><script>'})
    html = str(form)
    assert "<b>x" not in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("sent", "sentence", "wrong"),
    [
        (("", "", ""), "Enter a date: Reviewed", ["day", "month", "year"]),
        (("", "3", "2026"), "The date must include a day.", ["day"]),
        (("27", "", ""), "The date must include a month and a year.", ["month", "year"]),
        (("27", "13", "2026"), "Enter a real date, for example 27 3 2026.", ["month"]),
        (("31", "2", "2026"), "Enter a real date, for example 27 3 2026.", ["day", "month", "year"]),
        (("x", "2", "2026"), "Enter a real date, for example 27 3 2026.", ["day"]),
        (("²", "2", "2026"), "Enter a real date, for example 27 3 2026.", ["day"]),
        (("27", "3", "26"), "The year must have four digits.", ["year"]),
        (("27", "3", "0000"), "Enter a real date, for example 27 3 2026.", ["day", "month", "year"]),
        (("27", "3", "9" * 5000), "Enter a real date, for example 27 3 2026.", ["year"]),
    ],
)
def test_a_date_that_is_none_says_what_is_wrong_and_where(sent, sentence, wrong):
    form = EstateForm(COMPLETE | dict(zip(("reviewed_day", "reviewed_month", "reviewed_year"), sent, strict=True)))
    assert form.errors == {"reviewed": [sentence]}
    html = form["reviewed"].as_field_group()
    inputs = re.findall(r"<input[^>]*>", html)
    assert [attribute(i, "input", "name") for i in inputs if "input--error" in i] == [f"reviewed_{w}" for w in wrong]
    assert [attribute(i, "input", "value") for i in inputs] == list(sent)
    assert form_problems(form)[0].url == f"#id_reviewed_{wrong[0]}"


@pytest.mark.parametrize(
    ("language", "month"), [("en-gb", "March"), ("en-gb", "mar"), ("cy", "Mawrth"), ("cy", "march")]
)
def test_a_month_may_be_named(language, month):
    with translation.override(language):
        form = EstateForm(COMPLETE | {"reviewed_month": month})
        assert form.is_valid()
    assert form.cleaned_data["reviewed"] == dt.date(2026, 3, 27)


def test_a_known_date_is_shown_in_its_three_inputs():
    html = EstateForm(initial={"reviewed": dt.date(2026, 11, 2)})["reviewed"].as_field_group()
    assert re.findall(r"value=\"(\d+)\"", html) == ["2", "11", "2026"]


def test_a_date_has_changed_only_when_it_is_another_day():
    known = {"reviewed": dt.date(2026, 3, 27)}
    assert "reviewed" not in EstateForm(COMPLETE, initial=known).changed_data
    assert "reviewed" in EstateForm(COMPLETE | {"reviewed_day": "28"}, initial=known).changed_data


@pytest.mark.parametrize("character", ["\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ud800"])
@pytest.mark.parametrize("field", ["name", "words"])
def test_a_character_that_is_not_shown_is_refused(field, character):
    form = EstateForm({**COMPLETE, field: f"ab{character}cd"})
    assert form.errors == {
        field: [
            f"The text has a character that cannot be shown (U+{ord(character):04X}, at position 3). "
            "Delete it or type the text again."
        ]
    }


def test_a_line_break_is_smuggled_into_one_line_but_belongs_into_a_text():
    form = EstateForm({**COMPLETE, "name": "a\nb", "words": "a\n\tb"})
    assert list(form.errors) == ["name"]
    assert form.cleaned_data["words"] == "a\n\tb"


def test_line_breaks_count_as_one_character_and_ends_are_trimmed():
    form = EstateForm({**COMPLETE, "words": "  " + "1234567\r\n" * 2 + "12\r34  "})
    assert form.errors == {"words": ["Shorten this text to 20 characters: it has 21."]}
    form = EstateForm({**COMPLETE, "words": " one\r\ntwo\rthree \r\n"})
    assert form.errors == {}
    assert form.cleaned_data["words"] == "one\ntwo\nthree"


@pytest.mark.parametrize("text", ["Dŵr a thŷ", "’n “dda” – 50 %", "👩‍🔧", "naïve\u00ad"])
def test_ordinary_text_of_any_language_passes(text):
    assert EstateForm({**COMPLETE, "words": text}).errors == {}


def test_the_label_may_be_the_heading_of_the_page():
    class Heading(EstateForm):
        label_as_heading = "sound"

    html = str(Heading())
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["Sound"]
    Heading.label_as_heading = "name"
    assert re.findall(r"<h1[^>]*><label[^>]*for=\"id_name\"[^>]*>(.*?)</label></h1>", str(Heading())) == ["Name"]


def test_only_what_may_be_left_out_is_marked_optional():
    html = EstateForm()
    assert [f.name for f in html if "(optional)" in f.as_field_group()] == ["words", "count"]


def test_choices_of_other_forms_are_drawn_alike():
    """Forms of other packages know nothing of ours and still say what is missing."""

    class Other(forms.Form):
        login = forms.EmailField(label="Email")
        password = forms.CharField(label="Password", widget=forms.PasswordInput)

    form = Other({"login": "no address"})
    assert [p.text for p in form_problems(form)] == [
        "Enter an email address in the form name@example.org.",
        "Enter an answer: Password",
    ]
    assert "govuk-input--error" in form["login"].as_field_group()


def test_a_radio_button_is_described_by_its_own_hint():
    class Hinted(GovukForm):
        aim = forms.ChoiceField(
            choices=[("d", "Desktop"), ("f", "Full")], widget=HintedRadioSelect(hints={"d": "Documents only."})
        )

    html = Hinted()["aim"].as_field_group()
    inputs = re.findall(r"<input[^>]*>", html)
    assert [attribute(i, "input", "aria-describedby") for i in inputs] == ["id_aim_0_hint", ""]
    assert '<div class="govuk-hint govuk-radios__hint" id="id_aim_0_hint">Documents only.</div>' in html


def test_a_forged_choice_gets_a_sentence():
    form = EstateForm(COMPLETE | {"sound": "maybe", "force": "z"})
    assert form.errors == {"sound": ["Choose one of the answers shown."], "force": ["Choose one of the answers shown."]}


def test_the_form_component_carries_hidden_fields_and_a_token(rf):
    request = rf.get("/")
    html = render_to_string("components/form.html", {"form": EstateForm(initial={"version": 3})}, request)
    assert '<input type="hidden" name="version" value="3"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert "novalidate" in html


def test_the_summary_of_the_page_form_is_not_repeated_by_the_form(rf):
    page, other = EstateForm({}), EstateForm({})
    assert "error-summary" not in render_to_string("components/form.html", {"form": page}, rf.get("/"))
    assert "error-summary" in render_to_string("components/error_summary.html", {"form": other})


def test_a_form_made_from_a_model_asks_dates_in_three_inputs_and_takes_web_addresses_as_https():
    class Place(models.Model):
        opened_on = models.DateField()
        seen_at = models.DateTimeField()
        address = models.URLField()

        class Meta:
            app_label = "core"
            managed = False
            apps = Apps()

        def __str__(self):
            return self.address

    class PlaceForm(GovukModelForm):
        class Meta:
            model = Place
            fields = ["opened_on", "seen_at", "address"]

    sent = {"opened_on_day": "1", "opened_on_month": "2", "opened_on_year": "2026", "address": "example.org/a"}
    form = PlaceForm(sent)
    assert form.errors == {"seen_at": ["Enter an answer: Seen at"]}
    assert form.cleaned_data == {"opened_on": dt.date(2026, 2, 1), "address": "https://example.org/a"}


def test_what_was_typed_is_sent_again_over_what_is_stored_by_now():
    sent = QueryDict("name=Town&kinds=a&kinds=b&version=3")
    form = EstateForm(sent)
    keep_typed(form, version=4)
    assert (form["name"].value(), form["kinds"].value(), form["version"].value()) == ("Town", ["a", "b"], "4")
    assert sent["version"] == "3"
