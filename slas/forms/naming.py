"""Organisations as people write them in a form: by name, or by name and code where several bear one name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import OPERATOR_KINDS, POLICE_KINDS, Organisation


@dataclass(frozen=True)
class Named:
    """What lines stand for: organisations in their order, names that nothing bears, and names that several bear."""

    found: list[Organisation]
    unknown: list[str]
    several: dict[str, list[Organisation]]

    def refusals(self) -> list[str]:
        """Why the lines are not taken as they are, and what to write instead; none where each stands for one."""
        sentences = []
        if self.unknown:
            sentence = _("The portal knows no council, force or agency of this name: %(names)s")
            sentences.append(sentence % {"names": "; ".join(self.unknown)})
        for name, bearers in self.several.items():
            sentence = _("More than one is called “%(name)s”. Write the one that you mean with its code: %(choices)s")
            choices = "; ".join(f"{with_code(each)}: {each.get_kind_display()}" for each in bearers)
            sentences.append(sentence % {"name": name, "choices": choices})
        return sentences


def with_code(organisation: Organisation, name: str = "") -> str:
    """Its name with what no other has: its GSS code, else the last part of its address."""
    return f"{name or organisation.name} ({organisation.gss_code or organisation.slug})"


def named_among(lines: Iterable[str], organisations: Iterable[Organisation]) -> Named:
    """Those of the organisations that the lines name: in English or Welsh, in full, by code, or by name and code."""
    wanted = {" ".join(line.split()).casefold(): " ".join(line.split()) for line in lines if line.strip()}
    bearers: dict[str, list[Organisation]] = {key: [] for key in wanted}
    for organisation in organisations:
        for key in _keys_of(organisation) & wanted.keys():
            bearers[key].append(organisation)
    found = {each[0].pk: each[0] for each in bearers.values() if len(each) == 1}
    return Named(
        found=list(found.values()),
        unknown=[wanted[key] for key, each in bearers.items() if not each],
        several={wanted[key]: each for key, each in bearers.items() if len(each) > 1},
    )


def named_organisations(lines: Iterable[str], organisation: Organisation) -> Named:
    """The same among all councils, forces and agencies of today that deal with an organisation. One query at most."""
    kept = [line for line in lines if line.strip()]
    if not kept:
        return Named([], [], {})
    there = Organisation.objects.current().dealing_with(organisation)
    return named_among(kept, there.filter(kind__in=OPERATOR_KINDS | POLICE_KINDS))


def _keys_of(organisation: Organisation) -> set[str]:
    names = {organisation.name, organisation.name_cy, organisation.official_name} - {""}
    codes = {organisation.slug, organisation.gss_code} - {"", None}
    both = {f"{name} ({code})" for name in names for code in codes}
    return {key.casefold() for key in (*names, *(str(code) for code in codes), *both)}


def as_lines(organisations: Iterable[Organisation], organisation: Organisation) -> str:
    """Lines that name these organisations and no others, for one of them to read. One query at most."""
    known = list(organisations)
    several = named_organisations((each.name for each in known), organisation).several
    return "\n".join(with_code(each) if each.name in several else each.name for each in known)


def as_choices(organisations: Iterable[Organisation]) -> list[tuple[str, str]]:
    """Slug and local name of each, with its code where another of them has the same name. No query."""
    known = list(organisations)
    borne = Counter(each.local_name for each in known)
    return [
        (each.slug, with_code(each, each.local_name) if borne[each.local_name] > 1 else each.local_name)
        for each in known
    ]
