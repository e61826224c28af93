"""The record that somebody passed a self-test. Tries that fail leave nothing."""

from django.db import transaction

from accounts.models import User
from core.dates import today
from strategy.models import SelfTestRecord
from strategy.self_tests import Result, SelfTest, edition


@transaction.atomic
def complete(*, person: User, test: SelfTest, result: Result) -> SelfTestRecord | None:
    """Kept once for each test and edition; the better score and its day stand. None unless it is passed."""
    if not result.passed:
        return None
    found = {
        "passed_on": today(),
        "score": result.score,
        "questions": len(result.marked),
        "pass_mark": result.pass_mark,
    }
    record, made = SelfTestRecord.objects.get_or_create(
        person=person, principle=test.principle, edition=edition().key, defaults=found
    )
    if not made and result.score > record.score:
        for name, value in found.items():
            setattr(record, name, value)
        record.save()
    return record
