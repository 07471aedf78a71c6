"""What people type, made safe to store and to show: composed, without characters that cannot be read, are hidden, or turn the direction.

Here because the names of people need it first; crisis, forum and moderation use it for their own texts."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Characters that turn the reading direction of what follows (Unicode TR 9): text that looks other than it is.
BIDI_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Null bytes, what broken UTF-8 was decoded to, and halves of pairs that JSON can smuggle in: no database takes these.
UNREADABLE = re.compile("[\x00\ufffd\ud800-\udfff]")
# Control characters without a meaning in text; tab and line feed stay.
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters and signs for Unicode, blank for the eye (Unicode 16, DerivedCoreProperties: Default_Ignorable_Code_Point; and the empty Braille cell).
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean_text(text: str) -> str:
    """Return typed text in composed form with plain line ends; meaningless control characters are dropped, never words."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return CONTROL.sub("", text).strip()


def shows_nothing(text: str) -> bool:
    """Say whether a reader would see nothing at all: spaces, zero-width characters, lone accents."""
    return not any(unicodedata.category(character)[0] in "LNPS" and character not in BLANKS for character in text)


def repaired(text: str) -> str:
    """Return a text without what made it unreadable, to give back to its author."""
    return UNREADABLE.sub("", BIDI_OVERRIDES.sub("", text))


class PlainField(forms.CharField):
    """Text of a person: composed, without control characters; hidden direction changes and unreadable characters are refused.

    Text that nobody could see counts as no text."""

    default_error_messages = {
        "unreadable": _("A character in this text could not be read. We took it out: look at the text and send it again."),
        "bidi": _("This text held hidden characters that turn the reading direction. We took them out: look at it and send it again."),
    }

    def to_python(self, value: Any) -> str:
        """Return the cleaned text."""
        text = str(value or "")
        if UNREADABLE.search(text):
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        if BIDI_OVERRIDES.search(text):
            raise forms.ValidationError(self.error_messages["bidi"], code="bidi")
        return "" if shows_nothing(text) else clean_text(text)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the form shows again of what was typed: without the characters that an error says were taken out."""
        return repaired(data) if isinstance(data, str) else data
