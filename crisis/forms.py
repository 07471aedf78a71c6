"""Forms of the crisis desk: shape only, one column of texts for each language. What is allowed is decided by the services."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.plain_text import PlainField
from countries import directory
from crisis.enums import SCOPE_NEEDS, ReviewRegime, Scope, Severity, VisibilityRegime
from crisis.models import Crisis, OfficialNotice

SEVERAL = _("Several: hold Ctrl (on a Mac: Cmd) while you choose.")
REQUIRED_LANGUAGES = (Language.FR, Language.NL)


class TextColumns(forms.Form):
    """Adds `<field>_<language>` for each of the form's `text_fields`; French and Dutch are required (laws of 1966, art. 40)."""

    text_fields: Mapping[str, tuple[Any, int, bool]] = {}
    """Name → label, greatest length (over 300: several lines), whether French and Dutch must have it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in Language:
            for name, (label, longest, needed) in self.text_fields.items():
                widget = forms.Textarea(attrs={"rows": 4}) if longest > 300 else forms.TextInput()
                widget.attrs["lang"] = language.value
                required = needed and language in REQUIRED_LANGUAGES
                self.fields[f"{name}_{language}"] = PlainField(label=label, max_length=longest, required=required, widget=widget)

    def columns(self) -> list[tuple[Language, list[forms.BoundField]]]:
        """Return the bound text fields by language, for the template."""
        return [(language, [self[f"{name}_{language}"] for name in self.text_fields]) for language in Language]

    def other_fields(self) -> list[forms.BoundField]:
        """Return the visible fields that are not texts."""
        texts = {f"{name}_{language}" for name in self.text_fields for language in Language}
        return [field for field in self.visible_fields() if field.name not in texts]

    def texts(self) -> dict[str, dict[str, str]]:
        """Return what was typed: language → field → text, for languages in which something was."""
        found = {code: {name: self.cleaned_data[f"{name}_{code}"] for name in self.text_fields} for code in Language.values}
        return {code: texts for code, texts in found.items() if any(texts.values())}


def _country_choices() -> list[tuple[str, str]]:
    return directory.choices((get_language() or "fr")[:2])


def _region_choices() -> list[tuple[str, str]]:
    return directory.regions((get_language() or "fr")[:2])


class CrisisForm(TextColumns):
    """Opens a crisis."""

    text_fields = {"title": (_("Title"), 120, True), "summary": (_("One line for the banner's card"), 240, False)}

    scope = forms.ChoiceField(label=_("What it is about"), choices=Scope.choices)
    countries = forms.MultipleChoiceField(label=_("Countries"), choices=_country_choices, required=False, help_text=SEVERAL)
    regions = forms.MultipleChoiceField(label=_("Regions"), choices=_region_choices, required=False, help_text=SEVERAL)
    scope_name = PlainField(label=_("Name of the carrier, ship or event"), max_length=80, required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.SEVERE)
    review_regime = forms.ChoiceField(label=_("Review of what citizens write"), choices=ReviewRegime.choices)
    visibility_regime = forms.ChoiceField(label=_("Who may read what citizens write about it"), choices=VisibilityRegime.choices)

    def clean(self) -> dict[str, Any]:
        """Ask for what the scope needs: countries, regions, or a name."""
        data: dict[str, Any] = super().clean() or {}
        needed = SCOPE_NEEDS.get(data.get("scope") or "")
        if needed and not data.get(needed):
            self.add_error(needed, _("Needed for this kind of crisis."))
        return data


class NoticeForm(TextColumns):
    """Writes an official notice."""

    text_fields = {
        "title": (_("Title"), 150, True),
        "known": (_("What we know"), 4_000, True),
        "unknown": (_("What we do not know yet"), 4_000, False),
        "doing": (_("What we do"), 4_000, False),
        "signed_as": (_("Signed by (a function, never a name)"), 120, True),
    }

    country = forms.ChoiceField(label=_("Country"), required=False)
    crisis = forms.ModelChoiceField(label=_("Crisis"), queryset=Crisis.objects.none(), required=False, to_field_name="public_id")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, countries: Iterable[str] | None = None, own_crisis: int | None = None, **kwargs: Any) -> None:
        """`countries`: the only ones that may be chosen. `own_crisis`: stays a choice when it is closed, so that storing keeps the tie."""
        super().__init__(*args, **kwargs)
        choices = _country_choices()
        if countries is not None:
            allowed = set(countries)
            choices = [choice for choice in choices if choice[0] in allowed]
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 - declared above
        country.choices = choices if countries is not None else [("", _("No country")), *choices]
        crisis = self.fields["crisis"]
        assert isinstance(crisis, forms.ModelChoiceField)  # noqa: S101 - declared above
        offered = Crisis.objects.open() | Crisis.objects.filter(pk__in=[own_crisis] if own_crisis else [])
        crisis.queryset = offered.most_severe_first().prefetch_related("texts")
        crisis.label_from_instance = title_of  # type: ignore[method-assign,assignment]

    def clean(self) -> dict[str, Any]:
        """A language that has a title has what we know, and the other way round."""
        data: dict[str, Any] = super().clean() or {}
        for code in Language.values:
            texts = {name: data.get(f"{name}_{code}") for name in self.text_fields}
            if any(texts.values()):
                for name in ("title", "known", "signed_as"):
                    if not texts[name] and f"{name}_{code}" not in self.errors:
                        self.add_error(f"{name}_{code}", _("Write this too, or leave this language empty."))
        return data


def title_in(thing: Crisis | OfficialNotice) -> tuple[str, str]:
    """Return the title of a crisis or notice and its language: the active one, else French, else any that a draft has."""
    titles = {text.language: text.title for text in thing.texts.all()}
    wanted = ((get_language() or "fr")[:2], "fr", *titles)
    return next(((titles[code], code) for code in wanted if code in titles), (str(thing), ""))


def title_of(thing: Crisis | OfficialNotice) -> str:
    """Return the title alone."""
    return title_in(thing)[0]


def copy_of(notice: OfficialNotice) -> dict[str, Any]:
    """Return what a new notice takes over from an earlier one: everything but its place in time."""
    return initial_of(notice) | {"revision": None}


def initial_of(notice: OfficialNotice) -> dict[str, Any]:
    """Return what a notice holds, in the form's field names."""
    initial: dict[str, Any] = {
        "country": notice.country_id or "",
        "crisis": notice.crisis.public_id if notice.crisis else None,
        "revision": notice.revision,
    }
    for text in notice.texts.all():
        initial |= {f"{name}_{text.language}": getattr(text, name) for name in NoticeForm.text_fields}
    return initial
