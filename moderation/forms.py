"""Shapes of what moderators send: one decision, the filters of the queue, the filters of the history. No rule lives here."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.identifiers import TOPIC_ID_LENGTH, normalise_public_id
from accounts.plain_text import PlainField
from countries import directory
from forum.enums import Kind, Need
from forum.services.publication import GONE_REASON_MAX
from moderation.charter import without_opening
from moderation.enums import Action, FindingCode, Ground, ItemState, Priority, SubjectKind

ANY = ("", _("all"))
FACTS_MAX, NOTE_MAX = 5_000, 2_000
# What an integer column holds on both databases.
NUMBER_MAX = 2**31 - 1
TOPIC_IN_ADDRESS = re.compile(rf"(?:^|/)([0-9A-Za-z]{{{TOPIC_ID_LENGTH}}})(?:-[^/]*)?/?$")


class DecisionForm(forms.Form):
    """One decision about one item as read at `revision` (and, for the page of a conflict, at version number `version`)."""

    action = forms.ChoiceField(choices=Action.choices)
    revision = forms.IntegerField(min_value=0, max_value=NUMBER_MAX)
    version = forms.IntegerField(min_value=0, max_value=NUMBER_MAX, required=False)
    ground = forms.ChoiceField(choices=[("", ""), *Ground.choices], required=False)
    facts = PlainField(max_length=FACTS_MAX, required=False)
    note = PlainField(max_length=NOTE_MAX, required=False)
    internal_note = PlainField(max_length=NOTE_MAX, required=False)
    answered = forms.MultipleChoiceField(choices=FindingCode.choices, required=False)
    merge_into = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A note is not empty; the reason of a danger mark has room at the text's address, where readers see it."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("action") == Action.NOTE and not data.get("internal_note") and "internal_note" not in self.errors:
            self.add_error("internal_note", _("Write the note first."))
        if data.get("action") == Action.MARK_DANGEROUS and len(without_opening(data.get("facts", ""))) > GONE_REASON_MAX:
            self.add_error("facts", _("At most %(count)s characters: readers see them in place of the text.") % {"count": GONE_REASON_MAX})
        return data

    def clean_merge_into(self) -> str:
        """Return the topic's id from what was typed or pasted: the id, or an address that ends in it."""
        typed = self.cleaned_data["merge_into"].strip()
        match = TOPIC_IN_ADDRESS.search(typed)
        if typed and not match:
            raise forms.ValidationError(_("This is neither the id nor the address of a topic."))
        return normalise_public_id(match.group(1)) if match else ""


def _countries(language: str) -> list[tuple[Any, Any]]:
    return [ANY, ("-", _("no country")), *directory.choices(language)]


class QueueFilters(forms.Form):
    """Filters of the list; what is not chosen allows everything."""

    state = forms.ChoiceField(label=_("State"), choices=ItemState.choices[:2], required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[ANY, *Language.choices, ("und", _("not certain"))], required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *Kind.choices], required=False)
    need = forms.ChoiceField(label=_("Need"), choices=[ANY, *Need.choices], required=False)
    age = forms.ChoiceField(
        label=_("Waits"),
        choices=[ANY, ("1h", _("1 hour or more")), ("4h", _("4 hours or more")), ("1d", _("1 day or more")), ("late", _("target missed"))],
        required=False,
    )
    priority = forms.ChoiceField(label=_("Risk"), choices=[ANY, *Priority.choices], required=False)
    subject = forms.ChoiceField(label=_("What"), choices=[ANY, *SubjectKind.choices], required=False)

    def __init__(self, *args: Any, reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries(reader)  # type: ignore[attr-defined]


class HistoryFilters(forms.Form):
    """Filters of the history."""

    action = forms.ChoiceField(label=_("Decision"), choices=[ANY, *Action.choices], required=False)
    ground = forms.ChoiceField(label=_("Ground"), choices=[ANY, *Ground.choices], required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[ANY, *Language.choices], required=False)
    by = forms.ChoiceField(label=_("By"), choices=[ANY, ("me", _("me")), ("people", _("people")), ("system", _("the system"))], required=False)

    def __init__(self, *args: Any, reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries(reader)  # type: ignore[attr-defined]
