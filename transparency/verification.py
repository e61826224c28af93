"""Whether a file is a document of this portal, told from its signature, its hash and the register, each reported.

The page of checking and the command `verify_certificate` ask here. What a stranger brings is never stored, and nothing
that it holds raises.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from certification.facts import FACTS_FILE, SIGNED_FACTS_FILE
from core import registry
from core.dates import LONDON
from core.errors import Text
from core.pdf_inside import look_inside, read_inside
from core.registry import Issued
from core.signing import Fault, PdfCheck, Trust, Withdrawal, check_facts, check_pdf
from slas import facts as agreement_facts

_written = lazy(date_format, str)  # in the language of whoever reads it
LARGEST = 5 * 1024 * 1024  # bytes of a file that is checked
# Of a certificate, or of an agreement (`core.references`)
NUMBER = re.compile(r"\b(?:[A-Z]{2,8}-\d{4}-\d{4,9}(?:-[0-9A-Z])?|AG-[2-9B-DF-HJ-NP-TV-Z]{7})\b")
# The data attached to each kind of document, and the same signed
DATA_FILES = {FACTS_FILE: SIGNED_FACTS_FILE, agreement_facts.FACTS_FILE: agreement_facts.SIGNED_FACTS_FILE}


class Outcome(TextChoices):
    GENUINE = "genuine", _("Genuine")
    ALTERED = "altered", _("Altered")
    UNKNOWN = "unknown", _("Unknown")


class Flaw(TextChoices):
    """What is wrong besides the signature; the faults of that are `core.signing.Fault`."""

    REWRITTEN = "rewritten", _("The file was written anew after it was signed: its signature no longer fits.")
    NOT_RECORDED = "not_recorded", _("Its hash is not the one in the register.")
    FACTS_SWAPPED = "facts_swapped", _("The data attached to it are not those of the document.")
    FACTS_MISSING = "facts_missing", _("The data that belong to it are no longer attached.")
    UNKNOWN_NUMBER = "unknown_number", _("The number that it gives is not in the register.")
    LOCKED = "locked", _("It is protected with a password, and no document of this portal is.")
    NO_NUMBER = "no_number", _("It is not a document of this portal: it gives no number of one.")


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong, with what identifies it for a program."""

    code: str
    text: Text


@dataclass(frozen=True)
class Verdict:
    """What is known of a file. Without a register, `register` and `standing` are None."""

    outcome: Outcome
    signature: bool  # by a key of the portal, intact, over the whole file
    hash: bool  # as recorded in the register; without one: as signed
    register: bool | None  # the number that it gives is in the register
    standing: str | None
    reference: str | None
    reasons: Sequence[Reason]
    check: PdfCheck
    issued: Issued | None = None

    @property
    def genuine(self) -> bool:
        return self.outcome == Outcome.GENUINE


def verify(data: bytes) -> Verdict:
    """Judge a file by this portal's keys and registers."""
    check = check_pdf(data)
    sha256 = hashlib.sha256(data).hexdigest()
    if issued := _find(lambda kind: kind.by_hash(sha256)):
        return _known(data, check, issued, has_hash=True)
    inside = _Inside.of(data)
    for number in inside.numbers:
        if issued := _find(lambda kind, number=number: kind.by_reference(number)):
            return _known(data, check, issued, has_hash=False, inside=inside)
    return _unknown(data, check, inside)


def verify_offline(data: bytes, trust: Trust) -> Verdict:
    """Judge a file by given keys alone: no database is asked."""
    check = check_pdf(data, trust=trust)
    inside = _Inside.of(data)
    found = [*_signature_reasons(data, check), *_facts_reasons(inside, None, trust)]
    reasons = list({(reason.code, str(reason.text)): reason for reason in found}.values())
    if check.is_as_signed and all(reason.code == Fault.WITHDRAWN_KEY for reason in reasons):
        outcome = Outcome.UNKNOWN if reasons else Outcome.GENUINE
    else:
        outcome = Outcome.ALTERED if check.signed or inside.numbers else Outcome.UNKNOWN
    return Verdict(
        outcome=outcome,
        signature=check.genuine,
        hash=check.intact and check.covers_whole,
        register=None,
        standing=None,
        reference=next(iter(inside.numbers), None),
        reasons=reasons,
        check=check,
    )


def _find(ask: Any) -> Issued | None:
    return next((found for kind in registry.verifiable if (found := ask(kind)) is not None), None)


def _known(data: bytes, check: PdfCheck, issued: Issued, *, has_hash: bool, inside: "_Inside | None" = None) -> Verdict:
    reasons = _signature_reasons(data, check)
    if not has_hash:
        inside = inside or _Inside.of(data)
        reasons.append(_flaw(Flaw.NOT_RECORDED))
        reasons += _facts_reasons(inside, issued.facts, None)
        reasons += _page_reasons(inside, issued)
    return Verdict(
        outcome=Outcome.GENUINE if has_hash and check.is_as_signed else Outcome.ALTERED,
        signature=check.genuine,
        hash=has_hash,
        register=True,
        standing=issued.standing,
        reference=issued.reference,
        reasons=reasons,
        check=check,
        issued=issued,
    )


