"""What operators run: search_query, rebuild_index, check_search."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from forum.models import Post, Topic
from forum.services import apply_status
from search.engines import registry
from search.engines.base import EngineUnavailable
from search.services import rebuild
from search.sources import TOPICS, topic_documents
from search.tasks import check_index
from tests.factories import make_post, make_reply
from tests.search.conftest import forget_engines

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out, err = StringIO(), StringIO()
    call_command(*args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def three(fresh_engines):
    """A Dutch tip about Peru, a French one about Bolivia, one that is hidden; built into the index."""
    dutch = make_post(status="published")
    french = make_post(
        status="published",
        title="Le bus de Cusco vers La Paz",
        body="Le bus part à six heures.",
        language="fr",
        countries=["BO", "PE"],
        place="La Paz",
    )
    hidden = make_post(status="hidden", title="De dagbus is weg")
    Post.objects.filter(pk=french.pk).update(source="archive", external_id="fb-17")
    run("rebuild_index")
    return dutch, french, hidden


# -- search_query --------------------------------------------------------------------------------------------------------------


def test_json_is_what_the_contract_says(three):
    dutch, french, _ = three
    out, _err = run("search_query", "Cusco", "--language", "fr", "--json")
    rows = json.loads(out)
    assert {row["id"] for row in rows} == {dutch.topic.public_id, french.topic.public_id}
    row = next(row for row in rows if row["id"] == french.topic.public_id)
    assert list(row) == ["id", "external_id", "entity", "title", "language", "countries", "url", "score"]
    assert row["external_id"] == "fb-17"
    assert row["entity"] == "topic"
    assert row["title"] == "Le bus de Cusco vers La Paz"
    assert row["language"] == "fr"
    assert row["countries"] == ["BO", "PE"]
    assert row["url"].startswith("/fr/")
    assert french.topic.public_id in row["url"]
    assert rows == sorted(rows, key=lambda each: -each["score"])
    other = next(row for row in rows if row["id"] == dutch.topic.public_id)
    assert other["external_id"] is None


def test_country_and_limit_narrow_it(three):
    _, french, _ = three
    rows = json.loads(run("search_query", "bus", "--country", "bo", "--json")[0])
    assert [row["id"] for row in rows] == [french.topic.public_id]
    assert len(json.loads(run("search_query", "bus", "--limit", "1", "--json")[0])) == 1


def test_nothing_found_is_an_empty_list(three):
    assert json.loads(run("search_query", "xylofoonwedstrijd", "--json")[0]) == []


def test_for_people_it_prints_lines(three):
    out, _ = run("search_query", "dagbus", "--language", "nl")
    assert out.startswith("1 found by tantivy\n")
    assert "Met de dagbus van Cusco naar Lima" in out
    assert "is weg" not in out


def test_batch_ranks_by_external_id_or_topic_id(three, tmp_path):
    dutch, _french, _hidden = three
    queries = tmp_path / "queries.jsonl"
    lines = [
        {"query_id": "q1", "text": "La Paz bus", "lang": "fr"},
        {"query_id": 2, "text": "dagbus", "lang": "nl"},
        {"query_id": "q3", "text": "xylofoon", "lang": None},
    ]
    queries.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    out, _ = run("search_query", "--batch", str(queries), "--limit", "50")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["query_id"] for answer in answers] == ["q1", 2, "q3"]
    assert answers[0]["ranking"][0] == "fb-17"
    assert answers[1]["ranking"] == [dutch.topic.public_id]
    assert answers[2]["ranking"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["search_query"], "Say what to search"),
        (["search_query", "bus", "--limit", "0"], "--limit"),
        (["search_query", "bus", "--limit", "1000"], "--limit"),
        (["search_query", "bus", "--language", "it"], "--language"),
        (["search_query", "bus", "--country", "QQ"], "--country"),
        (["search_query", "--batch", "/nowhere/queries.jsonl"], "No such file"),
    ],
)
def test_wrong_options_are_named(arguments, message):
    with pytest.raises(CommandError, match=message):
        run(*arguments)


@pytest.mark.parametrize("line", ["{", "[1]", '{"text": "bus"}', '{"query_id": 1}'])
def test_a_bad_line_of_a_batch_is_named(line, tmp_path, three):
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"query_id": "q1", "text": "bus"}\n' + line)
    with pytest.raises(CommandError, match="line 2"):
        run("search_query", "--batch", str(queries))


# -- rebuild_index -------------------------------------------------------------------------------------------------------------


def test_rebuild_fills_every_engine_and_says_so(three, indexed):
    dutch, french, _ = three
    out, err = run("rebuild_index")
    assert [line.split()[1:3] for line in out.splitlines()] == [["engine=database", "documents=2"], ["engine=tantivy", "documents=2"]]
    assert "tantivy: 2 documents (topic)" in err
    assert set(indexed()) == {f"topic-{dutch.topic_id}", f"topic-{french.topic_id}"}


def test_rebuild_removes_what_is_no_longer_searchable(three, indexed):
    dutch, french, _ = three
    apply_status(post=dutch, status="hidden")
    run("rebuild_index", verbosity=0)
    # Its job is still queued: the comparison leaves it to that job.
    assert len(indexed()) == 2
    DBTaskResult.objects.all().delete()
    run("rebuild_index", verbosity=0)
    assert set(indexed()) == {f"topic-{french.topic_id}"}


def test_rebuild_from_scratch_makes_a_new_index(three, indexed):
    for engine in registry.all_engines():
        engine.delete([(key, 99) for key, _ in list(engine.ids_with_revisions())])
    assert indexed() == {}
    run("rebuild_index", verbosity=0)
    assert indexed() == {}  # the deletions claim to be newer
    run("rebuild_index", "--from-scratch", verbosity=0)
    assert len(indexed()) == 2


def test_a_new_epoch_builds_beside_and_removes_the_old_one(three, settings, fresh_engines):
    old = fresh_engines.path
    settings.SEARCH_EPOCH = "2"
    forget_engines()
    new = registry.main_engine()
    assert not new.ready()
    assert old.is_dir()
    run("rebuild_index", verbosity=0)
    assert new.ready()
    assert not old.exists()
    assert new.path != old


def test_rebuild_reads_and_writes_a_few_rows_at_a_time(fresh_engines, monkeypatch, django_assert_num_queries):
    for _ in range(7):
        make_post(status="published")
    forget_jobs()
    monkeypatch.setattr("search.services.syncing.READ_AT_ONCE", 2)
    monkeypatch.setattr("search.services.comparing.WRITE_AT_ONCE", 3)
    writes, held = [], []
    write, read = fresh_engines.index, TOPICS.documents

    def counted_read(pks):
        held.append(len(pks))
        return read(pks)

    def counted_write(documents):
        # Nothing beyond the rows of this slice was read when it is written.
        listed = list(documents)
        writes.append((len(listed), sum(held)))
        return write(listed)

    monkeypatch.setattr(fresh_engines, "index", counted_write)
    source = replace(TOPICS, documents=counted_read)
    monkeypatch.setattr("search.services.syncing.SEARCH_SOURCES", [source])
    assert rebuild(fresh_engines) == 7
    assert writes == [(3, 4), (3, 6), (1, 7)]
    assert max(held) == 2


def test_building_documents_costs_two_queries_however_many(django_assert_num_queries):
    topics = [make_post(status="published").topic for _ in range(4)]
    make_reply(topic=topics[0], status="published")
    with django_assert_num_queries(2):
        assert len(topic_documents([topic.pk for topic in topics])) == 4


def test_rebuild_says_when_the_engine_is_down(fresh_engines, monkeypatch):
    def refuse():
        raise EngineUnavailable("no server")

    monkeypatch.setattr(fresh_engines, "prepare", refuse)
    with pytest.raises(CommandError, match="tantivy: no server"):
        run("rebuild_index", verbosity=0)


# -- check_search --------------------------------------------------------------------------------------------------------------


def forget_jobs():
    DBTaskResult.objects.all().delete()


def test_no_drift_is_one_line_and_no_exit_code(three):
    forget_jobs()
    out, _ = run("check_search")
    assert out == "check_search documents=2 drift=0 healed=0 waiting=0 database=2 tantivy=2\n"


def test_each_kind_of_drift_is_found_and_healed(three, fresh_engines, indexed):
    dutch, french, hidden = three
    forget_jobs()
    [document] = topic_documents([dutch.topic_id])
    fresh_engines.delete([(f"topic-{dutch.topic_id}", None)])
    Topic.objects.filter(pk=french.topic_id).update(revision=40)
    surplus = type(document)(
        **{**document.as_json(), "pk": hidden.topic_id, "revision": 1, "countries": (), "needs": (), "tags": (), "translations": ()}
    )
    for engine in registry.all_engines():
        engine.delete([(f"topic-{hidden.topic_id}", None)])
        engine.index([surplus])
    with pytest.raises(SystemExit) as stop:
        run("check_search")
    assert stop.value.code == 1
    out, _ = run("check_search", "--heal")
    lines = out.splitlines()
    assert f"tantivy: topic {dutch.topic_id} missing" in lines
    assert f"tantivy: topic {french.topic_id} outdated" in lines
    assert f"database: topic {hidden.topic_id} surplus" in lines
    assert lines[-1] == "check_search documents=2 drift=0 healed=5 waiting=0 database=2 tantivy=2"
    assert indexed() == {f"topic-{dutch.topic_id}": document.revision, f"topic-{french.topic_id}": 40}
    assert run("check_search")[0].endswith("drift=0 healed=0 waiting=0 database=2 tantivy=2\n")


def test_a_queued_job_is_no_drift(three):
    forget_jobs()
    apply_status(post=three[0], status="hidden")
    out, _ = run("check_search")
    assert out == "check_search documents=1 drift=0 healed=0 waiting=2 database=2 tantivy=2\n"


def test_an_index_from_the_future_is_drift_that_stays(three, fresh_engines):
    forget_jobs()
    [document] = topic_documents([three[0].topic_id])
    values = document.as_json() | {"revision": 900, "countries": (), "needs": (), "tags": (), "translations": ()}
    fresh_engines.index([type(document)(**values)])
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("check_search", "--heal", stdout=out)
    assert stop.value.code == 1
    assert out.getvalue().splitlines()[-1] == "check_search documents=2 drift=1 healed=0 waiting=0 database=2 tantivy=2"


def test_a_missing_index_is_an_error(settings, tmp_path, fresh_engines):
    settings.SEARCH_DIR = tmp_path / "nothing"
    forget_engines()
    with pytest.raises(CommandError, match="tantivy"):
        run("check_search")


def test_the_nightly_sweep_heals(three, fresh_engines, indexed):
    forget_jobs()
    fresh_engines.delete([(f"topic-{three[0].topic_id}", None)])
    assert check_index() == 1
    assert check_index() == 0
    assert len(indexed()) == 2
