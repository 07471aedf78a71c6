"""Passwords and second factors of the demonstration: made per install, kept in $DATA_DIR/demo-accounts.json, for its owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings

# Syllables that nobody mistypes; nine of them and four digits are more than 2**64 possibilities.
_CONSONANTS, _VOWELS = "bdfklmnprstv", "aeiou"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one person. `totp_secret` is empty for citizens."""

    role: str
    email: str
    password: str
    totp_secret: str
    language: str
    name: str


def sign_ins_path() -> Path:
    """Return where they are kept."""
    return Path(settings.DATA_DIR) / "demo-accounts.json"


def new_password() -> str:
    """Return a password that can be typed from a terminal."""
    words = ["".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(3)) for _ in range(3)]
    return "-".join([*words, f"{secrets.randbelow(10_000):04d}"])


def new_totp_secret() -> str:
    """Return a secret for an authenticator app."""
    return generate_totp_secret()


def read_sign_ins() -> dict[str, SignIn]:
    """Return the kept sign-ins by e-mail address; empty when there are none, or the file cannot be read."""
    try:
        rows = json.loads(sign_ins_path().read_text(encoding="utf-8"))
        return {row["email"]: SignIn(**row) for row in rows}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def write_sign_ins(sign_ins: list[SignIn]) -> None:
    """Keep the sign-ins, readable by the owner of the process alone from the first byte on."""
    path = sign_ins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(sign_in) for sign_in in sign_ins], file, ensure_ascii=False, indent=1)
        file.write("\n")


def forget_sign_ins() -> None:
    """Remove the file."""
    sign_ins_path().unlink(missing_ok=True)
