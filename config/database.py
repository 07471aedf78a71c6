"""The database: SQLite tuned for several writers by default, PostgreSQL with psycopg's pool when DATABASE_URL says so."""

from typing import Any

from config.environment import DATA_DIR, env

# IMMEDIATE takes the write lock at BEGIN, so that two writers wait instead of failing half way; measured in PERFORMANCE.md.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;",
}


def database() -> dict[str, Any]:
    """Return Django's settings of the default database."""
    config: dict[str, Any] = dict(env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
        config["CONN_MAX_AGE"] = None
    else:
        # A pool keeps connections itself: persistent connections on top of it are refused by Django.
        config["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 10}}
        config["CONN_MAX_AGE"] = 0
    return config
