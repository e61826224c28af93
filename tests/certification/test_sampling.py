"""The sample of cameras: how many, of which strata, and that anybody draws the same ones again."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.sampling import (
    DEFAULT_RULE,
    SizeRule,
    allocate,
    draw,
    lot,
    population_of,
    reasons_of_risk,
    register_text,
    size_rule,
    stratum_of,
)
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("population", "strata", "size"),
    [
        (0, 0, 0),
        (1, 1, 1),
        (2, 1, 2),
        (4, 1, 2),
        (5, 1, 3),
        (9, 1, 3),
        (10, 1, 4),
        (16, 6, 6),
        (3, 3, 3),
        (10000, 1, 100),
    ],
)
def test_the_size_is_the_square_root_rounded_up_and_one_of_each_stratum(population, strata, size):
    assert DEFAULT_RULE.size(population, strata) == size


@pytest.mark.parametrize(
    ("rule", "population", "size"),
    [
        (("square-root", 60, 1), 100, 6),  # 0.6 times 10
        (("square-root", 60, 1), 101, 7),
        (("square-root", 200, 1), 400, 40),
        (("square-root", 100, 25), 400, 25),
        (("square-root", 100, 25), 12, 12),
        (("share", 10, 1), 101, 11),
        (("share", 100, 1), 7, 7),
        (("share", 10, 1), 0, 0),
    ],
)
def test_a_scheme_may_have_a_rule_of_its_own(rule, population, size):
    assert SizeRule("own/1", *rule).size(population, 1) == size


def test_a_draw_keeps_its_rule_and_one_without_has_the_default():
    rule = SizeRule("own/1", "share", 50, 3)
    members = population_of([CameraFactory(operator_ref=str(number)) for number in range(8)])
    drawn = draw(members, "seed", rule)
    assert len(drawn.drawn) == 4
    assert size_rule(drawn.as_rule()) == rule
    assert size_rule({"rule": "square-root/1", "population": 8}) == DEFAULT_RULE
    assert size_rule({}) == DEFAULT_RULE


def test_the_rest_goes_by_largest_remainder():
    # 20 of 400: one each, the remaining 17 in proportion to 299, 89 and 9 of 397: 12.80, 3.81, 0.39
    assert allocate({"a": 300, "b": 90, "c": 10}, 20) == {"a": 14, "b": 5, "c": 1}


def test_of_equal_remainders_the_larger_stratum_then_the_name_is_first():
    assert allocate({"b": 3, "a": 3}, 3) == {"b": 1, "a": 2}


@given(st.dictionaries(st.text("abcdefg", min_size=1, max_size=3), st.integers(1, 500), min_size=1, max_size=8))
def test_every_stratum_has_one_and_none_more_than_it_has(sizes):
    total = DEFAULT_RULE.size(sum(sizes.values()), len(sizes))
    shares = allocate(sizes, total)
    assert sum(shares.values()) == total
    assert all(1 <= shares[name] <= sizes[name] for name in sizes)


def test_the_same_seed_and_register_give_the_same_cameras_by_hand():
    system = CameraSystemFactory()
    cameras = [CameraFactory(system=system, operator_ref=f"C{n:03}", camera_type="fixed") for n in range(20)]
    made = draw(population_of(cameras), "00ff")
    keys = sorted(f"{system.reference}:C{n:03}" for n in range(20))
    by_hand = sorted(keys, key=lambda key: hashlib.sha256(f"00ff:{key}".encode()).hexdigest())[:5]
    assert [member.key for member in made.drawn] == by_hand
    assert draw(population_of(reversed(cameras)), "00ff") == made
    assert [member.key for member in draw(population_of(cameras), "00fe").drawn] != by_hand


def test_a_lot_is_the_same_on_every_machine():
    assert lot("5eed", "CS-2345678:1017") == "a74e5c24209761834102fa2910c43ec9fa29fe5f9dc4077371f418ac88647e5f"


def test_cameras_that_are_called_the_same_have_keys_of_their_own():
    system = CameraSystemFactory(reference="CS-1")
    first, second = (CameraFactory(system=system, operator_ref="7", location="") for _ in range(2))
    members = population_of([second, first])
    assert [(member.key, member.camera) for member in members] == [("CS-1:7", first), ("CS-1:7#2", second)]


def test_the_register_is_a_line_of_key_and_stratum_for_each_camera():
    system = CameraSystemFactory(reference="CS-1")
    CameraFactory(system=system, operator_ref="2", camera_type="ptz")
    CameraFactory(system=system, operator_ref="1", camera_type="anpr")
    members = population_of(system.cameras.select_related("system"))
    assert register_text(members) == "CS-1:1\tanpr/heightened\nCS-1:2\tptz/ordinary\n"
    assert draw(members, "s").population_sha256 == hashlib.sha256(register_text(members).encode()).hexdigest()


@pytest.mark.parametrize(
    ("camera", "system", "reasons"),
    [
        ({"camera_type": "fixed"}, {}, set()),
        ({"camera_type": "fixed"}, {"biometrics": True}, {"recognition"}),
        ({"camera_type": "dome"}, {"reference_database": True}, {"recognition"}),
        ({"camera_type": "anpr"}, {}, {"recognition"}),
        ({"camera_type": "redeployable"}, {}, {"moves"}),
        ({"camera_type": "bwv", "latitude": None, "longitude": None}, {}, {"moves"}),
        ({"camera_type": "ptz", "precision": "withheld", "withheld_reason": "A refuge."}, {}, {"withheld"}),
        ({"camera_type": "ptz", "status": "faulty"}, {}, {"unsettled"}),
        ({"camera_type": "ptz", "status": "remove_recommended"}, {}, {"unsettled"}),
    ],
)
def test_what_makes_the_risk_heightened(camera, system, reasons):
    found = CameraFactory(system=CameraSystemFactory(**system), **camera)
    assert reasons_of_risk(found) == reasons
    assert stratum_of(found) == f"{found.camera_type}/{'heightened' if reasons else 'ordinary'}"
