"""Runs the phases in order, measures them, and turns a failure into a finding."""

import time
from collections.abc import Callable, Iterable
from itertools import islice

import structlog

from moderation.enums import FindingCode
from moderation.screening.findings import FINDINGS_MAX, RISK, Finding, Screened
from moderation.screening.phases import author, language, length, life, links, personal_data, repeat

log = structlog.get_logger(__name__)

Phase = Callable[[Screened], Iterable[Finding]]

# Cheap ones first; the order is also that of the marks that a moderator reads.
PHASES: list[Phase] = [
    life.threat_to_life,
    personal_data.personal_data,
    links.links,
    repeat.repeat,
    length.length,
    language.language,
    author.new_author,
]
# A phase that takes longer is broken, whatever it found: the text of 20,000 characters that the forms allow takes a tenth of it.
SLOW_SECONDS = 0.5


def run_phases(text: Screened) -> list[Finding]:
    """Return the findings of all phases in order; a phase that fails or is slow is a finding itself, and holds the text."""
    findings: list[Finding] = []
    for phase in PHASES:
        began = time.perf_counter()
        try:
            found = list(islice(phase(text), FINDINGS_MAX))
        except Exception:
            log.exception("screening_phase_failed", phase=phase.__name__)
            found = [Finding(FindingCode.SCREENING_FAILED, RISK, detail=phase.__name__)]
        if (took := time.perf_counter() - began) > SLOW_SECONDS:
            log.warning("screening_phase_slow", phase=phase.__name__, seconds=round(took, 2))
            found.append(Finding(FindingCode.SCREENING_FAILED, RISK, detail=phase.__name__))
        findings.extend(found)
    return findings
