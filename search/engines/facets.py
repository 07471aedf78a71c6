"""Counts per filter value: one request in the form that tantivy and Elasticsearch share, one answer in the form that all engines give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

TERM_FACETS = ("countries", "needs", "kind", "language")
MOST_VALUES = 60


def facet_request(now: datetime) -> dict[str, Any]:
    """The aggregation for terms, for the official word and for the dates that make the state."""
    moment = int(now.timestamp())
    request: dict[str, Any] = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in TERM_FACETS}
    request["official"] = {"terms": {"field": "is_official"}}
    for name in ("check_from", "stale_from", "gone_at"):
        request[name] = {"range": {"field": name, "ranges": [{"key": "past", "to": moment + 1}, {"key": "future", "from": moment + 1}]}}
    return request


def _ranges(answer: Mapping[str, Any]) -> dict[str, int]:
    buckets = answer["buckets"]
    listed = buckets.values() if isinstance(buckets, dict) else buckets
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in listed}


def state_counts(check: Mapping[str, int], stale: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    """Counts per state from counts of dates in the past and in the future; a dangerous text has no other date than `gone_at`."""
    past_stale = stale.get("past", 0)
    counts = {
        "fresh": check.get("future", 0),
        "check": max(check.get("past", 0) - past_stale, 0),
        "stale": past_stale,
        "gone": gone.get("past", 0),
    }
    return {state: count for state, count in counts.items() if count}


def facet_counts(answer: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """`{"countries": {"PE": 3}, …, "state": {"fresh": 2}, "official": {"true": 1}}`."""
    counts: dict[str, dict[str, int]] = {
        name: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[name]["buckets"] if bucket["key"] != ""} for name in TERM_FACETS
    }
    official = {_truth(bucket): int(bucket["doc_count"]) for bucket in answer["official"]["buckets"]}
    counts["official"] = official
    counts["state"] = state_counts(_ranges(answer["check_from"]), _ranges(answer["stale_from"]), _ranges(answer["gone_at"]))
    return counts


def _truth(bucket: Mapping[str, Any]) -> str:
    return "true" if bucket["key"] in (True, 1, "true", "1") else "false"
