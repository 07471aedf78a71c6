"""`search_query`: what the search page finds, in its order, for an operator and for measurements (CONTRACT.md, Commands)."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.enums import Language
from countries import directory
from search.documents import WINDOW, Filters, SearchQuery, plain
from search.services import Answer, Result, find


class Command(BaseCommand):
    help = "Search as the search page does. With --json or --batch the answer is JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="?", default="")
        parser.add_argument("--language", default="", help="The reader's language: fr, nl, de or en.")
        parser.add_argument("--country", action="append", default=[], help="ISO code; may be given several times.")
        parser.add_argument("--limit", type=int, default=10, help=f"At most {WINDOW}.")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--batch", help='JSON Lines {"query_id", "text", "lang"}; "-" reads standard input.')

    def handle(self, *args: Any, **options: Any) -> None:
        self.language = _language(options["language"])
        self.countries = tuple(_country(code) for code in options["country"])
        self.limit = options["limit"]
        if not 1 <= self.limit <= WINDOW:
            raise CommandError(f"--limit must be between 1 and {WINDOW}.")
        if options["batch"]:
            self._batch(options["batch"])
            return
        if not options["words"].strip():
            raise CommandError("Say what to search, or give --batch FILE.")
        answer = self._find(options["words"], self.language)
        if options["as_json"]:
            rows = [self._row(result) for result in answer.results]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self._print(answer)

    def _find(self, text: str, language: str) -> Answer:
        query = SearchQuery(text, language, filters=Filters(countries=self.countries), limit=self.limit, with_facets=False)
        return find(query, now=timezone.now())

    def _row(self, result: Result) -> dict[str, Any]:
        document = result.document
        return {
            "id": document.public_id,
            "external_id": document.external_id or None,
            "entity": document.entity,
            "title": plain(result.title),
            "language": result.language,
            "countries": list(document.countries),
            "url": result.address(self.language),
            "score": round(result.score, 4),
        }

    def _print(self, answer: Answer) -> None:
        note = " (simple engine)" if answer.page.is_degraded else ""
        self.stdout.write(f"{answer.total} found by {answer.page.engine}{note}")
        for number, result in enumerate(answer.results, 1):
            row = self._row(result)
            where = ",".join(row["countries"]) or "-"
            self.stdout.write(f"{number:3} {row['score']:.3f} {row['language']:4} {where:8} {row['title']}  {row['url']}")

    def _batch(self, path: str) -> None:
        """One line out for each line in, as it goes, so that a large file needs no memory."""
        for number, line in _lines(path):
            query = _parsed(line, number)
            language = query.get("lang") or self.language
            answer = self._find(str(query["text"]), str(language)[:2])
            ranking = [result.document.external_id or result.document.public_id for result in answer.results]
            self.stdout.write(json.dumps({"query_id": query["query_id"], "ranking": ranking}, ensure_ascii=False))


def _language(code: str) -> str:
    if code and code not in Language.values:
        raise CommandError(f"--language is {code!r}; it can be {', '.join(Language.values)}.")
    return code or Language.FR.value


def _country(code: str) -> str:
    if not directory.known(code.upper()):
        raise CommandError(f"--country is {code!r}, which is no ISO code that the directory knows.")
    return code.upper()


def _lines(path: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that hold something. Raises CommandError when the file can't be read."""
    try:
        stream: TextIO = sys.stdin if path == "-" else open(path, encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    try:
        yield from ((number, line) for number, line in enumerate(stream, 1) if line.strip())
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8.") from error
    finally:
        if stream is not sys.stdin:
            stream.close()


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        query = json.loads(line)
    except ValueError as error:
        raise CommandError(f"line {number}: not JSON") from error
    if not isinstance(query, dict) or not {"query_id", "text"} <= query.keys():
        raise CommandError(f"line {number}: query_id and text are needed")
    return query
