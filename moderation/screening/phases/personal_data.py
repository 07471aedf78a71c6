"""Personal data that nobody should publish: numbers with their check digits, phones, addresses, coordinates."""

import re
from collections.abc import Callable, Iterator

import phonenumbers

from moderation.enums import FindingCode
from moderation.screening.findings import RISK, Finding, Screened

# -- identity numbers ---------------------------------------------------------------------------------------------------
# Belgian national register number YY.MM.DD-NNN.CC (Royal Decree of 3 April 1984, art. 1 to 3; bis numbers add 20 or 40 to the month).
BELGIAN = re.compile(r"(?<![\d+])(\d{2})[. ]?(\d{2})[. ]?(\d{2})[-. /]{0,3}(\d{3})[-. ]{0,3}(\d{2})(?!\d)")
# French NIR: sex, year, month, department (2A, 2B), commune, order, key = 97 - number mod 97.
FRENCH = re.compile(r"(?<!\d)([12])[ .]?(\d{2})[ .]?(\d{2})[ .]?(\d{2}|2[AB])[ .]?(\d{3})[ .]?(\d{3})[ .]?(\d{2})(?!\d)", re.IGNORECASE)
# Dutch citizen service number: nine digits that pass the "eleven test"; one in eleven numbers does, so a word must announce it.
DUTCH = re.compile(r"\b(?:bsn|burgerservicenummer|sofi-?nummer)\D{0,15}(\d{3}[ .]?\d{3}[ .]?\d{3})(?!\d)", re.IGNORECASE)
# German tax id: eleven digits, check digit by ISO/IEC 7064 MOD 11,10; announced by a word, as it looks like a phone number.
GERMAN = re.compile(r"\b(?:steuer-?id\w*|identifikationsnummer|steuernummer)\D{0,15}(\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3})(?!\d)", re.IGNORECASE)

# -- documents --------------------------------------------------------------------------------------------------------------
# Belgian, Dutch, French and German passports and identity cards: letters and digits of eight or nine, announced by a word …
PASSPORT_WORDS = (
    r"(?:passport|passeport|paspoort|reispas|reisepass|pass-?nr|passnummer|identiteitskaart"
    r"|carte d.identit[ée]|personalausweis|ausweis|id[- ]?card)"
)
PASSPORT = re.compile(PASSPORT_WORDS + r"[^\n]{0,30}?\b((?=[A-Z0-9]*\d)[A-Z0-9]{8,9})\b", re.IGNORECASE)
# … or in the machine-readable zone, which needs no announcement (ICAO Doc 9303).
MRZ = re.compile(r"\bP[A-Z<][A-Z]{3}[A-Z<]{10,39}|\b[A-Z0-9<]{9}\d[A-Z]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{14}\d{2}\b")

# -- money ----------------------------------------------------------------------------------------------------------------------
CARD = re.compile(r"(?<![\d+])(?:\d[ -]?){12,18}\d(?!\d)")
# First digits of the cards in use (ISO/IEC 7812): what begins otherwise is some other long number.
CARD_STARTS = ("34", "37", "4", *(str(n) for n in range(50, 59)), *(str(n) for n in range(22, 28)), "60", "62", "64", "65", "67")
IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?)\b")

# -- where and how to reach somebody ----------------------------------------------------------------------------------------------
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}\b", re.IGNORECASE)
# Addresses of a service, not of a person.
OFFICIAL_MAIL = re.compile(
    r"@(?:[\w-]+\.)*(?:fed\.be|fgov\.be|belgium\.be|diplobel\.be|europa\.eu|gouv\.fr|gov\.uk|diplo\.de|minbuza\.nl)$", re.IGNORECASE
)
DECIMAL = re.compile(r"(?<![\d.,])([-−]?\d{1,2}[.]\d{3,12})°?\s?[NS]?\s?[,;/ ]\s?([-−]?\d{1,3}[.]\d{3,12})(?![\d.])")
_DMS = r"\d{1,3}\s?°\s?\d{1,2}\s?['′’]\s?[\d.,]{0,7}\s?[\"″”]?\s?"
DEGREES = re.compile(_DMS + r"[NS]\b.{0,4}?" + _DMS + r"[EWO]\b", re.IGNORECASE)

# Countries whose way of writing a number without +… the languages of the house suggest, Belgium first.
REGIONS = {"fr": "FR", "nl": "NL", "de": "DE", "en": "GB"}
PHONE_REGIONS_MAX = 4


