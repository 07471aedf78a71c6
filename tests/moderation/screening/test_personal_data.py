"""Detectors of personal data: positive and negative cases of Belgium, France, the Netherlands and Germany."""

import itertools

import pytest

from moderation.screening.findings import RISK, Screened
from moderation.screening.phases.personal_data import (
    belgian_number_valid,
    dutch_number_valid,
    french_number_valid,
    german_number_valid,
    iban_valid,
    luhn_valid,
    personal_data,
)


def found(body, language="nl", countries=(), title=""):
    """Return (kind, words) of what the phase marks."""
    text = Screened(title, body, language, countries)
    return [(f.detail, (title if f.field == "title" else body)[f.start : f.end]) for f in personal_data(text)]


def register(year, month, day, serial, century=""):
    """Return a fictitious national register number with its right check digits."""
    body = f"{year:02}{month:02}{day:02}{serial:03}"
    return body + f"{97 - int(century + body) % 97:02}"


BORN_1985, BORN_2001 = register(85, 7, 30, 33), register(1, 2, 3, 44, "2")


def dotted(number):
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


# -- national numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [BORN_1985, dotted(BORN_1985), f"{BORN_1985[:6]} {BORN_1985[6:9]} {BORN_1985[9:]}", f"{BORN_1985[:6]}-{BORN_1985[6:9]}-{BORN_1985[9:]}"]
)
@pytest.mark.parametrize("sentence", ["Mijn rijksregisternummer is {}.", "NN: {}", "({})", "Mon numéro national : {} merci"])
def test_belgian_register_number_in_every_way_of_writing(number, sentence):
    assert found(sentence.format(number)) == [("register_number", number)]


def test_belgian_register_number_of_somebody_born_from_2000_on():
    assert found(f"Haar nummer is {dotted(BORN_2001)}") == [("register_number", dotted(BORN_2001))]
    assert belgian_number_valid(BORN_2001)


@pytest.mark.parametrize("month", [20, 25, 32, 40, 47, 52])
def test_bis_numbers_count(month):
    assert belgian_number_valid(register(90, month, 10, 123))


@pytest.mark.parametrize("month", [13, 19, 33, 39, 53, 99])
def test_impossible_months_do_not_count(month):
    assert not belgian_number_valid(register(90, month, 10, 123))


@pytest.mark.parametrize("day", [32, 60, 99])
def test_impossible_days_do_not_count(day):
    assert not belgian_number_valid(register(90, 5, day, 123))


@pytest.mark.parametrize("wrong", range(1, 97, 7))
def test_wrong_check_digits_are_no_register_number(wrong):
    check = (int(BORN_1985[9:]) + wrong - 1) % 97 + 1
    number = f"{BORN_1985[:9]}{check:02}"
    if number != BORN_1985 and check != 97 - int("2" + BORN_1985[:9]) % 97:
        assert not belgian_number_valid(number)
        assert ("register_number", number) not in found(f"nummer {number}")


@pytest.mark.parametrize("text", ["00000000000", "12345678901", f"1{BORN_1985}", f"{BORN_1985}1", f"+{BORN_1985}", "2026-11-25 12:30:45"])
def test_other_digits_are_no_register_number(text):
    assert not [kind for kind, _words in found(text) if kind == "register_number"]


def nir(sex, year, month, department, commune, order):
    number = f"{sex}{year}{month}{department}{commune}{order}"
    key = 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97
    return f"{sex} {year} {month} {department} {commune} {order} {key:02}"


@pytest.mark.parametrize(
    "number", [nir("1", "85", "07", "75", "056", "001"), nir("2", "90", "12", "2A", "004", "123"), nir("2", "61", "03", "2B", "033", "017")]
)
def test_french_social_security_number(number):
    assert found(f"Mon numéro de sécu : {number}", "fr") == [("register_number", number)]


@pytest.mark.parametrize("change", [(0, "3"), (5, "9")])
def test_french_number_with_a_wrong_digit_is_none(change):
    number = nir("1", "85", "07", "75", "056", "001")
    position, digit = change
    wrong = number[:position] + digit + number[position + 1 :]
    assert not [kind for kind, _words in found(wrong, "fr") if kind == "register_number"]


def test_french_number_valid_knows_its_key():
    parts = tuple(nir("1", "85", "07", "75", "056", "001").split())
    assert french_number_valid(parts)
    assert not french_number_valid((*parts[:-1], "00"))
    assert not french_number_valid((parts[0], parts[1], "13", *parts[3:]))


