"""Links: how many, which hide where they lead, which pretend to be an authority."""

import pytest

from moderation.screening.findings import NOTE, RISK, Screened
from moderation.screening.phases.links import AUTHORITIES, FLOOD, MANY, SHORTENERS, host_of, imitates, links, skeleton


def found(body, title=""):
    text = Screened(title, body, "nl")
    return [(f.detail, (title if f.field == "title" else body)[f.start : f.end]) for f in links(text)]


@pytest.mark.parametrize(
    "host",
    [
        # as part of a longer name
        "diplomatie.belgium.be.evil.com",
        "belgium.be.info",
        "diplomatie-belgium.be",
        "www.diplomatie-belgium-be.com",
        "my-belgium-be.org",
        "travel.gov.uk.help.net",
        "gouv-fr.com",
        "diplomatie-gouv-fr.net",
        "rijksoverheid-nl.com",
        "police-be.info",
        # letters that look alike
        "bеlgium.be",
        "belgіum.be",
        "be1gium.be",
        "diplomatie.be1gium.be",
        "belgiurn.be",
        "auswaertiges-arnt.de",
        "rijksoverhеid.nl",
        "eurоpa.eu",
        "bélgium.be",
        # one letter wrong
        "belgiun.be",
        "belgum.be",
        "belgiium.be",
        "diplomatie.blegium.be",
        "auswaertigesamt.de",
        "nederlandwereldwijt.nl",
        "rijksoverheit.nl",
    ],
)
def test_look_alike_hosts(host):
    assert imitates(host)
    assert found(f"Schrijf u in op https://{host}/register") == [("lookalike", f"https://{host}/register")]


@pytest.mark.parametrize(
    "host",
    [
        *AUTHORITIES,
        *(f"www.{name}" for name in AUTHORITIES),
        "diplomatie.belgium.be",
        "travellersonline.diplomatie.be",
        "peru.diplomatie.belgium.be",
        "www.diplomatie.gouv.fr",
        "example.org",
        "cruzdelsur.com.pe",
        "visitbelgium.com",
        "belgianbeer.com",
        "hotel-bruges.be",
        "brusselsairlines.com",
        "gov.pe",
        "europages.fr",
        "perurail.com",
        "fedex.com",
        "be.nl",
        "militair.nl",
        "statefarm.com",
        "policies.google.com",
        "nederland.nl",
        "amt.de",
    ],
)
def test_honest_hosts(host):
    assert imitates(host) == ""
    assert found(f"Zie https://{host}/pagina.") == []


def test_look_alike_letters_in_their_encoded_form():
    assert host_of("https://xn--blgium-3of.be/x") == "b\u0435lgium.be"
    assert found("https://xn--blgium-3of.be/x") == [("lookalike", "https://xn--blgium-3of.be/x")]


@pytest.mark.parametrize("host", sorted(SHORTENERS))
def test_shortened_links(host):
    assert found(f"Zie https://{host}/3xpuno!") == [("shortener", f"https://{host}/3xpuno")]


@pytest.mark.parametrize("host", ["habit.ly", "bit.ly.be", "notbit.ly", "t.com", "cat.co"])
def test_hosts_that_only_end_like_a_shortener(host):
    assert found(f"https://{host}/x") == []


@pytest.mark.parametrize(
    ("address", "how"),
    [
        ("https://belgium.be@evil.example/x", "userinfo"),
        ("http://user:pass@example.org", "userinfo"),
        ("http://203.0.113.7/pay", "ip_address"),
        ("HTTPS://BIT.LY/abc", "shortener"),
        ("www.be1gium.be/x", "lookalike"),
    ],
)
def test_disguised_links(address, how):
    assert found(f"Betaal op {address} vandaag") == [(how, address)]


@pytest.mark.parametrize(
    "markdown",
    [
        "[diplomatie.belgium.be](https://evil.example/a)",
        "[https://www.perurail.com](https://tickets.example/x)",
        "[Kijk op belgium.be](http://phish.example)",
    ],
)
def test_words_that_name_another_site_than_the_link_opens(markdown):
    assert "other_target" in [how for how, _words in found(markdown)]


@pytest.mark.parametrize(
    "markdown",
    [
        "[de site van PeruRail](https://www.perurail.com)",
        "[perurail.com](https://www.perurail.com/tickets)",
        "[www.perurail.com](https://perurail.com)",
        "[belgium.be](https://diplomatie.belgium.be/nl)",
        "[zie hier](https://example.org)",
        "[3.5 uur](https://example.org)",
        "[geen link]",
    ],
)
def test_words_that_agree_with_their_link(markdown):
    assert "other_target" not in [how for how, _words in found(markdown)]


@pytest.mark.parametrize(
    ("number", "expected"), [(0, []), (1, []), (MANY, []), (MANY + 1, [NOTE]), (FLOOD, [NOTE]), (FLOOD + 1, [RISK]), (10_000, [RISK])]
)
def test_number_of_links(number, expected):
    text = Screened("", "https://example.org/a " * number, "nl")
    assert [f.severity for f in links(text) if f.detail == "many"] == expected


def test_links_in_the_title_count_too():
    assert found("", "Zie https://bit.ly/x") == [("shortener", "https://bit.ly/x")]


@pytest.mark.parametrize(
    "text", ["", "geen link", "http://", "https:// niets", "www.", "[](", "[a](b)", "https://[::1", "https://exa mple", "http://xn--/"]
)
def test_what_is_no_link_does_no_harm(text):
    assert [how for how, _words in found(text) if how != "other_target"] == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Example.ORG/x", "example.org"),
        ("www.example.org", "www.example.org"),
        ("https://example.org.:443/", "example.org"),
        ("https://xn--bcher-kva.example", "bücher.example"),
        ("https://[broken", ""),
        ("https://xn--\x80.be", "xn--\x80.be"),
    ],
)
def test_host_of(address, host):
    assert host_of(address) == host


def test_skeleton_makes_look_alikes_equal_and_keeps_the_rest_apart():
    assert skeleton("bеlgіum.be") == skeleton("be1giurn.be") == skeleton("belgium.be")
    assert skeleton("example.org") != skeleton("example.com")
