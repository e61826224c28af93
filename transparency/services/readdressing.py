"""Public addresses after a reorganisation: what was published stands at new ones, and the old ones lead there."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from accounts.models import FormerSlug, Organisation
from compliance.models import CameraSystem
from slas.models import AgreementParty
from transparency.addresses import authority_path, path_of, publication_paths, system_path
from transparency.languages import split
from transparency.models import BakedPage, FormerSystemAddress, Publication, Subscription
from transparency.services.bake import promise_pages
from transparency.services.open_data import promise_all, promise_open_data
from transparency.services.read_models import promise_refresh
from transparency.services.search_index import promise_authorities, promise_documents

Address = tuple[str, str]  # of operator and system


def addresses_of(organisations: Iterable[Organisation]) -> dict[int, Address]:
    """Where the systems of organisations stand now, by system. Asked before they move. One query."""
    rows = CameraSystem.objects.filter(operator__in=list(organisations))
    return {key: (operator, slug) for key, operator, slug in rows.values_list("pk", "operator__slug", "slug")}


def remember_addresses(before: Mapping[int, Address]) -> dict[str, str]:
    """The old address of each system that has another one now leads to it. Returns old paths and new ones."""
    paths = {}
    systems = CameraSystem.objects.filter(pk__in=before).select_related("operator")
    for system in systems.order_by("pk"):
        operator, slug = before[system.pk]
        now = (system.operator.slug, system.slug)
        FormerSystemAddress.objects.filter(operator_slug=now[0], system_slug=now[1]).delete()  # it is there again
        if now == (operator, slug):
            continue
        FormerSystemAddress.objects.update_or_create(
            operator_slug=operator, system_slug=slug, defaults={"system": system}
        )
        paths[system_path(operator, slug)] = system_path(*now)
    return paths


def move_publications(paths: Mapping[str, str]) -> list[str]:
    """Publications of systems stand at the new addresses; what is frozen in them stays. Returns all paths touched."""
    touched: list[str] = []
    for old, new in sorted(paths.items()):
        rows = Publication.objects.filter(path__startswith=old)
        for path in rows.order_by("path").values_list("path", flat=True).distinct():
            target = new + path.removeprefix(old)
            Publication.objects.filter(path=path).update(path=target)
            touched += [path, target]
        baked = BakedPage.objects.filter(path__startswith=old).values_list("path", flat=True)
        touched += [split(address)[1] for address in baked]
        touched += [new + split(address)[1].removeprefix(old) for address in baked]
        touched += [old, new]
    return list(dict.fromkeys(touched))


def follow_parties(slugs: Iterable[str]) -> list[str]:
    """By the index of a published agreement its parties are found: it names who is party now instead of who had one of
    these addresses. The frozen text stays as it was signed. Returns the references of those changed.
    """
    gone = set(slugs)
    rows = Publication.objects.of_agreements().only("summary", "subject_reference").order_by("pk")
    named = [row for row in rows if gone.intersection(party["slug"] for party in row.summary["parties"])]
    parties: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    live = AgreementParty.objects.filter(agreement__reference__in={row.subject_reference for row in named})
    for reference, side, slug in live.order_by("pk").values_list("agreement__reference", "side", "organisation__slug"):
        parties[reference][side].append(slug)
    changed = []
    for row in named:
        before = [dict(party) for party in row.summary["parties"]]
        for party in row.summary["parties"]:
            now = parties[row.subject_reference][party["side"]]
            if party["slug"] not in now:
                party["slug"] = next((slug for slug in now if slug not in _slugs(row)), party["slug"])
        if row.summary["parties"] != before:
            row.save(update_fields=["summary"])
            changed.append(row.subject_reference)
    return list(dict.fromkeys(changed))


def _slugs(publication: Publication) -> set[str]:
    return {party["slug"] for party in publication.summary["parties"]}


def follow_authority(old: str, heir: Organisation) -> None:
    """Whoever asked for news of an authority hears of the one that is there now, once."""
    key = {"kind": Subscription.Kind.AUTHORITY}
    known = Subscription.objects.filter(**key, key=heir.slug).values("email")
    Subscription.objects.filter(**key, key=old).exclude(email__in=list(known.values_list("email", flat=True))).update(
        key=heir.slug
    )


def promise_everything(
    *, slugs: Iterable[str], touched: Iterable[str], heirs: Iterable[Organisation], agreements: Iterable[str]
) -> None:
    """Every page, row and file that follows: at the old addresses, which cease to be, and at the new ones; and those of
    agreements by their references.
    """
    paths = [path_of("authorities"), path_of("home"), *map(authority_path, slugs), *touched]
    for slug in slugs:
        baked = BakedPage.objects.filter(path__startswith=authority_path(slug)).values_list("path", flat=True)
        paths += [split(address)[1] for address in baked]
    of_agreements = Q(kind=Publication.Kind.AGREEMENT, subject_reference__in=list(agreements))
    newest = Publication.objects.newest().filter(Q(organisation__in=list(heirs)) | of_agreements)
    for publication in newest.defer("content"):
        paths += publication_paths(publication)
    promise_pages(paths)
    promise_refresh(newest.only("kind", "subject_reference"))
    promise_authorities()
    promise_documents()
    promise_open_data(slugs)  # theirs, where they lead elsewhere now, go
    promise_all()


def free_address(slug: str) -> None:
    """An organisation is to stand at an address that led elsewhere."""
    FormerSlug.objects.filter(slug=slug).delete()


def lead_from(slug: str, heir: Organisation, since: dt.date) -> None:
    """The address of an organisation leads to another one from a day on, and so do those that led to it."""
    free_address(heir.slug)
    FormerSlug.objects.update_or_create(slug=slug, defaults={"organisation": heir, "since": since})
