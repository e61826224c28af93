"""What a certificate is worth today, in words: for the register, its page and its mark. Always live, never baked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from certification.models import Certificate
from certification.models.certificate import Standing
from certification.stages import STANDING_COLOURS
from core.errors import Text

WORDS: Mapping[Standing, Text] = {
    Standing.VALID: _("Valid"),
    Standing.REVIEW_DUE: _("Review due"),
    Standing.SUSPENDED: _("Suspended"),
    Standing.WITHDRAWN: _("Withdrawn"),
    Standing.EXPIRED: _("Expired"),
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
    return Worth(standing.value, WORDS[standing], SENTENCES[standing], STANDING_COLOURS[standing], on)


def of_standing(certificates: "QuerySet[Certificate]", standing: Standing, on: date) -> "QuerySet[Certificate]":
    """Those of that standing on that day: the SQL twin of `Certificate.standing`."""
    historic = Q(scheme__closed_on__isnull=False, scheme__closed_on__lte=on)
    if standing == Standing.HISTORIC:
        return certificates.filter(historic)
    certificates = certificates.exclude(historic)
    if standing in (Standing.WITHDRAWN, Standing.SUSPENDED, Standing.REPLACED):
        return certificates.filter(status=standing.value)
    certificates = certificates.filter(status=Certificate.Status.VALID)
    expired = Q(valid_until__isnull=False, valid_until__lt=on)
    if standing == Standing.EXPIRED:
        return certificates.filter(expired)
    due = Q(next_review_on__isnull=False, next_review_on__lt=on)
    return certificates.exclude(expired).filter(due if standing == Standing.REVIEW_DUE else ~due)
