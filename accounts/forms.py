"""Forms of people: shape only, one service call follows. allauth builds its sign-up form on `SignupForm`."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.models import User
from accounts.plain_text import PlainField
from accounts.services import SIGNED_UP_SESSION_KEY, complete_sign_up, pseudonym_key, pseudonym_taken

# Django's Dutch catalogue lacks this sentence of its password check. Standing here, it is collected into ours, which Django then finds.
DJANGO_TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
    12,
)


class Age(models.TextChoices):
    """All that is asked about age: consent age in Belgium is 13, and a minor's texts are always read beforehand (TRUST.md, Privacy)."""

    ADULT = "adult", _("18 or older")
    MINOR = "minor", _("13 to 17")
    CHILD = "child", _("Younger than 13")


class PseudonymField(forms.CharField):
    """A name that people will see: two characters at least, nothing invisible, no address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the name with single spaces. Raises ValidationError."""
        text = " ".join(str(super().clean(value) or "").split())
        if any(unicodedata.category(character).startswith("C") for character in text):
            raise ValidationError(_("This name contains characters that cannot be seen. Please type it again."), code="invisible")
        if "@" in text or "://" in text:
            raise ValidationError(_("A name cannot be an address. Please choose another."), code="address")
        if text and not pseudonym_key(text):
            raise ValidationError(_("A name needs at least one letter or digit."), code="empty")
        return text


class SignupForm(forms.Form):
    """What we ask beside the e-mail address and the optional password."""

    pseudonym = PseudonymField(
        label=_("Name that others see"),
        help_text=_("A first name or an invented name. We read it before others see it; until then you appear as “Member” with a code."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    age = forms.ChoiceField(
        label=_("Your age"),
        choices=Age.choices,
        widget=forms.RadioSelect,
        help_text=_("We keep only whether you are under 18."),
        error_messages={"required": _("Choose your age.")},
    )
    terms = forms.BooleanField(
        label=_("I accept the house rules and how my data are used."),
        error_messages={"required": _("Without your agreement we cannot open an account.")},
    )

    field_order = ["email", "pseudonym", "age", "password1", "terms"]

    def clean_pseudonym(self) -> str:
        """Return the name. The answer is the same whether or not the e-mail address has an account."""
        name = str(self.cleaned_data["pseudonym"])
        if pseudonym_taken(pseudonym_key(name)):
            raise ValidationError(_("This name, or one that looks like it, is taken. Please choose another."), code="taken")
        return name

    def clean_age(self) -> str:
        """Refuse children under 13: reading stays open to them."""
        age = str(self.cleaned_data["age"])
        if age == Age.CHILD:
            raise ValidationError(_("You can have an account from the age of 13. You can read everything without one."), code="too_young")
        return age

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account exists."""
        language = (get_language() or Language.FR)[:2]
        complete_sign_up(
            user=user,
            pseudonym=self.cleaned_data["pseudonym"],
            language=language if language in Language.values else Language.FR,
            is_minor=self.cleaned_data["age"] == Age.MINOR,
        )
        request.session[SIGNED_UP_SESSION_KEY] = user.pk


class ProfileForm(forms.Form):
    """What a person proposes to be called, and says about themselves."""

    pseudonym = PseudonymField(
        label=_("Name that others see"),
        help_text=_("2 to 40 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    about = PlainField(
        label=_("About you"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Where you live and what you know well. No telephone number, no address. At most 1000 characters."),
    )


class LanguageForm(forms.Form):
    """Language of mails."""

    language = forms.ChoiceField(label=_("Language of our mails"), choices=Language.choices, widget=forms.RadioSelect)


class EnrolForm(forms.Form):
    """First sign-in of staff: a password is optional, an authenticator app follows."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Optional: without one we mail you a code each time. 12 characters at least, 15 or more are better. No common password."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Return the password, or "" for none. Raises ValidationError for a weak one."""
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, self.user)
        return password
