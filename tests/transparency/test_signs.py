"""Signs to print: what is published of a place and nothing else, with an address that stays."""

import io
from xml.etree import ElementTree

import pikepdf
import pytest
from django.utils.text import slugify

from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import WELSH_TEXTS, cameras_of_every_precision, published, spoc_of, system_of
from transparency.artwork import MM
from transparency.models import Publication
from transparency.services.publish import publish_system, withdraw_publication
from transparency.sign_drawing import pdf_of_signs, svg_of
from transparency.signs import WHOLE_SYSTEM, Place, place_of, places_of_ward, sign_of

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


def of_every_precision():
    system = active_system(OrganisationFactory(name="Marlbridge"), name="Town", spoc_phone="01632 960 001")
    system.technologies.update(fixed_count=60)
    cameras_of_every_precision(system)
    return publish_system(system=system, by=None)


def words(svg: str) -> str:
    return ElementTree.fromstring(svg).findtext(f"{SVG}desc", "")


def test_a_sign_says_that_there_are_cameras_who_runs_them_what_for_and_whom_to_ask(settings):
    settings.PORTAL_ORIGIN = "https://cameras.example"
    publication = of_every_precision()
    sign = sign_of(publication, publication.facts(), WHOLE_SYSTEM, bilingual=False)
    (wording,) = sign.wordings
    assert wording.heading == "CCTV cameras are in use here"
    assert wording.operator == f"Run by: {publication.organisation.full_name}"
    assert wording.purposes.startswith("For: ")
    assert sign.contacts == ("01632 960 001", system_of(publication).spoc_email)
    assert sign.address == f"https://cameras.example{publication.path}"
    assert words(svg_of(sign)) == sign.words


def test_welsh_stands_first_in_wales_and_second_where_somebody_asks_for_it():
    welsh = OrganisationFactory(nation="wales", name_cy="Cyngor Untref")
    publication = published(operator=welsh, **WELSH_TEXTS)
    for bilingual in (True, False):
        sign = sign_of(publication, publication.facts(), WHOLE_SYSTEM, bilingual=bilingual)
        assert [each.language.tag for each in sign.wordings] == ["cy", "en"]
        assert "Cyngor Untref" in sign.wordings[0].operator
    english = published()
    for bilingual, languages in ((True, ["en", "cy"]), (False, ["en"])):
        sign = sign_of(english, english.facts(), WHOLE_SYSTEM, bilingual=bilingual)
        assert [each.language.tag for each in sign.wordings] == languages


def test_nothing_of_a_withheld_camera_stands_on_any_sign():
    publication = of_every_precision()
    content = publication.facts()
    assert place_of(content, "camera", "secret1") is None
    assert place_of(content, "area", slugify("SECRET ward")) is None
    signs = [sign_of(publication, content, WHOLE_SYSTEM, bilingual=True)]
    for ward in ("abbey", "castle"):
        signs += [sign_of(publication, content, place, bilingual=True) for place in places_of_ward(content, ward)]
    assert [sign.address.rsplit("/", 2)[1] for sign in signs[1:]] == ["abbey", "ex1", "st1", "castle", "wa1"]
    assert not [sign for sign in signs if "SECRET" in sign.words]


@pytest.mark.parametrize(("paper", "millimetres"), [("a4", (210, 297)), ("a3", (297, 420))])
def test_each_page_of_the_pdf_is_one_sign_of_the_size_of_the_paper_and_readable_for_the_blind(paper, millimetres):
    publication = of_every_precision()
    content = publication.facts()
    signs = [sign_of(publication, content, place, bilingual=True) for place in places_of_ward(content, "abbey")]
    with pikepdf.open(io.BytesIO(pdf_of_signs(signs, paper=paper))) as pdf:
        assert len(pdf.pages) == 3
        for page in pdf.pages:
            assert [round(float(side) / MM) for side in page.mediabox[2:]] == list(millimetres)
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert [str(figure.Alt) for figure in pdf.Root.StructTreeRoot.K] == [sign.words for sign in signs]
        assert list(pdf.Root.StructTreeRoot.ParentTree.Nums)[::2] == [0, 1, 2]


@pytest.mark.parametrize("length", [1, 40, 400])
def test_a_long_text_stays_inside_the_sign(length):
    operator = OrganisationFactory(name="W" * min(length, 100), name_cy="Ŵ" * min(length, 100))
    publication = published(operator=operator)
    content = publication.facts()
    content["facts"]["contacts"]["spoc_email"] = f"{'m' * length}@example.org"
    sign = sign_of(publication, content, Place("camera", "9" * length, {"type": "fixed"}), bilingual=True)
    numbers = [
        float(number)
        for path in ElementTree.fromstring(svg_of(sign)).findall(f"{SVG}path")
        for number in path.get("d").replace("M", " ").replace("L", " ").replace("C", " ").replace("Z", " ").split()
    ]
    assert min(numbers) >= 0
    assert max(numbers) <= 297


def test_the_address_of_a_place_leads_to_the_list_as_it_is_that_day(client):
    publication = of_every_precision()
    assert client.get(f"{publication.path}camera/ex1/").url == f"{publication.path}cameras/#c-ex1"
    assert client.get(f"/cy{publication.path}area/castle/").url == f"/cy{publication.path}cameras/#c-wa1"
    for unknown in ("camera/secret1/", "area/secret-ward/", "camera/gone/"):
        assert client.get(publication.path + unknown).url == publication.path
    system = system_of(publication)
    CameraFactory.create_batch(100, system=system, ward="Aaa", operator_ref="")
    system.technologies.update(fixed_count=200)
    publish_system(system=system, by=None)
    assert client.get(f"{publication.path}camera/ex1/").url == f"{publication.path}cameras/2/#c-ex1"
    newest = Publication.objects.current().get(subject_reference=system.reference)
    withdraw_publication(publication=newest, by=None, reason="x")
    assert client.get(f"{publication.path}camera/ex1/").url == publication.path


def test_the_page_names_every_file_and_each_file_comes(client):
    publication = of_every_precision()
    client.force_login(spoc_of(system_of(publication)))
    start = f"/workspace/{publication.organisation.slug}/publications/{publication.subject_reference}/signs/"
    page = client.get(start).content.decode()
    for path, media in (
        ("system/all/svg/", "image/svg+xml"),
        ("area/abbey/a3/", "application/pdf"),
        ("camera/ex1/a4/", "application/pdf"),
        ("sheet/castle/a4/", "application/pdf"),
    ):
        assert f'href="{start}{path}"' in page
        assert client.get(start + path).headers["Content-Type"] == media
    assert "SECRET" not in page
    assert client.get(f"{start}sheet/castle/svg/").status_code == 404
    assert client.get(f"{start}camera/secret1/a4/").status_code == 404


def test_without_a_page_there_is_no_sign(client):
    publication = published()
    withdraw_publication(publication=publication, by=None, reason="x")
    client.force_login(spoc_of(system_of(publication)))
    start = f"/workspace/{publication.organisation.slug}/publications/{publication.subject_reference}/signs/"
    assert "Publish the page first." in client.get(start).content.decode()
    assert client.get(f"{start}system/all/a4/").status_code == 404
