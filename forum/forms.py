"""Forms of the forum: shape only. What they accept is a PostText; rights and states are the services' business."""

import re
import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.plain_text import PlainField, repaired
from countries import directory
from forum.enums import BODY_MAX, COUNTRIES_MAX, NEEDS_MAX, TAGS_MAX, TITLE_MAX, ConfirmationKind, Kind, Need
from forum.fields import LineField, TypedDateField, end_of_day
from forum.language import UNDETERMINED
from forum.models import PostVersion
from forum.placing import Question, read_places
from forum.services.versions import text_of
from forum.tags import tag_choices
from forum.texts import PostText

PLACE_MAX = 80
WHERE_MAX = 300
KEY = re.compile(r"[0-9a-f]{32}")
# Languages that an author may say a text is in: the four first, then those most written to a Belgian forum.
OTHER_LANGUAGES = ("ar", "es", "fa", "it", "lb", "pl", "pt", "ro", "ru", "sw", "tr", "uk", "vi", "zh")


def new_key() -> str:
    """Return the hidden key of one form: sent twice it is one post."""
    return uuid.uuid4().hex


def language_choices() -> list[tuple[str, Any]]:
    """Return the languages of a text; the first choice leaves it to detection. Names are shown by the template in their own tongue."""
    four = [(code.value, code.label) for code in Language]
    return [("", _("Find out from the text")), *four, *((code, code) for code in OTHER_LANGUAGES)]


