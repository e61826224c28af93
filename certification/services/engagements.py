"""What the body quoted and both sides signed for one application: private to the two, never part of anything public."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from certification.models import Application, Engagement, MatterFile
from certification.services.holding import require_status
from certification.services.matter_files import add_file, keeping
from certification.services.news import tell_body, tell_operator
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, StaleRecord

POST_LIMIT = 150
AT_WORK = tuple(status for status in Application.OPEN if status != Application.Status.DRAFT)
HALF = Decimal("0.5")


def engagement_of(application: Application) -> Engagement | None:
    """With its files. One query."""
    return Engagement.objects.filter(application=application).select_related("quote", "document", "changed_by").first()


def record_quote(
    *,
    application: Application,
    version: int,
    fee: Decimal | None,
    planned_days: Decimal | None,
    quoted_on: dt.date,
    upload: UploadedFile | None,
    by: User,
) -> Engagement:
    """The body's manager quotes; the applicant is told. `version` is that of the engagement read, 0 if there was none.

    Days go by halves. A new file takes the place of the one before, which stays with the matter. Raises Incomplete,
    RuleBroken for a file that the portal does not hold, IllegalMove before submission and after the end, StaleRecord.
    """
    problems = [_("The day of the quote must be today or earlier.")] if quoted_on > today() else []
    if planned_days is not None and (planned_days < 0 or planned_days % HALF):
        problems.append(_("Give the days in halves, such as 1.5."))
    if fee is not None and fee < 0:
        problems.append(_("The fee must not be below zero."))
    if problems:
        raise Incomplete(problems)
    values = {"fee": fee, "planned_days": planned_days, "quoted_on": quoted_on}
    file = ("quote", MatterFile.Purpose.QUOTE, upload)
    return _write(application, version, values, file, organisation=application.body, by=by)


def record_signed(
    *,
    application: Application,
    version: int,
    signed_on: dt.date,
    signed_for_operator: str,
    signed_for_body: str,
    upload: UploadedFile | None,
    organisation: Organisation,
    by: User,
) -> Engagement:
    """The engagement as both signed it, recorded by either side; the other is told. Raises as `record_quote` does."""
    values = {
        "signed_on": signed_on,
        "signed_for_operator": checked_text(signed_for_operator, limit=POST_LIMIT),
        "signed_for_body": checked_text(signed_for_body, limit=POST_LIMIT),
    }
    problems = [_("The day of signing must be today or earlier.")] if signed_on > today() else []
    if not values["signed_for_operator"] or not values["signed_for_body"]:
        problems.append(_("Give the posts of both who signed."))
    if problems:
        raise Incomplete(problems)
    file = ("document", MatterFile.Purpose.ENGAGEMENT, upload)
    return _write(application, version, values, file, organisation=organisation, by=by)


def _write(
    application: Application,
    version: int,
    values: Mapping[str, object],
    file: tuple[str, str, UploadedFile | None],
    *,
    organisation: Organisation,
    by: User,
) -> Engagement:
    field, purpose, upload = file
    with keeping() as files:
        require_status(application, *AT_WORK, wanted=application.status)
        engagement = _claim(application, version, by)
        if upload is not None:
            files.append(
                add_file(
                    application=application, purpose=purpose, title="", upload=upload, organisation=organisation, by=by
                )
            )
            values = {**values, field: files[0]}
        before = {name: _plain(getattr(engagement, name)) for name in values}
        for name, value in values.items():
            setattr(engagement, name, value)
        engagement.changed_by, engagement.changed_at = by, timezone.now()
        engagement.save(update_fields=[*values, "changed_by", "changed_at"])
        after = {name: _plain(value) for name, value in values.items()}
        trail.record("changed", engagement, by=by, before=before, after=after)
        _tell(application, organisation)
    return engagement


def _claim(application: Application, version: int, by: User) -> Engagement:
    """Make its next change ours; the application is held, so of two beginners one is second."""
    found = engagement_of(application)
    if found is None and version == 0:
        return Engagement.objects.create(application=application, changed_by=by)
    claimed = Engagement.objects.filter(application=application, version=version)
    if found is None or not claimed.update(version=F("version") + 1):
        raise StaleRecord(found or application)
    found.version = version + 1
    return found


def _plain(value: object) -> object:
    return value.reference if isinstance(value, MatterFile) else value


def _tell(application: Application, organisation: Organisation) -> None:
    """The other side."""
    subject = format_lazy(
        gettext_lazy("Quote or engagement was recorded: {reference}"), reference=application.reference
    )
    body = format_lazy(gettext_lazy("Recorded by: {name}"), name=organisation.name)
    if organisation.pk == application.body_id:
        tell_operator(application, subject=subject, body=body)
    else:
        tell_body(application, Role.BODY_MANAGER, subject=subject, body=body)
