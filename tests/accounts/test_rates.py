"""Rates: how they are written, what is counted, by whom, and what happens when the shared cache is away."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import OperationalError
from django.test import RequestFactory

from accounts import rates
from accounts.models import User
from accounts.rates import HANDFUL, Meter, Rate, parse_rate, seconds_to_wait

START = 1_700_000_040.0
MINUTE = Rate(25, 60)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    cache.clear()
    rates.meter.clear()
    yield
    cache.clear()
    rates.meter.clear()


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count reads and writes of the shared cache."""
    done = {"get": 0, "set": 0}
    for name in done:
        original = getattr(cache, name)

        def counted(*args: Any, _name: str = name, _original: Any = original, **kwargs: Any) -> Any:
            done[_name] += 1
            return _original(*args, **kwargs)

        monkeypatch.setattr(cache, name, counted, raising=False)
    return done


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("60/m", Rate(60, 60)),
        ("1/s", Rate(1, 1)),
        ("100/5m", Rate(100, 300)),
        ("1000/h", Rate(1000, 3600)),
        ("7/90s", Rate(7, 90)),
        ("", None),
    ],
)
def test_rates_are_read_as_written(text: str, rate: Rate | None) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["0/m", "60", "60/", "/m", "60/d", "-1/m", "60/0m", "60 / m", "many", "60/m/ip", "６0/m", "99999999/m", "60/m\n"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        parse_rate(text)


def hits(meter: Meter, times: int, *, key: str = "k", rate: Rate = MINUTE, now: float = START) -> list[int]:
    return [meter.hit(key, rate, now) for _ in range(times)]


def test_one_process_allows_exactly_the_rate_and_says_how_long_to_wait() -> None:
    meter = Meter()
    assert hits(meter, 25, now=START + 10) == [0] * 25
    assert hits(meter, 3, now=START + 10) == [50, 50, 50]
    assert hits(meter, 1, now=START + 59) == [1]
    assert hits(meter, 25, now=START + 60) == [0] * 25
    assert hits(meter, 1, now=START + 60) == [60]


def test_refused_hits_do_not_push_the_end_of_the_wait_away() -> None:
    meter = Meter()
    hits(meter, 25)
    hits(meter, 500)
    assert hits(meter, 1, now=START + 60) == [0]


def test_keys_do_not_count_for_one_another() -> None:
    meter = Meter()
    hits(meter, 25)
    assert hits(meter, 1, key="other") == [0]


def test_two_processes_know_of_one_another_after_a_handful() -> None:
    one, two = Meter(), Meter()
    assert hits(one, 20) == [0] * 20
    answers = hits(two, 20)
    assert answers[:HANDFUL] == [0] * HANDFUL
    assert all(answers[HANDFUL:]), "20 of the one and 10 of the other are more than 25"
    assert hits(one, 6)[-1] > 0


def test_a_reader_who_asks_now_and_then_costs_nothing(tables: dict[str, int]) -> None:
    hits(Meter(), HANDFUL - 1)
    assert tables == {"get": 0, "set": 0}


def test_a_handful_costs_one_look_and_one_write(tables: dict[str, int]) -> None:
    hits(Meter(), HANDFUL)
    assert tables == {"get": 1, "set": 1}
    hits(Meter(), 1)
    assert tables == {"get": 1, "set": 1}


def test_refusing_costs_nothing_at_all(tables: dict[str, int]) -> None:
    meter = Meter()
    hits(meter, 25)
    before = dict(tables)
    hits(meter, 1_000)
    assert tables == before


def test_a_cache_that_is_away_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(cache, "set", away, raising=False)
    assert hits(Meter(), 25) == [0] * 25


def test_a_cache_that_drops_what_it_is_told_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of a read-only database: Django's backend swallows the error."""
    monkeypatch.setattr(cache, "set", lambda *_, **__: None, raising=False)
    assert hits(Meter(), 25) == [0] * 25
    assert hits(Meter(), 26)[-1] > 0


def test_on_sqlite_a_reader_never_waits_for_a_writer(settings: Any, tables: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates.connection, "vendor", "sqlite")
    monkeypatch.setitem(settings.CACHES["default"], "BACKEND", "django.core.cache.backends.db.DatabaseCache")
    meter = Meter()
    assert [answer > 0 for answer in hits(meter, 26)] == [False] * 25 + [True]
    assert tables == {"get": 0, "set": 0}


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_KEYS", 50)
    meter = Meter()
    for number in range(500):
        meter.hit(str(number), MINUTE, START)
    assert len(meter._counts) == 50


def test_threads_together_get_no_more_than_the_rate() -> None:
    meter, answers = Meter(), []

    def many() -> None:
        answers.extend(hits(meter, 200, rate=Rate(300, 60)))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(0) <= 300
    assert answers.count(0) >= 300 - 4 * HANDFUL


def ask(address: str = "203.0.113.5", user: Any = None, **headers: str) -> int:
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
    request.user = user or AnonymousUser()
    return seconds_to_wait(request, "search")


@pytest.fixture
def _limits(settings: Any) -> None:
    settings.RATE_LIMITS = {"search": {"account": "2/h", "address": "3/h"}}


@pytest.mark.usefixtures("_limits")
def test_accounts_are_counted_apart_from_the_address_that_they_share() -> None:
    first, second = User(pk=1), User(pk=2)
    assert [ask(user=first) > 0 for _ in range(3)] == [False, False, True]
    assert [ask(user=second) > 0 for _ in range(3)] == [False, False, True]
    assert [ask() > 0 for _ in range(4)] == [False, False, False, True]
    assert ask(address="203.0.113.6") == 0


@pytest.mark.usefixtures("_limits")
def test_an_account_is_one_wherever_it_asks_from() -> None:
    member = User(pk=1)
    assert [ask(address=f"203.0.113.{n}", user=member) > 0 for n in range(3)] == [False, False, True]


@pytest.mark.usefixtures("_limits")
def test_an_invented_forwarded_address_opens_no_new_budget() -> None:
    assert [ask(**{"x-forwarded-for": f"198.51.100.{n}"}) > 0 for n in range(4)] == [False, False, False, True]


@pytest.mark.usefixtures("_limits")
def test_behind_a_trusted_proxy_the_visitor_counts(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["203.0.113.5"]
    assert [ask(**{"x-forwarded-for": f"198.51.100.{n}"}) for n in range(4)] == [0, 0, 0, 0]
    assert [ask(**{"x-forwarded-for": f"10.9.9.{n}, 198.51.100.99"}) > 0 for n in range(4)] == [False, False, False, True]


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize(("second", "same"), [("2001:db8:1:2:ffff::9", True), ("2001:db8:1:3::1", False)])
def test_a_network_of_ipv6_is_one_visitor(second: str, same: bool) -> None:
    for _ in range(3):
        assert ask(address="2001:db8:1:2::1") == 0
    assert (ask(address=second) > 0) is same


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize("address", ["", "unix:", "nonsense"])
def test_a_visitor_without_an_address_is_counted_too(address: str) -> None:
    assert [ask(address=address) > 0 for _ in range(4)] == [False, False, False, True]


def test_no_limit_counts_nothing(settings: Any) -> None:
    settings.RATE_LIMITS = {"search": {"account": "", "address": ""}}
    assert [ask() for _ in range(50)] == [0] * 50
    assert not rates.meter._counts


def test_the_shared_cache_does_not_learn_who_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RATE_LIMITS = {"search": {"account": "100/h", "address": "100/h"}}
    keys: list[str] = []
    monkeypatch.setattr(cache, "set", lambda key, *_, **__: keys.append(key), raising=False)
    for _ in range(HANDFUL):
        ask()
        ask(user=User(pk=4711))
    assert len(keys) == 2
    assert not any("203.0.113" in key or "4711" in key for key in keys)
