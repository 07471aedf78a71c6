"""Logs: one JSON object a line on standard output, in UTC, without secrets or e-mail addresses."""

import re
import sys
from collections.abc import MutableMapping, Sequence
from typing import Any

import structlog

EMAIL = re.compile(r"[^\s\"'<>()\[\]{},;:=@/]+@[^\s\"'<>()\[\]{},;:=@/]+")
# What an address of ours ends in when it is a key: whoever reads the log could go in with it.
SECRET_PATH = re.compile(r"(/enrol/)[^/\s\"'?#]+")
# Anybody can send a wrong Host header: one line each, not a page of our source.
REFUSED = "django.security."


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take e-mail addresses and one-time links out of every text of a line, traceback included; drop the traceback of what was refused."""
    if str(event.get("logger", "")).startswith(REFUSED):
        event.pop("exception", None)
    for name, value in event.items():
        event[name] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return SECRET_PATH.sub(r"\1…", EMAIL.sub("[e-mail]", value))
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_clean(inner) for inner in value]
    return value


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def stream_of(argv: Sequence[str]) -> str:
    """Return where lines go: standard output for servers and the worker; standard error for commands, whose output others read."""
    is_command = len(argv) > 1 and argv[0].endswith("manage.py") and argv[1] != "run_worker"
    return "ext://sys.stderr" if is_command else "ext://sys.stdout"


def logging_config(*, level: str) -> dict[str, Any]:
    """Return Django's LOGGING dictionary; `level` is a name such as INFO."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_secrets,
                    structlog.processors.JSONRenderer(default=lambda value: _clean(repr(value))),
                ],
                "foreign_pre_chain": PROCESSORS,
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": stream_of(sys.argv), "formatter": "json"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            # One line for each request to the search server would drown the rest.
            "elastic_transport": {"level": "WARNING"},
            "django.server": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
        },
    }