@pytest.mark.parametrize(
    ("text", "number"), [("mijn BSN is 111222333", "111222333"), ("Burgerservicenummer: 123456782.", "123456782"), ("bsn 123.456.782", "123.456.782")]
)
def test_dutch_citizen_number_when_announced(text, number):
    assert found(text) == [("register_number", number)]


@pytest.mark.parametrize(
    "text", ["mijn BSN is 111222334", "bestelnummer 111222333", "bsn 000000000", "mijn bsn geef ik niet, het kantoor is 12 km verder"]
)
def test_dutch_number_needs_its_word_and_the_eleven_test(text):
    assert found(text) == []


def test_dutch_number_valid():
    assert dutch_number_valid("123456782")
    assert not dutch_number_valid("123456783")


@pytest.mark.parametrize("number", ["86095742719", "47036892816", "65929970489"])
def test_german_tax_number_when_announced(number):
    assert german_number_valid(number)
    assert found(f"Meine Steuer-ID: {number}", "de") == [("register_number", number)]


@pytest.mark.parametrize("number", ["86095742710", "06095742719", "12345678901"])
def test_german_number_with_wrong_check_digit_is_none(number):
    assert not german_number_valid(number)


# -- documents -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mijn paspoort EH123456 is gestolen", "EH123456"),
        ("Passport no. EJ654321", "EJ654321"),
        ("numéro de passeport : 12AB34567", "12AB34567"),
        ("Reisepass C01X00T47", "C01X00T47"),
        ("mijn reispas nummer SPECI2014 kwijt", "SPECI2014"),
        ("Personalausweis L01X00T471"[:-1], "L01X00T47"),
        ("carte d’identité 592123456", "592123456"),
        ("identiteitskaart nr 59212345", "59212345"),
    ],
)
def test_document_numbers_when_announced(text, number):
    assert ("passport", number) in found(text)


@pytest.mark.parametrize("text", ["P<BELVAN<DAMME<<JAN<PIETER<<<<<<<<<<<<<<<<<<<", "EH123456<8BEL8507304M2703225<<<<<<<<<<<<<<02"])
def test_machine_readable_zone_needs_no_word(text):
    assert [kind for kind, _words in found(text)][:1] == ["passport"]


@pytest.mark.parametrize(
    "text",
    [
        "vlucht SN1234 naar Kigali",
        "Mijn paspoort is gestolen in Cusco",
        "Passeport obligatoire à la frontière",
        "boeking ABC123 bevestigd",
        "Reisepass nicht vergessen",
        "bus 12345678",
        "Passport control closes at 18:00",
    ],
)
def test_talk_about_documents_is_no_number(text):
    assert not [kind for kind, _words in found(text) if kind == "passport"]


# -- money -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "4111111111111111",
        "5500-0000-0000-0004",
        "378282246310005",
        "6011 1111 1111 1117",
        "2223003122003222",
        "6759649826438453",
    ],
)
def test_card_numbers(number):
    assert ("card", number) in found(f"Betaal met kaart {number}, vervalt 12/27")


@pytest.mark.parametrize("number", ["4111 1111 1111 1112", "1234567890123456", "9999999999999995", "0000 0000 0000 0000", "1111111111111111"])
def test_other_long_numbers_are_no_cards(number):
    assert not [kind for kind, _words in found(f"nummer {number}") if kind == "card"]


def test_luhn():
    assert luhn_valid("79927398713")
    assert [n for n in range(10) if luhn_valid(f"7992739871{n}")] == [3]


@pytest.mark.parametrize(
    "iban", ["BE68 5390 0754 7034", "BE68539007547034", "NL91ABNA0417164300", "DE89 3704 0044 0532 0130 00", "FR1420041010050500013M02606"]
)
def test_account_numbers(iban):
    assert iban_valid(iban.replace(" ", ""))
    assert ("account", iban) in found(f"Stort op {iban}")


@pytest.mark.parametrize("iban", ["BE68 5390 0754 7035", "NL91ABNA0417164301", "XX00 1234 5678 9012"])
def test_wrong_account_numbers_are_none(iban):
    assert not [kind for kind, _words in found(f"Stort op {iban}") if kind == "account"]


