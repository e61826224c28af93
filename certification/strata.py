"""The strata of a sample, the rule of its size and the reasons of risk in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from certification.sampling import HEIGHTENED, SHARE, SizeRule, size_rule
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


def size_in_words(rule: SizeRule) -> str:
    """How many cameras a rule wants, as a sentence."""
    values = {"percent": rule.percent, "times": number_format(rule.percent / 100), "least": rule.at_least}
    if rule.method == SHARE:
        words = _now("%(percent)d in a hundred of the cameras, rounded up")
    elif rule.percent == 100:
        words = _now("The square root of the cameras, rounded up")
    else:
        words = _now("%(times)s times the square root of the cameras, rounded up")
    least = _now("at least %(least)d of them") if rule.at_least > 1 else ""
    return ", ".join(filter(None, (words, least, _now("and at least one of each stratum.")))) % values


def draw_in_words(seed: str, rule: Mapping[str, Any]) -> dict[str, Any] | None:
    """Rule, seed and strata of a draw, and the earlier draws. None where nothing was drawn."""
    if not seed:
        return None
    return {
        "seed": seed,
        "rule": rule["rule"],
        "words": size_in_words(size_rule(rule)),
        "population": rule["population"],
        "population_sha256": rule["population_sha256"],
        "size": rule["size"],
        "strata": [{**stratum, "words": stratum_in_words(stratum["name"])} for stratum in rule["strata"]],
        "earlier": rule.get("earlier", []),
    }
