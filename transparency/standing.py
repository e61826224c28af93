"""What a certificate is worth today, in words: for the register, its page and its mark. Always live, never baked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from certification.models import Certificate
from certification.models.certificate import Standing
from certification.stages import STANDING_COLOURS
from core.errors import Text

_written = lazy(date_format, str)  # in the language of whoever reads it

WORDS: Mapping[Standing, Text] = {
    Standing.VALID: _("Valid"),
    Standing.REVIEW_DUE: _("Review due"),
    Standing.SUSPENDED: _("Suspended"),
    Standing.WITHDRAWN: _("Withdrawn"),
    Standing.EXPIRED: _("Expired"),
    Standing.NOT_YET: _("Not valid yet"),
    Standing.REPLACED: _("Replaced"),
    Standing.HISTORIC: _("Historic: scheme closed"),
}

SENTENCES: Mapping[Standing, Text] = {
    Standing.VALID: _("The certificate is in force today. What was found, and when, is said below."),
    Standing.REVIEW_DUE: _("The certificate has not ended, but the day on which it was to be reviewed has passed."),
    Standing.SUSPENDED: _(
        "The certificate is not valid at present. The certification body suspended it; the reason is below."
    ),
    Standing.WITHDRAWN: _(
        "The certificate is not valid any more. The certification body withdrew it; the reason is below."
    ),
    Standing.EXPIRED: _("The certificate is not valid any more. Its last day has passed."),
    Standing.NOT_YET: _("The certificate is not valid yet. It is valid from {first_day} on."),
    Standing.REPLACED: _("The certificate is not valid any more. Another one has taken its place."),
    Standing.HISTORIC: _(
        "The scheme under which it was issued is closed. It is shown for the history only and is not valid."
    ),
}


@dataclass(frozen=True)
class Worth:
    """The standing of one certificate on one day: key, word, sentence, colour of the tag."""

    key: str
    word: Text
    sentence: Text
    colour: str
    on: date


def worth(certificate: Certificate, on: date) -> Worth:
    """What it is worth on that day. Needs `scheme` loaded; no query."""
    standing = certificate.standing(on)
    sentence = SENTENCES[standing]
    if standing == Standing.NOT_YET and certificate.valid_from is not None:
        sentence = format_lazy(sentence, first_day=_written(certificate.valid_from, "j F Y"))
    return Worth(standing.value, WORDS[standing], sentence, STANDING_COLOURS[standing], on)