class TextForm(forms.Form):
    """What every form with a person's text has: the text, its language, the key of the form."""

    body = PlainField(
        label=_("Your text"),
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"class": "in", "rows": 11}),
        help_text=_(
            "Write what you saw or did yourself, with the day. Leave out what you do not know, and names, numbers and addresses of other people."
        ),
        error_messages={"required": _("Write your text here.")},
    )
    language = forms.CharField(label=_("Language of the text"), required=False, max_length=16)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if draft:
            for field in self.fields.values():
                field.required = False

    def clean_language(self) -> str:
        """Only languages of the list; a detected one outside it comes back from the review step and is kept."""
        code = str(self.cleaned_data["language"])
        if code and not re.fullmatch(r"[a-z]{2,3}", code):
            raise forms.ValidationError(_("We do not know this language."), code="language")
        return code

    def clean_key(self) -> str:
        """A key that is none of ours is replaced: it protects its own author only."""
        key = str(self.cleaned_data["key"])
        return key if KEY.fullmatch(key) else new_key()

    def text(self) -> PostText:
        """Return what was written."""
        return PostText(body=self.cleaned_data["body"], language=self.cleaned_data["language"] or None)

    def give_back(self) -> None:
        """Prepare the typed values for being shown again, without the characters that made them unreadable."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        for name in set(data) & set(self.fields):
            data.setlist(name, [repaired(value) for value in data.getlist(name)])
        self.data = data


class ReplyForm(TextForm):
    """An answer under a topic; staff may sign it by function."""

    official = forms.BooleanField(label=_("Official answer"), required=False)


class TopicForm(TextForm):
    """A tip, an offer or a question."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.TIP)
    country = forms.CharField(label=_("Country"), required=False, max_length=2)
    where = LineField(
        label=_("Other countries"), required=False, max_length=WHERE_MAX, help_text=_("Type countries or cities, with commas between them.")
    )
    countries = forms.MultipleChoiceField(required=False)
    choice = forms.MultipleChoiceField(required=False)
    place = LineField(label=_("Place"), required=False, max_length=PLACE_MAX, help_text=_("City, area, border post. No house number."))
    needs = forms.MultipleChoiceField(label=_("What does it help with?"), choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple)
    title = LineField(
        label=_("Title"),
        max_length=TITLE_MAX,
        help_text=_("Say what can be done, from where to where."),
        error_messages={"required": _("Give your text a title.")},
    )
    tags = forms.MultipleChoiceField(label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple)
    validity = TypedDateField(label=_("True until"), required=False, help_text=_("If you know it: 18/03/2026."))

    field_order = ["kind", "country", "where", "place", "needs", "title", "body", "language", "tags", "validity"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.page_language = (get_language() or "fr")[:2]
        self.country_list = [(entry.code, entry.name(self.page_language)) for entry in directory.entries(self.page_language)]
        codes = [(code, code) for code, _name in self.country_list]
        for name in ("countries", "choice"):
            self._choice_field(name).choices = codes
        self._choice_field("tags").choices = tag_choices(self.page_language)
        self.question: Question | None = None

    def _choice_field(self, name: str) -> forms.MultipleChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        return field

    def clean_country(self) -> str:
        """A code of the directory."""
        code = str(self.cleaned_data["country"]).upper()
        if code and not directory.known(code):
            raise forms.ValidationError(_("We do not know this country. Choose one from the list."), code="country")
        return code

    def clean_needs(self) -> list[str]:
        """At most three."""
        needs = list(dict.fromkeys(self.cleaned_data["needs"]))
        if len(needs) > NEEDS_MAX:
            raise forms.ValidationError(_("Choose at most three."), code="many")
        return needs

    def clean_tags(self) -> list[str]:
        """At most six."""
        tags = list(dict.fromkeys(self.cleaned_data["tags"]))
        if len(tags) > TAGS_MAX:
            raise forms.ValidationError(_("Choose at most six tags."), code="many")
        return tags

    def clean_validity(self) -> Any:
        """Today or later."""
        day = self.cleaned_data["validity"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This date has passed. Give one from today on, or leave it empty."), code="past")
        if day is not None and day.year > timezone.localdate().year + 5:
            raise forms.ValidationError(_("This date is too far away."), code="far")
        return day

    def clean(self) -> dict[str, Any]:
        """Put the countries together: the chosen one, those kept from before, and what the typed names mean."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        codes = [cleaned.get("country", ""), *cleaned.get("countries", []), *cleaned.get("choice", [])]
        found = read_places(cleaned.get("where", ""), self.page_language, chosen=cleaned.get("choice", []))
        codes = list(dict.fromkeys(code for code in [*codes, *found.codes] if code))
        if found.question:
            self.question = found.question
            self.add_error("where", found.question.message)
        elif len(codes) > COUNTRIES_MAX:
            self.add_error("where", _("Choose at most eight countries."))
        cleaned["codes"] = codes
        return cleaned

    def text(self) -> PostText:
        """Return what was written."""
        cleaned = self.cleaned_data
        day = cleaned["validity"]
        return PostText(
            body=cleaned["body"],
            title=cleaned["title"],
            kind=cleaned["kind"] or Kind.TIP.value,
            language=cleaned["language"] or None,
            countries=cleaned["codes"],
            place=cleaned["place"],
            needs=cleaned["needs"],
            tags=cleaned["tags"],
            validity_until=end_of_day(day) if day else None,
        )


class ConfirmForm(forms.Form):
    """A reader's word about a day."""

    kind = forms.ChoiceField(choices=ConfirmationKind.choices)
    day = forms.ChoiceField(choices=[("today", _("Today")), ("yesterday", _("Yesterday")), ("other", _("Another day"))])
    date = TypedDateField(label=_("Which day?"), required=False, help_text=_("As 18/03/2026."))
    token = forms.CharField(max_length=300)

    def clean(self) -> dict[str, Any]:
        """Work out the day: not in the future, not longer ago than a year."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.localdate()
        choice = cleaned.get("day")
        day = {"today": today, "yesterday": today - timedelta(days=1)}.get(str(choice), cleaned.get("date"))
        if choice == "other" and day is None and "date" not in self.errors:
            self.add_error("date", _("Write the date as 18/03/2026."))
        if day is not None and day > today:
            self.add_error("date", _("This day has not come yet."))
        if day is not None and day < today - timedelta(days=366):
            self.add_error("date", _("This day is too long ago to help anybody."))
        cleaned["happened_date"] = day
        return cleaned


def initial_of(version: PostVersion) -> dict[str, Any]:
    """Return what a form shows of a stored version, for its author to change."""
    text = text_of(version)
    first, *others = [*text.countries, ""]
    return {
        "kind": text.kind or Kind.TIP.value,
        "country": first,
        "countries": [code for code in others if code],
        "place": text.place,
        "needs": list(text.needs),
        "title": text.title,
        "body": text.body,
        "language": text.language if text.language != UNDETERMINED else "",
        "tags": list(text.tags),
        "validity": f"{timezone.localtime(text.validity_until):%d/%m/%Y}" if text.validity_until else "",
        "version": version.number,
    }
