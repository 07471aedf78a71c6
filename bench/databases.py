"""Databases for benchmarks, one for each size: SQLite in `$DATA_DIR/bench-N`, or on the server of DATABASE_URL one whose name ends in `_bench_N`."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

ROOT = Path(os.environ.get("DATA_DIR", "var")).resolve()


def _own_database(url: str, posts: int) -> str:
    """Return the address of the database for this size on the same server; made on first use."""
    parts = urlsplit(url)
    name = f"{parts.path.strip('/')}_bench_{posts}"
    with psycopg.connect(re.sub(r"^\w+:", "postgresql:", url), autocommit=True) as link:
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(parts._replace(path=f"/{name}"))


def environment(posts: int) -> dict[str, str]:
    """Return the settings of a site on the database for `posts` posts. The search is the embedded one: it needs no server and is kept too."""
    folder = ROOT / f"bench-{posts}"
    settings = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING", "DEMO": "0", "ELASTICSEARCH_URL": ""}
    if url := os.environ.get("DATABASE_URL"):
        settings["DATABASE_URL"] = _own_database(url, posts)
        settings["DATA_DIR"] = str(folder.with_name(f"{folder.name}-postgresql"))
    return settings | {"SECRET_KEY": os.environ.get("SECRET_KEY", "bench-" + "x" * 64)}


def use(posts: int, **others: str) -> None:
    """Let Django use that database in this process, `others` among its settings. Called before anything that needs the apps is imported."""
    os.environ |= environment(posts) | others
    Path(os.environ["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    django.setup()


def use_for_engines() -> None:
    """Let Django use a database without posts, for the simple engine, beside the server of ELASTICSEARCH_URL, if there is one."""
    use(0, ELASTICSEARCH_URL=os.environ.get("ELASTICSEARCH_URL", ""))