def _unknown(data: bytes, check: PdfCheck, inside: "_Inside") -> Verdict:
    """Signed by the portal and in no register: altered, or the register lost it. Anything else is a stranger's."""
    number = next(iter(inside.numbers), None)
    is_ours = check.trusted
    reasons = _signature_reasons(data, check) if check.signed else []
    reasons.append(_flaw(Flaw.UNKNOWN_NUMBER if number else Flaw.LOCKED if b"/Encrypt" in data else Flaw.NO_NUMBER))
    return Verdict(
        outcome=Outcome.ALTERED if is_ours and not check.is_as_signed else Outcome.UNKNOWN,
        signature=check.genuine,
        hash=False,
        register=False,
        standing=None,
        reference=number,
        reasons=reasons,
        check=check,
    )


# --- what exactly is wrong ---


def _flaw(flaw: Flaw) -> Reason:
    return Reason(flaw.value, flaw.label)


def _signature_reasons(data: bytes, check: PdfCheck) -> list[Reason]:
    faults = list(check.faults)
    found = []
    if Fault.UNSIGNED in faults and b"/ByteRange" in data:
        faults.remove(Fault.UNSIGNED)
        found.append(_flaw(Flaw.REWRITTEN))
    if check.withdrawn is not None:
        faults.remove(Fault.WITHDRAWN_KEY)
        found.append(_withdrawn_key(check.withdrawn))
    found += [Reason(fault.value, fault.label) for fault in faults]
    if check.appended_pages:
        found.append(Reason("pages_appended", _pages_appended(check.appended_pages)))
    return found


def _withdrawn_key(withdrawn: Withdrawal) -> Reason:
    text = format_lazy(
        _("It was signed with a key that was withdrawn on {day}, because: {reason}"),
        day=_written(withdrawn.at.astimezone(LONDON), "j F Y"),
        reason=withdrawn.reason,
    )
    return Reason(Fault.WITHDRAWN_KEY.value, text)


def _pages_appended(count: int) -> Text:
    if count < 0:
        return _("There are fewer pages in it than were signed.")
    return _("There are more pages in it than were signed.")


def _facts_reasons(inside: "_Inside", recorded: str | None, trust: Trust | None) -> list[Reason]:
    """The data in the file against those in the register, or against their own signature."""
    if inside.facts is None:
        return [_flaw(Flaw.FACTS_MISSING)] if recorded else []
    if recorded is not None:
        return [] if inside.facts == recorded else [_flaw(Flaw.FACTS_SWAPPED)]
    if inside.jws is None:
        return [_flaw(Flaw.FACTS_MISSING)]
    signed = check_facts(inside.jws, trust=trust)
    if signed.intact and signed.text == inside.facts:
        return [_withdrawn_key(signed.withdrawn)] if signed.withdrawn else []
    if signed.intact:
        return [_flaw(Flaw.FACTS_SWAPPED)]
    # Only a file of keys by their ids can tell; with an authority's certificate the signature of the file speaks
    return []


def _page_reasons(inside: "_Inside", issued: Issued) -> Iterator[Reason]:
    try:
        original = read_inside(issued.content()).pages
    except (OSError, ValueError):  # it is gone from the store, or not whole there
        return
    if not original or not inside.pages:
        return
    if len(inside.pages) > len(original):
        yield Reason("pages_added", _("It has more pages than the document that was issued."))
    elif len(inside.pages) < len(original):
        yield Reason("pages_missing", _("It has fewer pages than the document that was issued."))
    for number, (now, then) in enumerate(zip(inside.pages, original, strict=False), 1):
        if now != then:
            yield Reason("page_changed", _page_changed(number))


def _page_changed(number: int) -> Text:
    return format_lazy(_("Not as it was issued: page {number}."), number=number)


@dataclass(frozen=True)
class _Inside:
    """What a file says of itself, read with bounds: numbers that it may be of, its data, the hash of each page."""

    numbers: Sequence[str] = ()
    facts: str | None = None
    jws: str | None = None
    pages: Sequence[str] = ()

    @classmethod
    def of(cls, data: bytes) -> "_Inside":
        """Of a file that somebody brings."""
        found = look_inside(data, (*DATA_FILES, *DATA_FILES.values()))
        if found is None:
            return cls(numbers=tuple(dict.fromkeys(NUMBER.findall(data[:LARGEST].decode("latin-1"))))[:5])
        attached = next((name for name in DATA_FILES if name in found.files), FACTS_FILE)
        facts = found.files.get(attached)
        numbers = [*_number_in(facts), *NUMBER.findall(found.title)[:5]]
        return cls(tuple(dict.fromkeys(numbers)), facts, found.files.get(DATA_FILES[attached]), found.pages)


def _number_in(facts: str | None) -> list[str]:
    with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
        number = json.loads(facts or "")["number"]
        if isinstance(number, str) and NUMBER.fullmatch(number):
            return [number]
    return []
