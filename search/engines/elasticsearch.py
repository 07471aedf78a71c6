"""The engine of production: an Elasticsearch server (8.19 or 9), by the official client.

One index per mapping, `<prefix>-<hash>`; the alias `<prefix>-write` says where tasks write, `<prefix>-read` what readers search. A deploy that
changes the mapping builds the new index beside the old one, then moves the second alias. Only features that the server has without
optional modules are used, the language filters apart.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import A, Q, Search
from elasticsearch.helpers import scan, streaming_bulk

from search.analysis import is_indexed_language
from search.documents import WINDOW, Candidate, SearchDocument, SearchQuery
from search.engines.base import Engine, EngineUnavailable, Found, NoUsableIndex, field_names, index_hash, is_official
from search.engines.elasticsearch_mapping import analysis_settings, index_body, mapping
from search.engines.elasticsearch_query import filter_queries, near_queries, words_query
from search.engines.facets import facet_counts, facet_request
from search.plan import FOLDED, QueryPlan
from search.thesaurus import Thesaurus

KEYWORDS = ("entity", "public_id", "external_id", "language", "countries", "needs", "kind", "tags", "visibility")
NUMBERS = ("revision", "published_at", "check_from", "stale_from", "gone_at", "confirmed_count", "disputed_count")
RANKED_BY = ("published_at", "check_from", "stale_from", "gone_at", "confirmed_count", "disputed_count", "is_official", "is_answered")
SEARCH_SECONDS = 2.0
WRITE_SECONDS = 30.0
_OLDER, _MISSING, _UNFIT = 409, 404, 400
_NO_INDEX = "index_not_found_exception"


def to_source(document: SearchDocument) -> dict[str, Any]:
    """A prepared document in the form of the mapping."""
    source: dict[str, Any] = {name: getattr(document, name) for name in (*KEYWORDS, *NUMBERS)}
    source |= {"is_official": is_official(document), "is_answered": document.is_answered, "document": document.as_json()}
    common: dict[str, list[str]] = dict(zip(field_names(FOLDED), ([], []), strict=True))
    for language, *texts in document.texts():
        for name, folded, text in zip(field_names(language), field_names(FOLDED), texts, strict=True):
            common[folded].append(text)
            if is_indexed_language(language):
                source[name] = text
    return source | common


@contextmanager
def _available() -> Iterator[None]:
    """Every failure of the server or the way to it becomes EngineUnavailable; an index that is not there NoUsableIndex."""
    try:
        yield
    except NotFoundError as error:
        raise NoUsableIndex(f"Elasticsearch: {error}") from error
    except (ApiError, TransportError) as error:
        raise EngineUnavailable(f"Elasticsearch: {error}") from error


class ElasticsearchEngine(Engine):
    """`url` of the server, `prefix` of all index names of this installation, `epoch` raised by a restore of the database."""

    name = "elasticsearch"

    def __init__(self, url: str, *, prefix: str, epoch: str = "1", replicas: int = 0, thesaurus: Thesaurus | None = None) -> None:
        super().__init__(thesaurus=thesaurus)
        self.client = Elasticsearch(url, request_timeout=SEARCH_SECONDS, max_retries=0)
        self.writing = self.client.options(request_timeout=WRITE_SECONDS, max_retries=2, retry_on_timeout=True)
        self.prefix = prefix
        self.replicas = replicas
        self.index_name = f"{prefix}-{index_hash([mapping(), analysis_settings()], epoch)}"
        self.read_alias = f"{prefix}-read"
        self.write_alias = f"{prefix}-write"

    # -- life of the index ------------------------------------------------------------------------------------------------

    def _own_indices(self) -> list[str]:
        """Every index of this installation; never one of another whose prefix begins alike."""
        pattern = re.compile(rf"{re.escape(self.prefix)}-[0-9a-f]{{10}}")
        found = self.writing.indices.get(index=f"{self.prefix}-*", allow_no_indices=True, features=["aliases"])
        return [name for name in found if pattern.fullmatch(name)]

    def _behind(self, alias: str) -> list[str]:
        if not self.writing.indices.exists_alias(name=alias):
            return []
        return list(self.writing.indices.get_alias(name=alias))

    def ready(self) -> bool:
        try:
            return bool(self.client.indices.exists_alias(index=self.index_name, name=self.read_alias))
        except (ApiError, TransportError):
            return False

    def prepare(self) -> None:
        with _available():
            if not self.writing.indices.exists(index=self.index_name):
                self.writing.indices.create(index=self.index_name, **index_body(replicas=self.replicas))
            self._point(self.write_alias)

    def activate(self) -> None:
        with _available():
            self._point(self.read_alias)
            for name in self._own_indices():
                if name != self.index_name:
                    self.writing.indices.delete(index=name, ignore_unavailable=True)

    def _point(self, alias: str) -> None:
        actions: list[dict[str, Any]] = [{"remove": {"index": name, "alias": alias}} for name in self._behind(alias) if name != self.index_name]
        self.writing.indices.update_aliases(actions=[*actions, {"add": {"index": self.index_name, "alias": alias}}])

    def drop(self) -> None:
        with _available():
            for name in self._own_indices():
                self.writing.indices.delete(index=name, ignore_unavailable=True)

    # -- writing ------------------------------------------------------------------------------------------------------------

    def _bulk(self, actions: Iterable[dict[str, Any]], allowed: frozenset[int], *, alias: bool) -> Iterator[tuple[bool, str, int]]:
        """(done, key, status) of each action. Raises EngineUnavailable for a status that is not `allowed`.

        `alias`: they go to an alias. Where it is missing the server would make an index of that name, with a mapping of its own.
        """
        for done, answer in streaming_bulk(self.writing, actions, raise_on_error=False, require_alias=alias):
            result = next(iter(answer.values()))
            if not done and result.get("error", {}).get("type") == _NO_INDEX:
                raise NoUsableIndex(f"Elasticsearch: there is no index behind {result.get('_index')}")
            if not done and result.get("status") not in allowed:
                raise EngineUnavailable(f"Elasticsearch refused {result.get('_id')}: {result.get('error')}")
            yield done, result["_id"], result["status"]

    def _action(self, kind: str, index: str, key: str, revision: int | None, source: dict[str, Any] | None = None) -> dict[str, Any]:
        action: dict[str, Any] = {"_op_type": kind, "_index": index, "_id": key}
        if revision is not None:
            action |= {"version": revision, "version_type": "external_gte"}
        return action | ({"_source": source} if source is not None else {})

    def _older_indices(self) -> list[str]:
        """What readers still search while a new index is being built."""
        return [name for name in self._behind(self.read_alias) if name != self.index_name]

    def index(self, documents: Iterable[SearchDocument]) -> int:
        with _available():
            older = self._older_indices()
            prepared: Iterable[SearchDocument] = (document.prepared() for document in documents)
            if older:
                prepared = list(prepared)
            actions = (self._action("index", self.write_alias, each.key, each.revision, to_source(each)) for each in prepared)
            written = sum(done for done, _, _ in self._bulk(actions, frozenset({_OLDER}), alias=True))
            for name in older:
                self._index_in_older(name, prepared)
            return written

    def _index_in_older(self, name: str, documents: Iterable[SearchDocument]) -> None:
        """A document that the older mapping can't hold is deleted there: rather missing for minutes than with a text that is no longer public."""
        revisions = {each.key: each.revision for each in documents}
        actions = (self._action("index", name, each.key, each.revision, to_source(each)) for each in documents)
        unfit = [key for _, key, status in self._bulk(actions, frozenset({_OLDER, _UNFIT}), alias=False) if status == _UNFIT]
        deletions = (self._action("delete", name, key, revisions[key]) for key in unfit)
        for _ in self._bulk(deletions, frozenset({_OLDER, _MISSING}), alias=False):
            pass

    def delete(self, keys: Iterable[tuple[str, int | None]]) -> None:
        wanted = list(keys)
        with _available():
            if not self._behind(self.write_alias):  # a deletion with a version makes a missing index, `require_alias` or not
                raise NoUsableIndex(f"Elasticsearch: there is no index behind {self.write_alias}")
            for name in (self.write_alias, *self._older_indices()):
                actions = (self._action("delete", name, key, revision) for key, revision in wanted)
                for _ in self._bulk(actions, frozenset({_OLDER, _MISSING}), alias=name == self.write_alias):
                    pass

    def refresh(self) -> None:
        with _available():
            self.writing.indices.refresh(index=f"{self.write_alias},{self.read_alias}", ignore_unavailable=True)

    def ids_with_revisions(self) -> Iterator[tuple[str, int]]:
        with _available():
            for hit in scan(self.writing, index=self.write_alias, query={"_source": False, "docvalue_fields": ["revision"]}, size=2000):
                yield hit["_id"], int(hit["fields"]["revision"][0])

    # -- searching ----------------------------------------------------------------------------------------------------------

    def find(self, plan: QueryPlan, query: SearchQuery, now: datetime) -> Found:
        search = Search(using=self.client, index=self.read_alias).extra(size=WINDOW, track_total_hits=True)
        search = search.source(False).extra(docvalue_fields=list(RANKED_BY))
        conditions = filter_queries(query.filters, now)
        search = search.query(Q("bool", filter=conditions, must=[words_query(plan)] if plan.clauses else [], should=near_queries(plan)))
        if not plan.clauses:
            search = search.sort("-published_at")
        if query.with_facets:
            for name, request in facet_request(now).items():
                search.aggs.bucket(name, A(request))
        with _available():
            answer = search.execute().to_dict()
        candidates = [_candidate(hit) for hit in answer["hits"]["hits"]]
        return Found(candidates, int(answer["hits"]["total"]["value"]), lambda: facet_counts(answer["aggregations"]))

    def fetch(self, candidates: Sequence[Candidate]) -> list[SearchDocument | None]:
        if not candidates:
            return []
        with _available():
            found = self.client.mget(index=self.read_alias, ids=[candidate.address for candidate in candidates])["docs"]
        return [SearchDocument.from_json(each["_source"]["document"]) if each.get("found") else None for each in found]


def _candidate(hit: dict[str, Any]) -> Candidate:
    values = {name: found[0] for name, found in hit.get("fields", {}).items()}
    return Candidate(address=hit["_id"], relevance=float(hit["_score"] or 0), identity=hit["_id"], **values)