def belgian_number_valid(digits: str) -> bool:
    """Say whether eleven digits are a national register number: a possible date, and check digits 97 - (number mod 97).

    For people born from 2000 on the number is computed with a 2 in front.
    """
    month, day, body, check = int(digits[2:4]), int(digits[4:6]), digits[:9], int(digits[9:])
    if month > 52 or month % 20 > 12 or day > 31 or set(digits) == {"0"}:
        return False
    return check in {97 - int(body) % 97, 97 - int(f"2{body}") % 97}


def luhn_valid(digits: str) -> bool:
    """Say whether the last digit fits the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def iban_valid(iban: str) -> bool:
    """Say whether the check digits of an account number fit (ISO 13616: mod 97 is 1)."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def french_number_valid(parts: tuple[str, ...]) -> bool:
    """Say whether a NIR has a possible month and its key; Corsica counts as 19 and 18."""
    sex, year, month, department, commune, order, key = parts
    number = f"{sex}{year}{month}{department.upper().replace('2A', '19').replace('2B', '18')}{commune}{order}"
    return (1 <= int(month) <= 12 or int(month) >= 20) and int(key) == 97 - int(number) % 97


def dutch_number_valid(digits: str) -> bool:
    """Say whether nine digits pass the eleven test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0 and int(digits) > 0


def german_number_valid(digits: str) -> bool:
    """Say whether eleven digits carry the check digit of ISO/IEC 7064 MOD 11,10."""
    product = 10
    for digit in digits[:10]:
        product = (((int(digit) + product) % 10 or 10) * 2) % 11
    return digits[0] != "0" and (11 - product) % 10 == int(digits[10])


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _identity_numbers(words: str) -> Iterator[tuple[int, int, str]]:
    for match in BELGIAN.finditer(words):
        if belgian_number_valid("".join(match.groups())):
            yield match.start(), match.end(), "register_number"
    for match in FRENCH.finditer(words):
        if french_number_valid(match.groups()):
            yield match.start(), match.end(), "register_number"
    checks: list[tuple[re.Pattern[str], Callable[[str], bool]]] = [(DUTCH, dutch_number_valid), (GERMAN, german_number_valid)]
    for pattern, valid in checks:
        for match in pattern.finditer(words):
            if valid(_digits(match.group(1))):
                yield match.start(1), match.end(1), "register_number"


def _documents(words: str) -> Iterator[tuple[int, int, str]]:
    for match in PASSPORT.finditer(words):
        yield match.start(1), match.end(1), "passport"
    for match in MRZ.finditer(words):
        yield match.start(), match.end(), "passport"


def _money(words: str) -> Iterator[tuple[int, int, str]]:
    for match in CARD.finditer(words):
        digits = _digits(match.group())
        if digits.startswith(CARD_STARTS) and luhn_valid(digits) and len(set(digits)) > 1:
            yield match.start(), match.end(), "card"
    for match in IBAN.finditer(words):
        iban = match.group(1).replace(" ", "")
        if 15 <= len(iban) <= 34 and iban_valid(iban):
            yield match.start(), match.end(), "account"


def _whereabouts(words: str) -> Iterator[tuple[int, int, str]]:
    for match in EMAIL.finditer(words):
        if not OFFICIAL_MAIL.search(match.group()):
            yield match.start(), match.end(), "email"
    for match in DECIMAL.finditer(words):
        latitude, longitude = (float(part.replace("−", "-")) for part in match.groups())
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            yield match.start(), match.end(), "coordinates"
    for match in DEGREES.finditer(words):
        yield match.start(), match.end(), "coordinates"


def _phones(words: str, regions: list[str]) -> Iterator[tuple[int, int, str]]:
    if not re.search(r"\d.?\d.?\d.?\d.?\d", words):
        return
    for region in regions:
        for match in phonenumbers.PhoneNumberMatcher(words, region, leniency=phonenumbers.Leniency.VALID, max_tries=500):
            yield match.start, match.end, "phone"


def _regions(text: Screened) -> list[str]:
    """Return whose national numbers a text may hold: Belgium, the country of its language, the countries that it is about."""
    wanted = ["BE", REGIONS.get(text.language.split("-")[0], "BE"), *text.countries]
    return list(dict.fromkeys(wanted))[:PHONE_REGIONS_MAX]


def personal_data(text: Screened) -> Iterator[Finding]:
    """Mark register, passport, card and account numbers, phones, e-mail addresses and coordinates; each stretch of text once."""
    regions = _regions(text)
    for field, words in text.fields():
        taken: list[tuple[int, int]] = []
        for source in (_identity_numbers(words), _documents(words), _money(words), _whereabouts(words), _phones(words, regions)):
            for start, end, what in source:
                if all(end <= other_start or start >= other_end for other_start, other_end in taken):
                    taken.append((start, end))
                    yield Finding(FindingCode.PERSONAL_DATA, RISK, field, start, end, what)
