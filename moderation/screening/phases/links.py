"""Links: how many, which hide where they lead, which pretend to be an authority."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from rapidfuzz.distance import DamerauLevenshtein

from moderation.enums import FindingCode
from moderation.screening.findings import NOTE, RISK, Finding, Screened

MANY = 5
FLOOD = 20

# fmt: off
SHORTENERS = frozenset({
    "bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly", "rb.gy", "shorturl.at", "t.ly",
    "tiny.cc", "bl.ink", "lnkd.in", "s.id", "v.gd", "qr.ae", "soo.gd",
})
# fmt: on
# Whose names are worth imitating before Belgians abroad. A host that is one of these, or lies below one, is the real thing.
AUTHORITIES = (
    "belgium.be",
    "fgov.be",
    "fed.be",
    "diplomatie.be",
    "belgie.be",
    "belgique.be",
    "police.be",
    "politie.be",
    "polizei.be",
    "mil.be",
    "europa.eu",
    "gouv.fr",
    "diplomatie.gouv.fr",
    "rijksoverheid.nl",
    "nederlandwereldwijd.nl",
    "auswaertiges-amt.de",
    "gov.uk",
    "state.gov",
)  # fmt: skip
# Letters that are read as others (Unicode TR 39, those that occur in host names), after accents are taken off.
CONFUSABLE = str.maketrans("аеорсухіјѕһԁɡοιανκ0135", "aeopcyxijshdgoiavkoles")
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))

URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"'|]{3,300}", re.IGNORECASE)
# [words](address): what is read and where it leads.
NAMED = re.compile(r"\[([^\]\n]{1,200})\]\(\s*<?(https?://[^\s)>]{3,300})", re.IGNORECASE)
HOST_IN_WORDS = re.compile(r"\b(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10}\b", re.IGNORECASE)
IPV4 = re.compile(r"^\d{1,3}(\.\d{1,3}){3}$")


def host_of(address: str) -> str:
    """Return the host of an address in readable letters, or "" when there is none."""
    try:
        host = (urlsplit(address if "://" in address else f"http://{address}").hostname or "").rstrip(".")
    except ValueError:
        return ""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode().decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels).lower()


def skeleton(host: str) -> str:
    """Return the form in which two hosts that look alike are equal."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", host.casefold()) if not unicodedata.combining(c)).translate(CONFUSABLE)
    for pair, letter in PAIRS:
        plain = plain.replace(pair, letter)
    return plain


# As a reader sees them: letters that look alike are one, dots and hyphens are one.
_SHAPES = {name: skeleton(name) for name in AUTHORITIES}
# Short names are one letter away from others that mean no harm.
TYPO_LENGTH = 10


def _belongs(host: str, name: str) -> bool:
    return host == name or host.endswith(f".{name}")


def imitates(host: str) -> str:
    """Return the authority that `host` can be mistaken for, or "": by look-alike letters, as part of a longer name, by one wrong letter."""
    if any(_belongs(host, name) for name in AUTHORITIES):
        return ""
    seen = skeleton(host)
    for name, shape in _SHAPES.items():
        if f"-{shape}-".replace(".", "-") in f"-{seen}-".replace(".", "-"):
            return name
        registered = ".".join(seen.split(".")[-shape.count(".") - 1 :])
        if len(shape) >= TYPO_LENGTH and DamerauLevenshtein.distance(registered, shape, score_cutoff=1) <= 1:
            return name
    return ""


def _disguised(address: str, host: str) -> str:
    """Return how an address hides where it leads, or ""."""
    authority = address.split("://", 1)[-1].split("/", 1)[0]
    if "@" in authority:
        return "userinfo"
    if IPV4.match(host):
        return "ip_address"
    if any(_belongs(host, name) for name in SHORTENERS):
        return "shortener"
    return "lookalike" if imitates(host) else ""


def links(text: Screened) -> Iterator[Finding]:
    """Note many links; mark shortened, disguised and look-alike ones."""
    count = 0
    for field, words in text.fields():
        for match in URL.finditer(words):
            count += 1
            address = match.group().rstrip(".,;:!?")
            if count <= FLOOD and (how := _disguised(address, host_of(address))):
                yield Finding(FindingCode.LINKS, RISK, field, match.start(), match.start() + len(address), how)
        for match in NAMED.finditer(words):
            shown = HOST_IN_WORDS.search(match.group(1))
            if shown and not _same_site(shown.group(), host_of(match.group(2))):
                yield Finding(FindingCode.LINKS, RISK, field, match.start(), match.end(), "other_target")
    if count > MANY:
        yield Finding(FindingCode.LINKS, RISK if count > FLOOD else NOTE, detail="many")


def _same_site(shown: str, host: str) -> bool:
    shown = shown.lower().removeprefix("www.")
    return _belongs(host, shown) or _belongs(shown, host.removeprefix("www."))
