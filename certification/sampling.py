"""Which cameras an auditor sees at a visit: how many, of which kinds, and which ones. No queries.

The rule and how to recompute a draw by hand: docs/decisions/sampling.md. The same seed, rule and register always give
the same cameras, on every machine and with every version of Python, because chance comes from SHA-256 alone.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from certification.models import SiteVisit
from compliance.models import Camera
from compliance.models.camera import CameraType, Precision

HEIGHTENED, ORDINARY = "heightened", "ordinary"
MOVING = frozenset({CameraType.REDEPLOYABLE, CameraType.MOBILE_VEHICLE, CameraType.BWV, CameraType.DRONE})
UNSETTLED = frozenset({Camera.Status.FAULTY, Camera.Status.UNDER_REVIEW, Camera.Status.REMOVE_RECOMMENDED})


SQUARE_ROOT, SHARE = METHODS = ("square-root", "share")


@dataclass(frozen=True)
class SizeRule:
    """How many cameras are drawn of how many: data of the scheme, kept and printed with each draw.

    `method`: `square-root`, `percent` hundredths of the square root of the cameras, or `share`, so many in a hundred of
    them; rounded up, at least `at_least`, at least one of each stratum, never more than there are. `name` tells one
    rule from another; that of the default is for the default alone.
    """

    name: str
    method: str
    percent: int
    at_least: int

    def size(self, population: int, strata: int) -> int:
        """How many are drawn. In whole numbers throughout: the same on every machine."""
        if not population:
            return 0
        if self.method == SHARE:
            wanted = -(-population * self.percent // 100)
        else:
            root = math.isqrt(population * self.percent**2 - 1) + 1  # of the percent, rounded up
            wanted = -(-root // 100)
        return min(population, max(wanted, self.at_least, strata))

    def as_data(self) -> dict[str, Any]:
        return {"rule": self.name, "method": self.method, "percent": self.percent, "at_least": self.at_least}


DEFAULT_RULE = SizeRule("square-root/1", SQUARE_ROOT, 100, 1)


def size_rule(data: Mapping[str, Any]) -> SizeRule:
    """The rule of a scheme or of a draw. Nothing said, as before schemes could say it: the default."""
    if "method" not in data:
        return DEFAULT_RULE
    return SizeRule(data["rule"], data["method"], data["percent"], data["at_least"])


@dataclass(frozen=True)
class Member:
    """One camera of the population. `key` names it for the draw: its system's reference and its own number or place,
    with `#2`, `#3` … where several of a system are called the same.
    """

    camera: Camera
    key: str
    stratum: str


@dataclass(frozen=True)
class Stratum:
    """Cameras of one type and risk: how many there are, and how many of them are drawn."""

    name: str
    population: int
    sample: int


@dataclass(frozen=True)
class Draw:
    """What came of a draw. `population_sha256` is over `register_text`, the list from which was drawn."""

    seed: str
    population: int
    strata: Sequence[Stratum]
    drawn: Sequence[Member]
    population_sha256: str
    rule: SizeRule

    def as_rule(self) -> dict[str, Any]:
        """What is kept and printed of it beside the seed."""
        return {
            **self.rule.as_data(),
            "population": self.population,
            "population_sha256": self.population_sha256,
            "size": len(self.drawn),
            "strata": [
                {"name": stratum.name, "population": stratum.population, "sample": stratum.sample}
                for stratum in self.strata
            ],
        }


def reasons_of_risk(camera: Camera) -> frozenset[str]:
    """Why a camera is of heightened risk; empty where nothing says so. Needs `system` loaded."""
    system = camera.system
    found = {
        "recognition": system.biometrics or system.reference_database or camera.camera_type == CameraType.ANPR,
        "moves": camera.camera_type in MOVING,
        "withheld": camera.precision == Precision.WITHHELD,
        "unsettled": camera.status in UNSETTLED,
    }
    return frozenset(name for name, holds in found.items() if holds)


def stratum_of(camera: Camera) -> str:
    """Type and risk as a key, such as `fixed/ordinary`."""
    return f"{camera.camera_type}/{HEIGHTENED if reasons_of_risk(camera) else ORDINARY}"


def population_of(cameras: Iterable[Camera]) -> list[Member]:
    """The cameras with their keys, in the order of the keys. Needs `system` loaded."""
    called: Counter[str] = Counter()
    members = []
    for camera in sorted(cameras, key=lambda camera: camera.pk):
        name = f"{camera.system.reference}:{camera.name}"
        called[name] += 1
        key = name if called[name] == 1 else f"{name}#{called[name]}"
        members.append(Member(camera, key, stratum_of(camera)))
    return sorted(members, key=lambda member: member.key)


def register_text(members: Iterable[Member]) -> str:
    """The population as text: a line of key and stratum for each camera, with a tab between them."""
    return "".join(f"{member.key}\t{member.stratum}\n" for member in members)


def allocate(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """`total` shared among strata of these sizes: one each, the rest in proportion to what is left of each, by largest
    remainder; of equal remainders the larger stratum first, then by name. No stratum gets more than it has.
    """
    shares = dict.fromkeys(sizes, 1)
    left = {name: size - 1 for name, size in sizes.items()}
    rest, room = total - len(sizes), sum(left.values())
    if rest <= 0 or not room:
        return shares
    for name in sizes:
        shares[name] += rest * left[name] // room
    missing = total - sum(shares.values())
    by_remainder = sorted(sizes, key=lambda name: (-(rest * left[name] % room), -sizes[name], name))
    for name in by_remainder[:missing]:
        shares[name] += 1
    return shares


def lot(seed: str, key: str) -> str:
    """The number that a camera draws: those with the smallest ones in their stratum are seen."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def draw(members: Sequence[Member], seed: str, rule: SizeRule = DEFAULT_RULE) -> Draw:
    """The sample, by stratum and then in the order of the lots."""
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[member.stratum].append(member)
    sizes = {name: len(groups[name]) for name in sorted(groups)}
    shares = allocate(sizes, rule.size(len(members), len(sizes)))
    drawn: list[Member] = []
    for name in sizes:
        ordered = sorted(groups[name], key=lambda member: lot(seed, member.key))
        drawn += ordered[: shares[name]]
    return Draw(
        seed=seed,
        population=len(members),
        strata=[Stratum(name, sizes[name], shares[name]) for name in sizes],
        drawn=drawn,
        population_sha256=hashlib.sha256(register_text(members).encode()).hexdigest(),
        rule=rule,
    )


def register_path(visit: SiteVisit, population_sha256: str) -> str:
    """Where the register as it stood at a draw lies in the storage."""
    return f"visits/{visit.reference}/register-{population_sha256}.tsv"
