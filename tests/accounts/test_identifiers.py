"""Public ids: random, of one alphabet, evenly drawn; and read again as people type and say them."""

from collections import Counter

import pytest

from accounts.identifiers import ALPHABET, new_long_id, new_member_code, new_public_id, new_topic_id, normalise_public_id


@pytest.mark.parametrize(("make", "length"), [(new_long_id, 10), (new_topic_id, 6), (new_member_code, 6), (lambda: new_public_id(1), 1)])
def test_length_and_alphabet(make, length):
    for _ in range(200):
        made = make()
        assert len(made) == length
        assert set(made) <= set(ALPHABET)


def test_the_alphabet_has_no_letter_that_looks_like_another():
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_every_letter_is_as_likely_as_every_other():
    drawn = Counter(new_public_id(32_000))
    assert set(drawn) == set(ALPHABET)
    # 1,000 expected of each; nine standard deviations are 280.
    assert all(720 < count < 1_280 for count in drawn.values()), drawn


def test_ids_do_not_repeat():
    assert len({new_long_id() for _ in range(5_000)}) == 5_000


@pytest.mark.parametrize(("typed", "read"), [("abc234", "ABC234"), ("O0oIlL", "000111"), (" 7k3q ", "7K3Q"), ("", "")])
def test_what_people_type_is_read(typed, read):
    assert normalise_public_id(typed) == read
