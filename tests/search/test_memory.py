"""Giving memory back is a favour of the C library: asked for between parts of a long writing, and never missed where there is none."""

import ctypes

import pytest

from search.services import append, memory, syncing
from tests.factories import make_post


def test_it_never_fails():
    assert memory.give_back_memory() in {True, False}


def test_a_c_library_without_it_is_left_alone(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert memory.give_back_memory() is False


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_engines")
def test_it_is_asked_for_after_each_part_of_each_engine(monkeypatch):
    calls = []
    monkeypatch.setattr(syncing, "give_back_memory", lambda: calls.append(1))
    monkeypatch.setattr("search.services.comparing.WRITE_AT_ONCE", 2)
    for _ in range(3):
        make_post(status="published")
    assert append("topic", 0) == 6
    assert len(calls) == 4
