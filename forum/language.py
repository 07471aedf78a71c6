"""Which language a text is in: detected, with a confidence below which it stays undetermined, and its direction."""

import functools
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNDETERMINED = "und"
MIN_CONFIDENCE = 0.80
MIN_LETTERS = 12
# Languages written from right to left that the detector knows (ISO 639-1).
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ug", "yi", "sd", "ku", "dv"})


@functools.cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect(text: str) -> tuple[str, float]:
    """Return (ISO 639-1 code or "und", confidence 0–1) of a text; short or doubtful texts are undetermined."""
    if sum(c.isalpha() for c in text) < MIN_LETTERS:
        return UNDETERMINED, 0.0
    code, confidence = _identifier().classify(text[:4000])
    return (str(code), float(confidence)) if confidence >= MIN_CONFIDENCE else (UNDETERMINED, float(confidence))


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a BCP 47 code."""
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"
