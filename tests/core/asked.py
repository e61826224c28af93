"""What a test asks of a portal, here or in another process."""

import hashlib

from django.core.cache import cache
from django.test import Client


def page_hash(path: str) -> str:
    """Of a public page's bytes; made afresh."""
    cache.clear()
    answer = Client(headers={"host": "testserver"}).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return hashlib.sha256(answer.getvalue()).hexdigest()


def genuine_documents() -> list[str]:
    """The numbers of all certificates whose stored document is genuine and has its recorded hash."""
    from certification.models import Certificate
    from core import signing

    found = []
    for certificate in Certificate.objects.exclude(document=""):
        pdf = certificate.document.open("rb").read()
        recorded = hashlib.sha256(pdf).hexdigest() == certificate.document_sha256
        if recorded and signing.check_pdf(pdf).genuine:
            found.append(certificate.reference)
    return found


def sessions() -> int:
    from django.contrib.sessions.models import Session

    return Session.objects.count()


def second_steps() -> list[str]:
    from allauth.mfa.models import Authenticator

    return [found.user.email for found in Authenticator.objects.select_related("user")]


def new_user_id() -> int:
    from accounts.models import User

    return int(User.objects.create(email="new@example.org", name="New").pk)
