"""Building public pages anew without publishing anything: after an installation, an upgrade, a change of names."""

from typing import TypedDict

from django.db import transaction

from accounts.models import Organisation, User
from core import trail
from core.errors import RuleBroken
from transparency.addresses import all_paths, authority_path, path_of, publication_paths
from transparency.languages import LANGUAGES, split
from transparency.models import BakedPage, Publication
from transparency.services.bake import promise_pages
from transparency.services.open_data import promise_all
from transparency.services.read_models import promise_refresh
from transparency.services.search_index import promise_authorities, promise_documents


class Queued(TypedDict):
    """How many pages, in how many jobs."""

    pages: int
    jobs: int


@transaction.atomic
def rebuild_all(*, by: User | None) -> Queued:
    """Promise every public page in both languages, every row of the read models and every file of open data."""
    promise_refresh(Publication.objects.newest().only("kind", "subject_reference"))
    promise_authorities()
    promise_documents()
    promise_all()
    return _promise(all_paths())


@transaction.atomic
def rebuild_authority(*, gss_code: str, by: User | None) -> Queued:
    """Promise the pages of one authority, by its GSS code or a former one. Raises RuleBroken for an unknown code."""
    code = gss_code.strip().upper()
    organisation = Organisation.objects.by_code(code)
    if organisation is None:
        raise RuleBroken(f"No authority with the GSS code {code} is known here.")
    paths = [authority_path(organisation.slug), path_of("authorities"), path_of("home")]
    for publication in Publication.objects.newest().filter(organisation=organisation).defer("content"):
        paths += publication_paths(publication)
    promise_refresh(Publication.objects.newest().filter(organisation=organisation).only("kind", "subject_reference"))
    return _promise(paths)


@transaction.atomic
def build_failed_again(*, by: User) -> int:
    """Promise every page that could not be built; the administrator's wish stands in the trail. Returns how many."""
    addresses = list(BakedPage.objects.exclude(error="").order_by("path").values_list("path", flat=True))
    promise_pages(split(address)[1] for address in addresses)
    trail.record_about("asked", kind="built pages", reference="failed", by=by, after={"pages": len(addresses)})
    return len(addresses)


def _promise(paths: list[str]) -> Queued:
    return {"pages": len(paths) * len(LANGUAGES), "jobs": len(promise_pages(paths))}
