"""Recording certificates of a closed scheme that were issued before there was the portal, or outside it."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from accounts.services.organisations import create_organisation
from certification.models import Certificate, CertificateEvent, CertificationScheme
from certification.past_certificates import Past, Sorting, facts_of, sort
from certification.services.events import add_event
from certification.services.holding import require_text
from certification.signals import certificate_changed
from compliance.services.texts import checked_text
from core import trail

SOURCE_LIMIT = 300


@transaction.atomic
def record_certificates(*, scheme: CertificationScheme, text: str, source: str, by: User | None) -> Sorting:
    """Record every row of the list that is new; those with problems stay out, those recorded before stay as they are.

    `source` says publicly where the list comes from. A body that the portal does not know is added as a certification
    body without people and without any right under a scheme: it can do nothing, and its name stands as in the list.
    No number is given, no document printed, nothing signed. Raises RuleBroken (see `past_certificates.sort`),
    Incomplete without a source.
    """
    source = require_text(
        checked_text(source, limit=SOURCE_LIMIT), _("Write where the list comes from. The public reads it.")
    )
    CertificationScheme.objects.select_for_update().get(pk=scheme.pk)  # two lists at once: one after the other
    sorting = sort(scheme, text)
    bodies = {name.casefold(): _body(name, by) for name in sorting.new_bodies}
    for past in sorting.new:
        _record(scheme, past, past.body or bodies[past.body_name.casefold()], source, by)
    return sorting


def _body(name: str, by: User | None) -> Organisation:
    return create_organisation(kind=Kind.CERTIFICATION_BODY, name=name, by=by)


def _record(scheme: CertificationScheme, past: Past, body: Organisation, source: str, by: User | None) -> None:
    certificate = Certificate.objects.create(
        reference=past.reference,
        origin=Certificate.Origin.RECORDED,
        scheme=scheme,
        operator=past.operator,
        body=body,
        operator_name=past.operator_name,
        scheme_name=scheme.name,
        scheme_name_cy=scheme.name_cy,
        scheme_statement=scheme.statement,
        scheme_statement_cy=scheme.statement_cy,
        address=f"{settings.PORTAL_ORIGIN}/certificates/{past.reference}/",
        **{name: value for name, value in facts_of(past).items() if name != "operator_id"},
    )
    printed = {"number": past.number} if past.number != past.reference else {}
    add_event(certificate, CertificateEvent.Kind.RECORDED, by=by, reason=source, data={"row": past.row, **printed})
    trail.record("recorded", certificate, by=by, after={"scheme": scheme.key, "body": body.slug, "source": source})
    certificate_changed.send(sender=Certificate, certificate=certificate)
