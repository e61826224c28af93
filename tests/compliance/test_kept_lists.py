"""Files that were brought in are kept for a day, for the portal alone."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.services import kept_lists
from compliance.services.kept_lists import keep_upload, kept_upload
from core.errors import RuleBroken

pytestmark = pytest.mark.once


def test_an_upload_is_kept_under_its_hash_for_its_owner_alone(own_folders):
    sha256 = keep_upload(upload=SimpleUploadedFile("../../list.csv", b"content"))
    path = kept_upload(sha256)
    assert (path, path.read_bytes()) == (own_folders / "files" / "imports" / sha256, b"content")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [p.name for p in path.parent.iterdir()] == [sha256]


@pytest.mark.parametrize("forged", ["../evidence/x", "0" * 63, "0" * 64, "", "A" * 64])
def test_only_what_is_kept_is_found(forged):
    with pytest.raises(RuleBroken, match="Upload it again"):
        kept_upload(forged)


def test_what_nobody_accepted_in_a_day_goes():
    old = kept_upload(keep_upload(upload=SimpleUploadedFile("a.csv", b"old")))
    yesterday = time.time() - kept_lists.KEEP_SECONDS - 60
    os.utime(old, (yesterday, yesterday))
    keep_upload(upload=SimpleUploadedFile("b.csv", b"new"))
    assert not old.exists()


def test_empty_and_oversize_uploads_are_refused(monkeypatch):
    with pytest.raises(RuleBroken, match="The file is empty"):
        keep_upload(upload=SimpleUploadedFile("a.csv", b""))
    monkeypatch.setattr(kept_lists, "MAX_BYTES", 3)
    with pytest.raises(RuleBroken, match="larger than"):
        keep_upload(upload=SimpleUploadedFile("a.csv", b"abcd"))
