"""The mailed links of surveys: to the chief executive, to whom they name, to who signs. Kept as hashes."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.services.notifications import promise_mail
from core.errors import RuleBroken
from strategy.models.surveys import Survey, SurveyLink, SurveyReturn

Purpose = SurveyLink.Purpose


class LinkUnknown(Exception):
    """No link of this portal."""


class LinkClosed(RuleBroken):
    """A link that takes no answer any more."""


def send(record: SurveyReturn, purpose: str, email: str) -> SurveyLink:
    """A new link, which replaces the last one for the same purpose. Call it inside the transaction of the act."""
    now = timezone.now()
    record.links.filter(purpose=purpose, ended_at__isnull=True).update(ended_at=now)
    token = secrets.token_urlsafe(32)
    link = SurveyLink.objects.create(
        record=record, purpose=purpose, email=email, token_sha256=_hash(token), sent_at=now
    )
    _mail(link, token)
    return link


@transaction.atomic
def remind(record: SurveyReturn, on: dt.date) -> int:
    """Send the newest working link's holder a new link, once a day. Returns how many mails were promised."""
    purpose = Purpose.SIGNER if record.status == SurveyReturn.Status.COMPLETED else None
    links = record.links.filter(ended_at__isnull=True)
    link = (links.filter(purpose=purpose) if purpose else links.exclude(purpose=Purpose.SIGNER)).first()
    if link is None or timezone.localdate(link.sent_at) >= on:
        return 0
    send(record, link.purpose, link.email)
    return 1


def link_of(token: str) -> SurveyLink:
    """Raises LinkUnknown, LinkClosed. One query."""
    rows = SurveyLink.objects.select_related("record__survey__organisation", "record__organisation", "record__lead")
    link = rows.filter(token_sha256=_hash(token)).first()
    if link is None:
        raise LinkUnknown
    if link.ended_at is not None:
        raise LinkClosed(_("A newer link was sent. Open the newest message."))
    if link.record.survey.status != Survey.Status.OPEN:
        raise LinkClosed(_("The survey is closed."))
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(link: SurveyLink, token: str) -> None:
    """In both languages for an organisation of Wales, else in English."""
    languages = ("en-gb", "cy") if link.record.organisation.is_welsh else ("en-gb",)
    subjects, bodies = [], []
    for language in languages:
        with override(language):
            subject, body = _words(link, token)
        subjects.append(subject)
        bodies.append(body)
    promise_mail(to=link.email, subject=" / ".join(subjects), body="\n\n---\n\n".join(bodies))


def _words(link: SurveyLink, token: str) -> tuple[str, str]:
    survey, name = link.record.survey, link.record.organisation.local_name
    asked = {
        Purpose.CHIEF: _("Answer it for your organisation, or name who answers."),
        Purpose.COMPLETER: _("You were named to answer it for your organisation."),
        Purpose.SIGNER: _("The answers of your organisation wait for you to sign them."),
    }[Purpose(link.purpose)]
    told = {
        "title": survey.local_title,
        "name": name,
        "asked": asked,
        "address": settings.PORTAL_ORIGIN + reverse("strategy:survey_answer", args=[token]),
        "day": date_format(survey.closes_on, "j F Y") if survey.closes_on else "",
    }
    subject = _("Survey: %(title)s") % told
    body = _(
        "%(title)s\n%(name)s\n\n%(asked)s\n\nOpen this address:\n%(address)s\n\n"
        "You need no account. The survey closes on %(day)s."
    )
    return subject, body % told
