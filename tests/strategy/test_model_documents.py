"""Model documents: filled in from the records, gaps left open, copied into the records of a council."""

import io

import docx
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import Evidence
from strategy import model_documents
from strategy.models import ModelCopy
from strategy.services.model_documents import copy_model
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    """One of which little is recorded."""
    operator = OrganisationFactory(name="Abbot Council")
    empty = dict.fromkeys(("pressing_need", "pressing_need_cy", "footage_how_to", "dpo_contact"), "")
    known = {"sro_post": "Head of Place", "purposes": ["crime_prevention"], "retention_reason": "Requests come late."}
    return CameraSystemFactory(operator=operator, name="Town centre", is_main=True, **empty, **known)


def words(filled: model_documents.Filled) -> str:
    return "\n".join("".join(each.text for each in line) for part in filled.sections for line in part.paragraphs)


def test_every_model_has_both_languages_and_takes_only_facts_that_there_are(system):
    facts = model_documents.facts_of(system, "en")
    for key, model in model_documents.models().items():
        assert model.key == key
        assert model.placeholders <= set(facts), key
        for text in (model.title, model.about, *(each["title"] for each in model.sections)):
            assert all(text[language].strip() for language in ("en", "cy")), key
        for section in model.sections:
            for both in section["text"]:
                assert all(both[language].strip() for language in ("en", "cy")), key


def test_what_is_recorded_stands_in_it_and_what_is_not_stays_a_gap(system):
    code = model_documents.models()["code_of_practice"]
    english, welsh = (model_documents.filled(code, system, language) for language in ("en", "cy"))
    assert english.title == "Code of practice for Town centre"
    assert "Head of Place" in words(english)
    assert "The purposes are: preventing crime." in words(english)
    assert "Why they are needed: [not recorded: pressing need]" in words(english)
    assert "Requests come late." in words(english)
    assert "Requests come late." not in words(welsh)  # nothing was written in Welsh
    assert "Head of Place" in words(welsh)
    assert welsh.gaps > english.gaps > 0
    system.pressing_need = "Theft at night."
    assert model_documents.filled(code, system, "en").gaps == english.gaps - 1


def test_what_the_model_leaves_to_its_reader_is_a_gap_too(system):
    requirement = model_documents.filled(model_documents.models()["operational_requirement"], system, "en")
    asked = [piece for part in requirement.sections for line in part.paragraphs for piece in line if piece.is_gap]
    assert any(piece.text.startswith("[Write here: the site plan") for piece in asked)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("key", model_documents.KEYS)
def test_a_copy_is_a_word_file_among_the_records_of_the_system(system, key, language):
    manager = member(system.operator, Role.SCHEME_MANAGER)
    evidence = copy_model(model=model_documents.models()[key], system=system, language=language, by=manager)
    assert (evidence.operator, list(evidence.systems.all())) == (system.operator, [system])
    with evidence.file.open() as file:
        document = docx.Document(io.BytesIO(file.read()))
    text = "\n".join(each.text for each in document.paragraphs)
    assert system.name in text
    assert key in document.paragraphs[-1].text
    marked = [run.text for each in document.paragraphs for run in each.runs if run.font.highlight_color]
    assert len(marked) == model_documents.filled(model_documents.models()[key], system, language).gaps
    copy = ModelCopy.objects.get(evidence=evidence)
    assert (copy.model, copy.edition, copy.language) == (key, 1, language)


def test_a_manager_reads_chooses_a_language_and_copies(system):
    client = Client()
    client.force_login(member(system.operator, Role.SCHEME_MANAGER))
    slug = system.operator.slug
    assert "Model documents" in client.get(reverse("national:models", args=[slug])).content.decode()
    address = reverse("national:model", args=[slug, "privacy_notice"])
    assert "is the controller of" in client.get(address).content.decode()
    assert "Hysbysiad preifatrwydd" in client.get(f"{address}?language=cy").content.decode()
    assert client.get(reverse("national:model", args=[slug, "nothing"])).status_code == 404
    copy = reverse("national:model_copy", args=[slug, "privacy_notice"])
    foreign = CameraSystemFactory()
    assert client.post(copy, {"system": foreign.reference, "language": "en"}).status_code == 404
    made = client.post(copy, {"system": system.reference, "language": "en"})
    assert made.url == reverse("compliance:evidence", args=[slug, Evidence.objects.get().reference])
    assert client.get(made.url).status_code == 200
    assert "copied on" in client.get(reverse("national:models", args=[slug])).content.decode()


def test_a_newer_edition_is_told_to_who_copied_the_older(system):
    manager = member(system.operator, Role.SCHEME_MANAGER)
    copy_model(model=model_documents.models()["sign"], system=system, language="en", by=manager)
    client = Client()
    client.force_login(manager)
    assert "The model has a newer edition" not in client.get("/workspace/").content.decode()
    ModelCopy.objects.update(edition=0)
    assert "The model has a newer edition: Sign: Town centre" in client.get("/workspace/").content.decode()
    listed = client.get(reverse("national:models", args=[system.operator.slug])).content.decode()
    assert "there is a newer edition" in listed.lower()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_a_fixed_number_of_times(django_assert_num_queries, system, number):
    for extra in range(number):
        CameraSystemFactory(operator=system.operator, name=f"Another {extra}")
        copy_model(model=model_documents.models()["sign"], system=system, language="en", by=None)
    client = Client()
    client.force_login(member(system.operator, Role.SCHEME_MANAGER))
    for name, args, queries in (("models", [], 5), ("model", ["sign"], 7)):
        address = reverse(f"national:{name}", args=[system.operator.slug, *args])
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("key", model_documents.models())
def test_who_has_no_system_yet_reads_why_there_is_nothing_to_fill_in(key):
    operator = OrganisationFactory()
    client = Client()
    client.force_login(member(operator, Role.SPOC))
    page = client.get(reverse("national:model", args=[operator.slug, key]))
    assert page.status_code == 200
    assert "No camera system is recorded." in page.content.decode()
