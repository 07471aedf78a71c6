"""Ordered, pure, cheap phases that read a text before a person does. A phase that fails holds the post; it never marks it as bad."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from accounts.models import ProfileVersion
from forum.models import Post, PostVersion
from moderation.enums import FindingCode

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a phase saw: its code, severity (1 note, 2 risk, 3 act at once), and where in which field."""

    code: str
    severity: int
    field: str = "body"
    start: int = 0
    end: int = 0
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the form that is stored with a review item."""
        return {"code": str(self.code), "severity": self.severity, "field": self.field, "start": self.start, "end": self.end, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Screened:
    """The text that the phases read, and what they may know about its author."""

    title: str
    body: str
    language: str
    author_id: int
    version_id: int | None = None
    published_before: bool = True


SHORT = 20


def length(text: Screened) -> list[Finding]:
    """A body of a few characters seldom helps anybody."""
    return [Finding(FindingCode.LENGTH, 1)] if len(text.body.strip()) < SHORT else []


PHASES: list[Callable[[Screened], list[Finding]]] = [length]


def run_phases(text: Screened) -> list[Finding]:
    """Return the findings of all phases in order; a phase that fails is a finding itself."""
    findings: list[Finding] = []
    for phase in PHASES:
        try:
            findings.extend(phase(text))
        except Exception:
            log.exception("screening_phase_failed", phase=phase.__name__)
            findings.append(Finding(FindingCode.SCREENING_FAILED, 2, detail=phase.__name__))
    return findings


def screen_post(post: Post, version: PostVersion) -> list[Finding]:
    """Return the findings about a submitted version."""
    return run_phases(Screened(version.title, version.body, version.language, post.author_id, version.pk))


def screen_profile(version: ProfileVersion) -> list[Finding]:
    """Return the findings about a proposed profile."""
    return run_phases(Screened(version.pseudonym, version.about or version.pseudonym, version.language, version.user_id))
