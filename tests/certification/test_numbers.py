"""Numbers of certificates: the check character of ISO/IEC 7064 MOD 37,36, a gapless series for each prefix."""

import pytest
from django.db import transaction

from certification.models import CertificateNumber
from certification.services.numbers import ALPHABET, Number, Typed, check_character, folded, judge, next_number
from tests.factories.certification import CertificationSchemeFactory


def test_the_check_character_is_that_of_published_numbers():
    assert check_character("A1-2425G-ABC1234002") == "M"  # GRid Standard 2.1, its example of ISO/IEC 7064 MOD 37,36


def test_every_single_wrong_character_and_every_swap_of_neighbours_is_found():
    body = "IA202600042"
    right = check_character(body)
    for place, letter in enumerate(body):
        for other in ALPHABET.replace(letter, ""):
            assert check_character(body[:place] + other + body[place + 1 :]) != right
    for place in range(len(body) - 1):
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        if swapped != body:
            assert check_character(swapped) != right


def test_spaces_dashes_and_small_letters_do_not_count():
    assert check_character("ia 2026-00042") == check_character("IA202600042")
    with pytest.raises(ValueError, match="no letters"):
        check_character(" -")


@pytest.mark.django_db
def test_each_prefix_counts_from_one_on_through_the_years_and_past_five_digits():
    scheme, other = CertificationSchemeFactory(number_prefix="QA"), CertificationSchemeFactory(number_prefix="QB")
    given = [next_number(scheme, 2026), next_number(scheme, 2026), next_number(scheme, 2027), next_number(other, 2026)]
    assert [number[:-2] for number in given] == ["QA-2026-00001", "QA-2026-00002", "QA-2027-00003", "QB-2026-00001"]
    assert all(number[-1] == check_character(number[:-2]) for number in given)
    CertificateNumber.objects.filter(series="QA").update(last=99_999)
    assert next_number(scheme, 2026)[:-2] == "QA-2026-100000"


@pytest.mark.django_db
def test_a_number_that_was_not_used_is_given_again():
    scheme = CertificationSchemeFactory()
    with transaction.atomic():
        lost = next_number(scheme, 2026)
        transaction.set_rollback(True)
    assert next_number(scheme, 2026) == lost


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["IA", "SCC", "LOIQ"])
def test_a_typed_number_is_judged_by_its_check_character(prefix):
    CertificationSchemeFactory(number_prefix=prefix)
    CertificationSchemeFactory(number_prefix="CC")
    for counter in range(1, 60):
        number = str(Number(prefix, 2026, counter))
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in number)  # as some keyboards and PDFs give them
        for typed in (number, number.lower(), number.replace("-", " "), folded(number), wide):
            assert judge(typed) == Typed.SOUND
        wrong = next(letter for letter in ALPHABET if folded(letter) != folded(number[-1]))
        assert judge(number[:-1] + wrong) == Typed.MISTYPED
    assert judge(f"{prefix}-2026-0001") == Typed.OTHER  # as older ones are
    assert [judge(typed) for typed in ("", "CC", "ＣＣ", "x" * 4000, "ZZ-2026-00001-1")] == [Typed.OTHER] * 5
