"""The strata of a sample and the reasons of risk in words."""

from collections.abc import Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from certification.sampling import HEIGHTENED
from compliance.models.camera import CameraType
from core.errors import Text

RISK: Mapping[str, Text] = {
    "recognition": _("it compares faces or number plates with a list, or reads plates"),
    "moves": _("it can be moved, worn, driven or flown"),
    "withheld": _("its place is withheld from the public"),
    "unsettled": _("it is faulty, under review, or its removal is recommended"),
}


def stratum_in_words(key: str) -> Text:
    """`ptz/heightened` as people say it; '' for none."""
    kind, _slash, risk = key.partition("/")
    if kind not in CameraType.values:
        return key
    words = _("heightened risk") if risk == HEIGHTENED else _("ordinary risk")
    return format_lazy("{kind}, {risk}", kind=CameraType(kind).label, risk=words)
