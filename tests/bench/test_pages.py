"""The table of the reader pages: every figure beside its bar, a mark where it misses, an end where there is nothing to measure."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from bench import pages
from bench.load import Load
from tests.factories import make_post, make_reply

FLOOR = Load(per_second=10_000, p50_ms=0.5, p95_ms=1.0, cpu_ms=0.1, bad=0)
FRESH = Load(per_second=400, p50_ms=15, p95_ms=30, cpu_ms=4.0, bad=0)
KEPT = Load(per_second=9_000, p50_ms=0.6, p95_ms=1.0, cpu_ms=0.15, bad=0)
GOOD = pages.Row("topic", size=6_500, css=10_200, requests=1, queries=4, fresh=FRESH, kept=KEPT)


def test_a_row_within_its_bars_has_no_mark() -> None:
    line = pages.line(GOOD, FLOOR)
    assert "!" not in line
    assert line == "| topic | 6,500 | 10,200 | 1 | 2.74 / 1.06 s | 4 | 400, 30 ms | 4.0 | 25 | 9,000 | 0.15 |"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("countries", {"size": 14_001}, "**14,001** !"),
        ("topic", {"size": 9_000}, "**2.82 / 1.14 s** !"),
        ("topic", {"css": 10_501}, "**10,501** !"),
        ("topic", {"requests": 3}, "**3** !"),
        ("topic", {"queries": 6}, "**6** !"),
        ("search", {"queries": 4}, "**4** !"),
        ("topic", {"fresh": replace(FRESH, per_second=259)}, "**259, 30 ms** !"),
        ("topic", {"fresh": replace(FRESH, cpu_ms=7.6)}, "**7.6** !"),
        ("search", {"fresh": replace(FRESH, per_second=99)}, "**99, 30 ms** !"),
        ("search", {"fresh": replace(FRESH, p95_ms=151)}, "**400, 151 ms** !"),
        ("home", {"kept": replace(KEPT, per_second=1_999)}, "**1,999** !"),
        ("home", {"kept": replace(KEPT, cpu_ms=1.01)}, "**1.01** !"),
    ],
)
def test_a_missed_bar_is_marked_and_nothing_else(name: str, change: dict[str, Any], words: str) -> None:
    good = replace(GOOD, name=name, queries=3)
    assert "!" not in pages.line(good, FLOOR)
    missed = pages.line(replace(good, **change), FLOOR)
    assert words in missed
    assert missed.count("!") == 1


def test_errors_are_said_below_the_table() -> None:
    lines = pages.table([GOOD, replace(GOOD, name="search", fresh=replace(FRESH, bad=7))], FLOOR)
    assert lines[-1] == "search: 7 answers were errors"
    assert sum("errors" in line for line in lines) == 1
    titles, rule = lines[2:4]
    assert titles.count("|") == rule.count("|") == lines[4].count("|")


@pytest.mark.parametrize(("path", "joined"), [("/fr/", "/fr/?uncached=1"), ("/fr/?q=bus", "/fr/?q=bus&uncached=1")])
def test_an_unknown_parameter_keeps_an_answer_out_of_the_cache(path: str, joined: str) -> None:
    assert pages.uncached(path) == joined


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<script src='a.js'></script>", 1),
        ("<script>inline()</script>", 0),
        ('<link rel="stylesheet" href="a.css">', 1),
        ('<link rel="icon" href="data:,"><link rel="canonical" href="/fr/">', 0),
        ('<img src="/a.png"><img src="data:image/png;base64,xx">', 1),
        ("<iframe src=x>", 1),
    ],
)
def test_what_a_browser_would_fetch_besides(html: str, found: int) -> None:
    assert len(pages.FETCHED.findall(html)) == found


@pytest.mark.django_db
def test_the_topic_with_most_replies_and_its_country_are_measured() -> None:
    make_post(status="published", countries=["BO"])
    busy = make_post(status="published", countries=["PE"])
    make_reply(topic=busy.topic, status="published")
    with override("nl"):
        expected = reverse("topic", args=[busy.topic.public_id, busy.topic.slug]), reverse("country", args=["peru"])
    found = pages.addresses("nl")
    assert (found["topic"], found["country"]) == expected
    assert tuple(found) == pages.PAGES


@pytest.mark.django_db
def test_an_empty_database_ends_with_what_to_do() -> None:
    make_post(status="pending")
    with pytest.raises(SystemExit, match="make run"):
        pages.addresses("fr")


@pytest.mark.django_db
def test_queries_are_counted_without_those_of_a_cold_process(settings: Any) -> None:
    settings.GENERATION_SECONDS = 60
    settings.ALLOWED_HOSTS = ["localhost"]
    make_post(status="published")
    assert pages.queries(reverse("topic_list")) == 1


@pytest.mark.parametrize("arguments", [["--pages", "nothing"], ["--language", "es"], ["--processes", "two"]])
def test_an_option_that_does_not_exist_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        pages.options_of(arguments)
