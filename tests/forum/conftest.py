"""Shared by the forum's tests: the forum alone, signals counted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.dispatch import Signal

from forum import signals

NAMES = ("content_submitted", "content_published", "content_edited", "content_withdrawn", "content_hidden", "content_restored")


@pytest.fixture
def heard() -> Iterator[list[tuple[str, int]]]:
    """Return the list that collects (signal, post pk) of every domain signal sent during the test."""
    calls: list[tuple[str, int]] = []
    receivers: list[tuple[Signal, Callable[..., None]]] = []
    for name in NAMES:
        signal: Signal = getattr(signals, name)

        def hear(sender: type, *, post: Any, name: str = name, **_: Any) -> None:
            calls.append((name, post.pk))

        signal.connect(hear, weak=False)
        receivers.append((signal, hear))
    yield calls
    for signal, receiver in receivers:
        signal.disconnect(receiver)
