"""False alarms on real texts: the demonstration's and thousands of public help texts. An alarm that cries every day is answered by nobody."""

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from moderation.screening import Screened, run_phases

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "pages" / "data" / "demo" / "topics.jsonl"
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data")) / "search" / "docs.jsonl"


def demonstration():
    """Yield (id, title, body, language, countries) of every topic and reply."""
    for line in DEMO.read_text().splitlines():
        topic = json.loads(line)
        yield topic["external_id"], topic["title"], topic["body"], topic["language"], tuple(topic["countries"])
        for reply in topic["replies"]:
            yield reply["external_id"], "", reply["body"], reply["language"], tuple(topic["countries"])


def findings_of(texts):
    for name, title, body, language, countries in texts:
        for finding in run_phases(Screened(title, body, language or "und", countries)):
            yield name, str(finding.code), finding.detail


def test_demonstration_has_the_marks_that_it_was_written_to_have():
    found = {(name, code, detail) for name, code, detail in findings_of(demonstration()) if code not in {"language", "length"}}
    assert found == {
        ("demo-bo-2", "personal_data", "phone"),
        ("demo-cd-2", "personal_data", "register_number"),
        ("demo-pe-5", "threat_to_life", ""),
        ("demo-vn-1", "links", "many"),
    }


def test_demonstration_is_large_enough_to_mean_something():
    assert len(list(demonstration())) > 80


@pytest.mark.skipif(not SHARED.exists(), reason=f"no public texts at {SHARED}")
def test_thousands_of_public_texts_raise_hardly_an_alarm_and_cost_little():
    documents = [json.loads(line) for line in SHARED.read_text().splitlines()]
    began = time.thread_time()
    counts = Counter(
        (code, detail) for _name, code, detail in findings_of((d["doc_id"], d["title"][:150], d["text"][:20_000], d["lang"], ()) for d in documents)
    )
    each = (time.thread_time() - began) / len(documents)
    assert len(documents) > 3_000
    # People under rubble in a report, and one person who thinks of suicide: both are worth a look.
    assert counts["threat_to_life", ""] <= 2
    assert counts["personal_data", "register_number"] == counts["personal_data", "card"] == counts["personal_data", "passport"] == 0
    assert counts["personal_data", "coordinates"] == counts["personal_data", "account"] == counts["links", "lookalike"] == 0
    assert counts["personal_data", "phone"] <= 3
    assert each < 0.01, f"{each:.4f} s each"
