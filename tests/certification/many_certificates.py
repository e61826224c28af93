"""Certificates by the dozen, in a portal of its own. A process: its environment says which portal.

python -m tests.certification.many_certificates issue N     issues so many, each in the place of the one before
python -m tests.certification.many_certificates check       prints what became of them, as one value of JSON
"""

import hashlib
import json
import sys
from typing import Any

from ccp_portal.launcher import preparation

FIRST = 500_000  # of names and codes that are made up here
SYSTEMS = 28  # as on the certificate of a large council: two pages


def issue(count: int) -> list[int]:
    """Issue them through the services; the promise of each document is made. Returns their ids."""
    from factory.django import DjangoModelFactory

    from certification.models import Certificate
    from certification.services.certificates import issue_successor
    from tests.factories.certification import Parties

    for kind in _below(DjangoModelFactory):  # another process may have made records in this portal before
        kind.reset_sequence(FIRST, force=True)
    parties = Parties.make()
    certificate = parties.awarded().certificate
    if certificate is None:
        raise RuntimeError("the award issued nothing")
    certificate.systems_listed = [
        {
            "reference": f"CS-23K{number:04d}",
            "name": f"System {number} of a large council",
            "technologies": ["CCTV"],
            "cameras": number,
            "counted_on": "2026-10-02",
        }
        for number in range(1, SYSTEMS + 1)
    ]
    certificate.save()
    ids = [certificate.pk]
    for _ in range(count - 1):
        certificate = issue_successor(
            certificate=certificate, origin=Certificate.Origin.REISSUE, by=parties.decider, reason="A new name."
        )
        ids.append(certificate.pk)
    return ids


def _below(kind: Any) -> list[Any]:
    return [found for child in kind.__subclasses__() for found in (child, *_below(child))]


def check() -> dict[str, Any]:
    from certification.facts import facts_text
    from certification.models import Certificate
    from certification.services.events import verify_events
    from core.models import Job, TrailEntry
    from core.signing import check_facts, check_pdf

    found = []
    for certificate in Certificate.objects.for_document().order_by("pk"):
        with certificate.document.open("rb") as file:
            pdf = file.read()
        found.append(
            {
                "number": certificate.reference,
                "hash": hashlib.sha256(pdf).hexdigest() == certificate.document_sha256,
                "genuine": check_pdf(pdf).genuine,
                "facts": check_facts(certificate.facts_jws).text == certificate.facts == facts_text(certificate),
                "events": verify_events(certificate),
                "printed": TrailEntry.objects.filter(verb="printed", subject_reference=certificate.reference).count(),
            }
        )
    jobs = Job.objects.filter(kind="certification.print_certificate")
    return {
        "certificates": found,
        "files": len(_stored()),
        "open": jobs.open().count(),
        "given_up": jobs.filter(given_up_at__isnull=False).count(),
    }


def _stored() -> list[str]:
    from django.core.files.storage import default_storage

    return default_storage.listdir("certificates")[1]


def main() -> int:
    preparation.start_django()
    from django.core.management import call_command

    if sys.argv[1] == "issue":
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)  # public pages follow each certificate
        print(json.dumps(issue(int(sys.argv[2]))))
    else:
        print(json.dumps(check()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
