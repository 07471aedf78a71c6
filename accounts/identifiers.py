"""Public ids: random, short enough to be read aloud. Primary keys never leave the database."""

import secrets

# Crockford's base32 without I, L, O, U: no letter looks like a digit and no rude word appears (https://www.crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})

TOPIC_ID_LENGTH = 6
ID_LENGTH = 10


def new_public_id(length: int = ID_LENGTH) -> str:
    """Return a random id of `length` characters; uniqueness is the database constraint's, which the caller's insert meets."""
    # A byte holds eight alphabets of 32 exactly: every letter is as likely as every other, and the system is asked once, not for each letter.
    return "".join([ALPHABET[byte & 31] for byte in secrets.token_bytes(length)])


def new_long_id() -> str:
    """Return an id of 10 characters, about 50 bits (default of model fields)."""
    return new_public_id(ID_LENGTH)


def new_topic_id() -> str:
    """Return an id of 6 characters, a thousand million in all: short enough for SMS and speech."""
    return new_public_id(TOPIC_ID_LENGTH)


def new_member_code() -> str:
    """Return the code of a neutral name, as in "Member 7K3Q9D"."""
    return new_public_id(6)


def normalise_public_id(text: str) -> str:
    """Return an id as a person may have typed or heard it (lower case, O for 0, I and L for 1) in its stored form."""
    return text.strip().upper().translate(READ_AS)
