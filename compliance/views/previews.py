"""The address of a look at an uploaded file before anything is taken from it: signed, for one person and one system."""

from dataclasses import astuple, dataclass
from typing import Any, ClassVar, Self

from django.core import signing
from django.http import Http404
from django.utils.translation import gettext as _

from compliance.models import CameraSystem
from core.errors import RuleBroken

PREVIEW_SECONDS = 2 * 3600


@dataclass(frozen=True)
class Preview:
    """What the address carries: of which system, for whom, which bytes. Each kind of look has a salt of its own."""

    SALT: ClassVar[str]

    system: int
    user: int
    sha256: str
    file_name: str

    def token(self) -> str:
        return signing.dumps(astuple(self), salt=self.SALT)

    @classmethod
    def read(cls, token: str, *, system: CameraSystem, user: Any) -> Self:
        """Raises Http404 for one that is forged or somebody else's, RuleBroken for one that is too old."""
        try:
            preview = cls(*signing.loads(token, salt=cls.SALT, max_age=PREVIEW_SECONDS))
        except signing.SignatureExpired as error:
            raise RuleBroken(_("You looked at this file more than two hours ago. Upload it again.")) from error
        except signing.BadSignature as error:
            raise Http404 from error
        if (preview.system, preview.user) != (system.pk, user.pk):
            raise Http404
        return preview
