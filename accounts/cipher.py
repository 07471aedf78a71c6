"""Encrypts the secrets of second factors in the database with a key that is derived from SECRET_KEY and never stored beside them."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"belgessolidaires.second-factor"


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _keys() -> MultiFernet:
    # SECRET_KEY_FALLBACKS keeps secrets readable while a key is being replaced.
    return MultiFernet([_key(secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def encrypt(text: str) -> str:
    """Return `text` so that only this installation reads it."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text of `encrypt`; raises InvalidToken when SECRET_KEY changed without a fallback."""
    return _keys().decrypt(token.encode()).decode()
