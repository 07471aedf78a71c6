"""What one visitor sends never shows in the page that the anonymous cache gives the next."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from pages.middleware.anonymous_cache import shelf
from tests.factories import UserFactory, make_post

pytestmark = pytest.mark.django_db

MARK = "zebrapad"
PAGES = ["/en/", "/fr/pays/perou/", "/en/topics/", "/de/suche/?q=visum"]
POISON: list[dict[str, str]] = [
    {"accept-language": f"de,{MARK}"},
    {"x-forwarded-host": f"{MARK}.example"},
    {"x-forwarded-proto": "https", "x-forwarded-for": MARK},
    {"x-original-url": f"/{MARK}", "x-rewrite-url": f"/{MARK}"},
    {"cookie": f"csrftoken={MARK}; language=de; {MARK}=1"},
    {"user-agent": MARK, "referer": f"https://{MARK}.example/"},
    {"accept": f"text/html;{MARK}=1", "accept-encoding": f"{MARK}, gzip"},
    {"hx-request": "true", "x-requested-with": MARK},
]


@pytest.fixture(autouse=True)
def _empty_shelf() -> Iterator[None]:
    shelf.clear()
    yield
    shelf.clear()


def join(path: str, more: str) -> str:
    return path + ("&" if "?" in path else "?") + more


@pytest.mark.parametrize("headers", POISON, ids=lambda headers: next(iter(headers)))
@pytest.mark.parametrize("path", PAGES)
def test_headers_of_the_first_leave_no_trace_for_the_second(path: str, headers: dict[str, str]) -> None:
    clean = Client().get(path).content
    shelf.clear()
    poisoned = Client().get(path, headers=headers)
    second = Client().get(path)
    assert poisoned.status_code == second.status_code == 200
    assert MARK not in second.content.decode()
    assert second.content == clean
    assert not second.cookies


@pytest.mark.parametrize("more", [f"utm={MARK}", f"{MARK}", f"page=&{MARK}=%3Cscript%3E", f"Q={MARK}", f"next={MARK}"])
@pytest.mark.parametrize("path", PAGES)
def test_parameters_that_a_page_does_not_know_are_not_kept(path: str, more: str) -> None:
    kept = len(shelf)
    assert Client().get(join(path, more)).status_code in {200, 400}
    assert len(shelf) == kept
    assert MARK not in Client().get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_question_without_a_body_is_not_kept_as_the_page(path: str) -> None:
    assert Client().head(path).status_code == 200
    assert len(Client().get(path).content) > 1_000


@pytest.mark.parametrize("path", PAGES)
def test_what_a_member_or_a_program_gets_is_not_given_to_a_visitor(path: str, signed_in: Callable[..., Client]) -> None:
    make_post(status="published")
    member = signed_in(UserFactory(pseudonym="Zebrapad", pseudonym_key="zebrapad"))
    assert member.get(path).status_code == 200
    assert len(shelf) == 0
    Client().get(path, headers={"accept": "application/json"})
    second = Client().get(path)
    assert second.headers["Content-Type"].startswith("text/html")
    assert "Zebrapad" not in second.content.decode()


def test_an_error_is_never_kept() -> None:
    for path in ("/en/nothing/", "/en/topics/?country=ZZ", "/en/search/?q=%ff", "/en/account/", "/"):
        Client().get(path)
    assert len(shelf) == 0


def test_one_host_does_not_fill_the_page_of_another() -> None:
    first = Client().get("/en/", headers={"host": "127.0.0.1"})
    second = Client().get("/en/")
    assert first.status_code == second.status_code == 200
    assert "127.0.0.1" not in second.content.decode()
