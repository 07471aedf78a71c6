"""Turns the public FAQ texts of a search test collection (docs.jsonl) into lines for `import_posts`.

    python bench/faq_to_lines.py ../shared/data/search/docs.jsonl > lines.jsonl
    python manage.py import_posts lines.jsonl --source faq --publish --basis "public FAQ texts, see their licences"

`external_id` is the document's id, so that `search_query --batch` can be compared with its judgements.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import shorten
from typing import Any

# A title that we make is two lines on a phone.
LONGEST_MADE_TITLE = 80
TITLE_MAX = 150
BODY_MAX = 20_000


def to_line(document: dict[str, Any]) -> dict[str, Any]:
    """Return the line of one document: a missing title is the text's beginning; a long one is cut at a word and begins the body in full."""
    title = " ".join(str(document["title"]).split())
    body = str(document["text"]).strip() or title
    if not title:
        title = shorten(body, LONGEST_MADE_TITLE, placeholder="…")
    if len(title) > TITLE_MAX:
        body = f"{title}\n\n{body}"
        title = title[: TITLE_MAX - 1].rsplit(" ", 1)[0] + "…"
    return {
        "external_id": document["doc_id"],
        "kind": "tip",
        "language": document["lang"],
        "title": title,
        "body": body[:BODY_MAX],
        "status": "published",
    }


def to_lines(rows: Iterable[str]) -> Iterator[str]:
    """Yield a line of JSON for each line of the collection that is not blank."""
    for row in rows:
        if row.strip():
            yield json.dumps(to_line(json.loads(row)), ensure_ascii=False)


def main(arguments: list[str] | None = None) -> None:
    """Read the file that the command line names, write to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    with parser.parse_args(arguments).documents.open(encoding="utf-8") as stream:
        for line in to_lines(stream):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
