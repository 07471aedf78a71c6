"""Reads a text before a person does: ordered, pure, cheap phases. A phase that fails or is slow holds the text; it never marks it as bad."""

from moderation.screening.findings import Finding, Screened
from moderation.screening.running import PHASES, run_phases
from moderation.screening.texts import screen_draft, screen_post, screen_profile

__all__ = ["PHASES", "Finding", "Screened", "run_phases", "screen_draft", "screen_post", "screen_profile"]
