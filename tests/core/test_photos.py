"""Photos are kept as nothing but the picture."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from compliance.leaks import leaks_of
from core.errors import RuleBroken
from core.files.photos import PHOTO_PIXELS, plain_photo

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo(form="JPEG", size=(60, 40), *, name="IMG_1.jpg", turned=False):
    """A picture that a telephone took: left half red, with place, device and perhaps lying on its side."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MAKE] = "Phone of Jane Somebody"
    exif.get_ifd(GPS)[2] = (53.0, 28.0, 1.0)
    if turned:
        exif[ORIENTATION] = 6
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    return SimpleUploadedFile(name, out.getvalue())


def opened(kept):
    picture = Image.open(io.BytesIO(kept.read()))
    kept.seek(0)
    return picture


@pytest.mark.parametrize(("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")])
def test_place_and_device_are_taken_out(form, name):
    given = photo(form, name=name)
    assert {leak["kind"] for leak in leaks_of(given, f"image/{form.lower()}")} == {"place", "camera"}
    given.seek(0)
    kept = plain_photo(given)
    assert (kept.name, kept.content_type) == ("a.jpg", "image/jpeg")
    assert leaks_of(kept, "image/jpeg") == []
    assert b"Jane" not in kept.read()


def test_a_picture_on_its_side_stands_upright():
    picture = opened(plain_photo(photo(turned=True)))
    assert picture.size == (40, 60)
    assert picture.getpixel((20, 5))[0] > 200  # red is on top


def test_a_large_picture_is_kept_smaller():
    assert opened(plain_photo(photo(size=(6000, 3000)))).size == (PHOTO_PIXELS, PHOTO_PIXELS // 2)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42", "Only photos are taken here"),
        ("plan.pdf", b"%PDF-1.7\n", "Only photos are taken here"),
        ("photo.jpg", b"%PDF-1.7\n1 0 obj\n", "is not what its name ending says"),
        ("photo.png", b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_what_is_no_still_picture_is_refused(name, content, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        plain_photo(SimpleUploadedFile(name, content))
