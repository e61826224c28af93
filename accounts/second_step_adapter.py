"""How allauth's second step behaves here: its secrets lie encrypted in the database, its picture is drawn by segno."""

from typing import ClassVar
from urllib.parse import quote

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleBroken
from core.keys import kept_key

ISSUER = "CCTV Compliance Portal"


class SecondStepAdapter(DefaultMFAAdapter):
    """The key is kept beside the database and never in it: a copy of the tables alone opens no second step."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This is not the code that the app shows now, nor a recovery code."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Raises RuleBroken when the key is not the one that closed it: the portal was restored without its keys."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise RuleBroken(
                _(
                    "Your second step cannot be checked, because the portal has lost its key to it. "
                    "Ask whoever manages the members of your organisation to reset it."
                )
            ) from error

    def get_totp_issuer(self) -> str:
        return ISSUER

    def build_totp_svg(self, url: str) -> str:
        drawn: str = segno.make(url, error="m").svg_inline(scale=5, border=4, light="#ffffff")
        return drawn

    def totp_picture(self, url: str) -> str:
        """The QR code as the address of an image."""
        return "data:image/svg+xml;charset=utf-8," + quote(
            self.build_totp_svg(url).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        )


def _box() -> Fernet:
    return Fernet(kept_key("second_step", Fernet.generate_key))
