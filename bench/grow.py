"""Fills a database of its own with N consistent posts in bulk, and says how fast and in how much memory.

make bench-grow N=100000          kept in $DATA_DIR/bench-N and used again by the next call
N=2000 python -m bench.grow       DATABASE_URL names a PostgreSQL server: then in a database of its own there
"""

import os
import resource
import time

from bench.databases import use

POSTS = int(os.environ.get("N", "100000"))
if __name__ == "__main__":
    use(POSTS)

from django.core.management import call_command  # noqa: E402

from bench.filling import NotEmpty, fill_once  # noqa: E402
from search.engines.registry import main_engine  # noqa: E402


def grow(posts: int) -> str:
    """Make the database and its search index unless they are there; returns the line to print."""
    for command in ("migrate", "createcachetable", "load_reference", "ensure_site", "collectstatic"):
        call_command(command, verbosity=0, **({"interactive": False} if command == "collectstatic" else {}))
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = fill_once(posts)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024
    began = time.perf_counter()
    indexed = index_once()
    return f"{line}, {more:.0f} MB more at most; index {f'in {time.perf_counter() - began:.0f} s' if indexed else 'kept'}"


def index_once() -> bool:
    """Build the search index unless it is there; says whether it was built."""
    if main_engine().ready():
        return False
    call_command("rebuild_index", verbosity=0)
    return True


def main() -> None:
    """Grow, and print what it took."""
    try:
        print(grow(POSTS))
    except NotEmpty as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
