"""Photos as people take them with telephones, kept as nothing but the picture."""

import io
from pathlib import PurePath

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import RuleBroken
from core.files import check_upload

PHOTO_BYTES = 25 * 1024 * 1024
PHOTO_PIXELS = 2400  # of the longer side, as kept
MOST_DOTS = 60_000_000
PHOTO_ENDINGS = frozenset({"jpg", "jpeg", "png", "webp"})


def plain_photo(upload: UploadedFile) -> SimpleUploadedFile:
    """The picture as a JPEG of its own: upright, at most 2,400 dots wide or high, without place, device, author or
    anything else that was written into the file.

    Raises RuleBroken with a sentence for what is no still picture.
    """
    ending = PurePath(upload.name or "").suffix.lower().removeprefix(".")
    if ending not in PHOTO_ENDINGS:
        raise RuleBroken(_("Only photos are taken here (JPEG, PNG or WebP). The portal never holds footage."))
    checked = check_upload(upload, max_bytes=PHOTO_BYTES)
    try:
        with Image.open(upload) as picture:
            if picture.width * picture.height > MOST_DOTS:
                raise RuleBroken(_("The photo has too many dots. Save it smaller."))
            picture.draft("RGB", (PHOTO_PIXELS, PHOTO_PIXELS))  # a JPEG is read hardly larger than it is kept
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((PHOTO_PIXELS, PHOTO_PIXELS))
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=85, optimize=True)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise RuleBroken(_("The photo cannot be read. Take it again, or save it as a JPEG.")) from error
    return SimpleUploadedFile(f"{PurePath(checked.name).stem}.jpg", out.getvalue(), content_type="image/jpeg")
