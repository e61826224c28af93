"""Certificates that were issued before events existed get theirs, from what their rows and history say."""

import datetime as dt
import hashlib
import json

from django.db import migrations

KINDS = {
    ("valid", "suspended"): "suspended",
    ("suspended", "valid"): "reinstated",
    ("valid", "withdrawn"): "withdrawn",
    ("suspended", "withdrawn"): "withdrawn",
    ("valid", "replaced"): "replaced",
    ("suspended", "replaced"): "replaced",
}


def add_first_events(apps, schema_editor):
    certificates = apps.get_model("certification", "Certificate").objects
    events = apps.get_model("certification", "CertificateEvent").objects
    for certificate in certificates.filter(events__isnull=True).prefetch_related("changes").iterator(chunk_size=500):
        told = [("issued", certificate.issued_at, None, "", {"origin": certificate.origin})]
        told += [
            (KINDS[change.before, change.after], change.at, change.by_id, change.note, {})
            for change in sorted(certificate.changes.all(), key=lambda change: (change.at, change.pk))
        ]
        previous, rows = "0" * 64, []
        for number, (kind, at, by, reason, data) in enumerate(told, 1):
            values = {
                "certificate": certificate.reference,
                "number": number,
                "kind": kind,
                "at": at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
                "reason": reason,
                "data": data,
                "previous": previous,
            }
            text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            rows.append(
                events.model(
                    certificate=certificate,
                    number=number,
                    kind=kind,
                    at=at,
                    by_id=by,
                    reason=reason,
                    data=data,
                    previous=previous,
                    sha256=sha256,
                )
            )
            previous = sha256
        events.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("certification", "0003_life_after_issue")]

    operations = [migrations.RunPython(add_first_events, migrations.RunPython.noop, elidable=False)]
