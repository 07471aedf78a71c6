"""Lines of the log: JSON, UTC, and nothing in them that opens a door or names a person."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config.logs import logging_config, stream_of


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Return what a handler with the site's formatter wrote."""
    config = logging_config(level="INFO")
    formatter = config["formatters"]["json"]
    made = structlog.stdlib.ProcessorFormatter(processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"])
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(made)
    loggers = [logging.getLogger(name) for name in ("attack", "django.security.DisallowedHost", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield out
    for logger in loggers:
        logger.removeHandler(handler)


def last(out: io.StringIO) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return line


@pytest.mark.parametrize(
    "text",
    [
        "mail to lieve@example.org failed",
        "Key (email)=(lieve@example.org) already exists.",
        'recipient "lieve+tag@mail.example.org"',
        "<lieve@example.org>",
        "user:lieve@example.org,other@example.org",
        "Lieve@EXAMPLE.ORG",
        "liève@exämple.org",
    ],
)
def test_no_line_holds_an_address(written: io.StringIO, text: str) -> None:
    logging.getLogger("attack").error(text)
    structlog.get_logger("attack").error("sent", to=text, nested={"list": [text]})
    lines = written.getvalue()
    assert lines.count("[e-mail]") >= 3
    assert "example.org" not in lines.casefold()
    assert "exämple" not in lines


def test_no_traceback_holds_an_address(written: io.StringIO) -> None:
    try:
        raise ValueError("UNIQUE failed for lieve@example.org")
    except ValueError:
        logging.getLogger("attack").exception("it broke")
    line = last(written)
    assert "Traceback" in line["exception"]
    assert "lieve" not in line["exception"].replace('lieve@example.org")', "")
    assert "[e-mail]" in line["exception"]


@pytest.mark.parametrize("prefix", ["/fr/compte", "/nl/account", "/de/konto", "/en/account"])
def test_no_line_holds_a_one_time_link(written: io.StringIO, prefix: str) -> None:
    logging.getLogger("django.request").warning("Bad Request: %s", f"{prefix}/enrol/k3yOfTheHouse_-x/")
    assert last(written)["event"] == f"Bad Request: {prefix}/enrol/…/"


def test_what_was_refused_is_one_line_without_our_source(written: io.StringIO) -> None:
    try:
        raise ValueError("evil")
    except ValueError as error:
        logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: 'evil'.", exc_info=error)
    assert "exception" not in last(written)


def test_ordinary_texts_stay_as_they_are(written: io.StringIO) -> None:
    structlog.get_logger("attack").info("task_done", path="/en/topics/7K3Q9D-a-b/", seconds=1.5, at="12:30", ids=("A", 2), none=None)
    line = last(written)
    assert (line["path"], line["seconds"], line["at"], line["ids"], line["none"]) == ("/en/topics/7K3Q9D-a-b/", 1.5, "12:30", ["A", 2], None)
    assert line["timestamp"].endswith("Z")
    assert line["level"] == "info"


@pytest.mark.parametrize(
    ("argv", "stream"),
    [
        (["/usr/bin/granian"], "ext://sys.stdout"),
        (["manage.py", "run_worker"], "ext://sys.stdout"),
        (["manage.py"], "ext://sys.stdout"),
        (["/srv/site/manage.py", "search_query", "x", "--json"], "ext://sys.stderr"),
        (["manage.py", "sign_in_as", "x"], "ext://sys.stderr"),
    ],
)
def test_servers_write_to_standard_output_and_commands_keep_it_free(argv: list[str], stream: str) -> None:
    assert stream_of(argv) == stream
