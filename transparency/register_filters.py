"""By what the register is filtered: the same on its page, in its downloads and in the API."""

import re
from collections.abc import Mapping
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
from transparency.asked import chooser, known, words
from transparency.languages import ENGLISH
from transparency.pages.words import REGIONS
from transparency.standing import WORDS

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
        return cls(
            standing=known(asked, "standing", Standing.values),
            technology=known(asked, "technology", Technology.values),
            region=known(asked, "region", REGIONS),
            step=known(asked, "step", Aim.values),
            force=words(asked, "force"),
            body=words(asked, "body"),
            scheme=words(asked, "scheme"),
            text=words(asked),
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
        of_force = Organisation.objects.outward().filter(Q(police_forces__slug=choice.force) | Q(slug=choice.force))
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
    forces = Organisation.objects.outward().filter(kind=Kind.POLICE_FORCE).order_by("name")
    issued = Certificate.objects.order_by().values("body")
    bodies = (
        Organisation.objects.outward().filter(Q(schemes__isnull=False) | Q(pk__in=issued)).distinct().order_by("name")
    )
    schemes = CertificationScheme.objects.only("key", "name", "name_cy").order_by("name")
    return [
        chooser("standing", _("Standing today"), [(each.value, WORDS[each]) for each in STANDINGS], choice.standing),
        chooser("technology", _("Technology"), Technology.choices, choice.technology),
        chooser("step", _("Step"), Aim.choices, choice.step),
        chooser("region", _("Region"), REGIONS.items(), choice.region),
        chooser("force", _("Police force"), [(each.slug, each.local_name) for each in forces], choice.force),
        chooser("body", _("Certification body"), [(each.slug, each.local_name) for each in bodies], choice.body),
        chooser("scheme", _("Scheme"), [(each.key, local_text(each, "name")) for each in schemes], choice.scheme),
    ]
