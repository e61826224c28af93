"""By what the register is filtered: the same on its page, in its downloads and in the API."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Kind, Organisation
from certification.models import Certificate, CertificationScheme
from certification.models.certificate import Standing, standing_is
from certification.models.scheme import Aim
from compliance.models.vocabulary import Technology
from core.bilingual import local_text
from transparency.languages import ENGLISH
from transparency.pages.words import REGIONS
from transparency.standing import WORDS

MAX_TEXT = 100
# What the register, its downloads and lists never read: the long copies that stand on a certificate's own page.
LONG = ("facts", "facts_jws", "terms", "terms_cy", "scheme_statement", "scheme_statement_cy", "scope_cy", "found")
STANDINGS = (
    Standing.VALID,
    Standing.REVIEW_DUE,
    Standing.NOT_YET,
    Standing.SUSPENDED,
    Standing.WITHDRAWN,
    Standing.REPLACED,
    Standing.EXPIRED,
    Standing.HISTORIC,
)


@dataclass(frozen=True)
class Choice:
    """What somebody asked for. An unknown value of a fixed list filters nothing; an unknown name finds nothing."""

    standing: str = ""
    technology: str = ""
    region: str = ""
    step: str = ""
    force: str = ""
    body: str = ""
    scheme: str = ""
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        """From the parameters of an address; `q` is the text."""

        def known(name: str, values: Iterable[str]) -> str:
            value = asked.get(name, "")
            return value if value in values else ""

        def name(key: str) -> str:
            return asked.get(key, "").replace("\x00", "")[:MAX_TEXT]

        return cls(
            standing=known("standing", Standing.values),
            technology=known("technology", Technology.values),
            region=known("region", REGIONS),
            step=known("step", Aim.values),
            force=name("force"),
            body=name("body"),
            scheme=name("scheme"),
            text=" ".join(asked.get("q", "").replace("\x00", "").split())[:MAX_TEXT],
        )

    def __bool__(self) -> bool:
        return self != Choice()


def filtered(certificates: "QuerySet[Certificate]", choice: Choice, on: date) -> "QuerySet[Certificate]":
    """Those of `certificates` that fit on that day."""
    rows = certificates
    if choice.standing:
        rows = rows.filter(standing_is(choice.standing, on))
    if choice.technology:
        printed = re.escape(printed_technology(Technology(choice.technology)))
        rows = rows.annotate(listed=Cast(F("systems_listed"), TextField())).filter(
            listed__regex=rf'"technologies": \[[^]]*"{printed}"'
        )
    if choice.region:
        rows = rows.filter(operator__region=choice.region)
    if choice.step:
        rows = rows.filter(aim=choice.step)
    if choice.force:
        of_force = Organisation.objects.filter(Q(police_forces__slug=choice.force) | Q(slug=choice.force))
        rows = rows.filter(operator__in=of_force.values("pk"))
    if choice.body:
        rows = rows.filter(body__slug=choice.body)
    if choice.scheme:
        rows = rows.filter(scheme__key=choice.scheme)
    for word in choice.text.split():
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(operator_name__icontains=word)
            | Q(operator_name_cy__icontains=word)
            | Q(body_name__icontains=word)
        )
    return rows


def printed_technology(technology: Technology) -> str:
    """How a technology stands on certificates: its English words."""
    with override(ENGLISH.code):
        return str(technology.label)


def options(choice: Choice) -> list[dict[str, Any]]:
    """The lists to choose from, in the order of the form. Three queries: forces, bodies, schemes."""
    forces = Organisation.objects.filter(kind=Kind.POLICE_FORCE).order_by("name")
    issued = Certificate.objects.order_by().values("body")
    bodies = Organisation.objects.filter(Q(schemes__isnull=False) | Q(pk__in=issued)).distinct().order_by("name")
    schemes = CertificationScheme.objects.only("key", "name", "name_cy").order_by("name")
    steps = [(aim.value, str(aim.label)) for aim in Aim]
    technologies = [(each.value, str(each.label)) for each in Technology]
    return [
        _list("standing", _("Standing today"), [(each.value, str(WORDS[each])) for each in STANDINGS], choice.standing),
        _list("technology", _("Technology"), technologies, choice.technology),
        _list("step", _("Step"), steps, choice.step),
        _list("region", _("Region"), [(value, str(label)) for value, label in REGIONS.items()], choice.region),
        _list("force", _("Police force"), [(each.slug, each.local_name) for each in forces], choice.force),
        _list("body", _("Certification body"), [(each.slug, each.local_name) for each in bodies], choice.body),
        _list("scheme", _("Scheme"), [(each.key, local_text(each, "name")) for each in schemes], choice.scheme),
    ]


def _list(name: str, label: str, pairs: Iterable[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "choices": [{"value": value, "label": word, "chosen": value == chosen} for value, word in pairs],
    }
