"""Being told by mail what changed in public: asked for, confirmed by the owner of the mailbox, ended by one click.

Nobody learns here whether an address is known: asking again looks the same. At most one mail a day goes to an address.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation
from accounts.services.notifications import promise_mail
from certification.models import Certificate, CertificateEvent
from core.dates import today
from core.errors import RuleBroken
from transparency.addresses import has_page, path_of, seen_in_public
from transparency.languages import ENGLISH, WELSH, Language
from transparency.models import Publication, Subscription

Kind = Subscription.Kind
CONFIRM, END = "transparency.subscription.confirm", "transparency.subscription.end"
ALL = "all"  # of one address
CONFIRM_WITHIN = dt.timedelta(days=7)
ASK_AGAIN_AFTER = dt.timedelta(hours=1)  # a mailbox is not flooded by whoever types it into the form
MOST_TO_CONFIRM = 5  # mails to one mailbox in that time that nobody has confirmed, whatever they are about
MOST_NEWS = 30  # lines of one mail


def title_of(kind: str, key: str) -> str:
    """What would be told about, in the language of the page. Raises RuleBroken where there is no such thing."""
    if kind == Kind.CONSULTATIONS and not key:
        return _("All consultations about cameras")
    if kind == Kind.BULLETINS and not key:
        return _("All bulletins and news")
    if kind == Kind.AUTHORITY:
        organisation = Organisation.objects.outward().at(key)
        if organisation is not None and has_page(organisation, seen_in_public()):  # one without a page stays unnamed
            return organisation.local_name
    if kind == Kind.SYSTEM:
        published = Publication.objects.of_systems().current().filter(subject_reference=key).for_list().first()
        if published:
            return f"{published.local_title}, {published.organisation.local_name}"
    if kind == Kind.GROUP:
        shown = Publication.objects.current().filter(kind=Publication.Kind.GROUP, subject_reference=key)
        if group := shown.for_list().first():
            return group.local_title
    if kind == Kind.CERTIFICATE and Certificate.objects.filter(reference=key).exists():
        return _("Certificate %(reference)s") % {"reference": key}
    raise RuleBroken(_("There is nothing at this address that changes could be told of."))


@transaction.atomic
def subscribe(*, kind: str, key: str, email: str, language: str) -> None:
    """Send a mail to confirm, unless one or very many were just sent or it is confirmed; silent. Raises RuleBroken."""
    title = title_of(kind, key)
    if kind == Kind.AUTHORITY and (there := Organisation.objects.at(key)) is not None:
        key = there.slug  # of an address that leads elsewhere, what is there
    email = email.strip().lower()
    validate_email(email)
    lately = timezone.now() - ASK_AGAIN_AFTER
    unconfirmed = Subscription.objects.filter(email=email, confirmed_at__isnull=True, asked_at__gt=lately)
    if unconfirmed.count() >= MOST_TO_CONFIRM:
        return
    row, is_new = Subscription.objects.get_or_create(
        email=email, kind=kind, key=key, defaults={"language": WELSH.tag if language == WELSH.tag else ENGLISH.tag}
    )
    if row.confirmed_at or (not is_new and row.asked_at > lately):
        return
    row.asked_at = timezone.now()
    row.save(update_fields=["asked_at"])
    spoken = _language(row)
    with override(spoken.code):
        promise_mail(
            to=email,
            subject=_("Confirm that you want to be told of changes"),
            body=_(
                "Somebody, probably you, asked that this address is told by mail when something changes here:\n"
                "%(title)s\n\nTo confirm, open this address within a week:\n%(address)s\n\n"
                "If it was not you, do nothing: no further mail comes."
            )
            % {"title": title, "address": _address(spoken, "subscription_confirm", CONFIRM, row.reference)},
        )


def _language(row: Subscription) -> Language:
    return WELSH if row.language == WELSH.tag else ENGLISH


def _address(language: Language, page: str, salt: str, text: str) -> str:
    return settings.PORTAL_ORIGIN + language.address(path_of(page, Signer(salt=salt).sign(text)))


def _unsigned(token: str, salt: str) -> str:
    try:
        return Signer(salt=salt).unsign(token)
    except BadSignature as error:
        raise RuleBroken(_("This link is not whole. Open it again from the mail.")) from error


def to_confirm(*, token: str) -> Subscription:
    """Raises RuleBroken for a link that is not one, is too old, or whose subscription has ended."""
    row = Subscription.objects.filter(reference=_unsigned(token, CONFIRM)).first()
    if row is None or (row.confirmed_at is None and row.asked_at < timezone.now() - CONFIRM_WITHIN):
        raise RuleBroken(_("This link is too old. Ask again to be told."))
    return row


@transaction.atomic
def confirm(*, token: str) -> Subscription:
    """From now on it is told of changes. Raises RuleBroken as `to_confirm`."""
    row = to_confirm(token=token)
    if row.confirmed_at is None:
        row.confirmed_at = row.told_until = timezone.now()
        row.save(update_fields=["confirmed_at", "told_until"])
    return row


@transaction.atomic
def end(*, token: str) -> None:
    """End one subscription, or all of its address. Done again it changes nothing. Raises RuleBroken for a forgery."""
    reference, _dot, which = _unsigned(token, END).partition(".")
    row = Subscription.objects.filter(reference=reference).first()
    if row is None:
        return
    found = Subscription.objects.filter(email=row.email) if which == ALL else Subscription.objects.filter(pk=row.pk)
    found.delete()


def forget_unconfirmed() -> int:
    """Addresses whose owner did not confirm go after a week."""
    late = Subscription.objects.filter(confirmed_at__isnull=True, asked_at__lt=timezone.now() - CONFIRM_WITHIN)
    return late.delete()[0]


def tell() -> int:
    """One mail to each address for which something changed, unless it had one today. Returns how many were promised."""
    waiting = Subscription.objects.filter(confirmed_at__isnull=False).exclude(mailed_on=today())
    by_email: dict[str, list[Subscription]] = defaultdict(list)
    for row in waiting.order_by("email", "pk"):
        by_email[row.email].append(row)
    if not by_email:
        return 0
    now = timezone.now()
    since = min(row.told_until for rows in by_email.values() for row in rows)
    changed = list(_changed_publications(since))
    events = list(CertificateEvent.objects.filter(at__gt=since).select_related("certificate"))
    return sum(_tell_one(rows, changed, events, now) for rows in by_email.values())


def _changed_publications(since: dt.datetime) -> Iterable[Publication]:
    """New versions and withdrawals; an ended version alone is no news, since another took its place."""
    withdrawn = Q(ended_at__gt=since) & ~Q(withdrawn_reason="")
    return Publication.objects.filter(Q(published_at__gt=since) | withdrawn).for_list()


def _at(publication: Publication) -> dt.datetime:
    return publication.ended_at if publication.is_withdrawn and publication.ended_at else publication.published_at


@transaction.atomic
def _tell_one(
    rows: list[Subscription], changed: list[Publication], events: list[CertificateEvent], now: dt.datetime
) -> bool:
    spoken = _language(rows[0])
    with override(spoken.code):
        news: dict[str, str] = {}
        for row in rows:
            for publication in changed:
                if _at(publication) > row.told_until and _concerns(row, publication):
                    news[publication.path] = publication.local_title
            for event in events:
                if (
                    row.kind == Kind.CERTIFICATE
                    and event.at > row.told_until
                    and event.certificate.reference == row.key
                ):
                    path = path_of("certificate", row.key)
                    news[path] = _("Certificate %(reference)s") % {"reference": row.key}
        if not news:
            return False
        end_all = _address(spoken, "subscription_end", END, f"{rows[0].reference}.{ALL}")
        lines = [
            f"{title}\n{settings.PORTAL_ORIGIN}{spoken.address(path)}" for path, title in list(news.items())[:MOST_NEWS]
        ]
        body = "\n\n".join(
            [_("This changed in public:"), *lines, _("To have no more of these mails:") + f"\n{end_all}"]
        )
        subject = _("Changes about cameras that you asked to be told of")
        promise_mail(to=rows[0].email, subject=subject, body=body, unsubscribe=end_all)
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(told_until=now, mailed_on=today())
    return True


def _concerns(row: Subscription, publication: Publication) -> bool:
    if row.kind == Kind.AUTHORITY:
        return publication.organisation.slug == row.key
    if row.kind == Kind.SYSTEM:
        return publication.subject_reference == row.key
    if row.kind == Kind.GROUP:
        return publication.path.startswith(f"/groups/{row.key}/")
    if row.kind == Kind.BULLETINS:
        return publication.kind == Publication.Kind.BULLETIN
    return row.kind == Kind.CONSULTATIONS and publication.kind == Publication.Kind.CONSULTATION