# -- how to reach somebody -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "language", "countries"),
    [
        ("+32 475 12 34 56", "nl", ()),
        ("0475 12 34 56", "nl", ()),
        ("0475/12.34.56", "fr", ()),
        ("02 501 81 11", "fr", ()),
        ("0032 2 501 81 11", "en", ()),
        ("+33 6 12 34 56 78", "en", ()),
        ("06 12 34 56 78", "fr", ()),
        ("01 44 09 39 39", "fr", ()),
        ("+31 6 12345678", "en", ()),
        ("06-12345678", "nl", ()),
        ("070 312 3456", "nl", ()),
        ("+49 170 1234567", "en", ()),
        ("0170 1234567", "de", ()),
        ("030 206420", "de", ()),
        ("+51 984 555 318", "nl", ()),
        ("984 555 318", "nl", ("PE",)),
        ("(01) 241 7566", "nl", ("PE",)),
    ],
)
def test_phone_numbers_of_four_countries_and_of_the_place(number, language, countries):
    assert found(f"Bel {number} voor zes uur.", language, countries) == [("phone", number)]


@pytest.mark.parametrize(
    "text",
    [
        "het ticket kost 140 sol",
        "om 5.30 uur, loket 3",
        "op 17/03/2026 om 12:30",
        "2026-11-25",
        "1.250.000 pesos",
        "kilometer 1204",
        "bel 112",
        "bel 1722 of 105",
        "12 personen, 3 kamers, 2 nachten",
        "de wet van 29 juli 1991",
        "ISBN 978-3-16-148410-0",
        "postcode 1000 Brussel, huis 15",
        "vlucht SN 203 om 10.45 uur",
        "30.000 CLP",
    ],
)
def test_ordinary_numbers_are_no_phones(text):
    assert found(text, "nl", ("PE", "CL")) == []


@pytest.mark.parametrize("mail", ["jan.peeters@example.org", "jan+peru@mail.example.co.uk", "j_p@x-y.be", "JAN@EXAMPLE.COM"])
def test_mail_addresses(mail):
    assert found(f"Schrijf naar {mail}!") == [("email", mail)]


@pytest.mark.parametrize(
    "mail", ["lima@diplobel.fed.be", "info@diplomatie.fgov.be", "consul@minbuza.nl", "crisis@diplo.de", "info@police.belgium.be", "x@europa.eu"]
)
def test_addresses_of_services_are_no_personal_data(mail):
    assert found(f"Schrijf naar {mail}!") == []


@pytest.mark.parametrize("text", ["@lieve op Instagram", "om 12u @ de terminal", "a@b", "x@y.", "prijs: 12@stuk"])
def test_an_at_sign_is_no_address(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "-12.0464, -77.0428",
        "−12.046374, −77.042793",
        "https://maps.example/@-12.0464,-77.0428,17z",
        "50.8503° N, 4.3517",
        "12°02'47.2\"S 77°02'34.1\"W",
        "50° 51′ 1″ N, 4° 21′ 6″ E",
    ],
)
def test_exact_positions(text):
    assert "coordinates" in [kind for kind, _words in found(f"Wij zijn op {text} nu")]


@pytest.mark.parametrize(
    "text",
    [
        "3,5 km en 12,8 km",
        "tussen 5.30 en 8.00 uur",
        "180.123, 190.456",
        "95.1234, 10.1234",
        "versie 1.2.3",
        "12.5, 13.5 en 14.5 graden",
        "25° in de schaduw",
    ],
)
def test_other_decimals_are_no_positions(text):
    assert "coordinates" not in [kind for kind, _words in found(text)]


# -- together --------------------------------------------------------------------------------------------------------------


def test_every_stretch_is_marked_once_and_in_its_field():
    title, body = "Bel 0475 12 34 56", f"Nummer {dotted(BORN_1985)} of 0475 12 34 56, mail jan@example.org"
    findings = list(personal_data(Screened(title, body, "nl")))
    assert [(f.field, f.detail) for f in findings] == [
        ("title", "phone"),
        ("body", "register_number"),
        ("body", "email"),
        ("body", "phone"),
    ]
    spans = sorted((f.start, f.end) for f in findings if f.field == "body")
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert {f.severity for f in findings} == {RISK}


def test_details_never_hold_words_of_the_text():
    findings = list(personal_data(Screened("", f"{BORN_1985} jan@example.org +51 984 555 318 BE68 5390 0754 7034", "nl")))
    assert {f.detail for f in findings} <= {"register_number", "email", "phone", "account", "card", "passport", "coordinates"}
    assert len(findings) == 4


@pytest.mark.parametrize("text", ["", " ", "Neem water en cash mee.", "🚌🚌🚌", "العربية", "a" * 20_000])
def test_texts_without_personal_data(text):
    assert found(text) == []
