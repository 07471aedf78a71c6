"""The embedded engine with several processes, several versions and a damaged directory."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from search.documents import SearchQuery
from search.engines import tantivy as module
from search.engines.base import EngineUnavailable
from search.engines.tantivy import TantivyEngine
from tests.search.engines.conftest import NOW, ids, make_document

ROOT = Path(__file__).resolve().parents[3]


def built(folder: Path, *documents, **options) -> TantivyEngine:
    engine = TantivyEngine(folder, **options)
    engine.prepare()
    engine.index(documents)
    engine.activate()
    return engine


def found(engine, text="vlucht"):
    return ids(engine.search(SearchQuery(text, "nl"), now=NOW))


WRITE_ONE = """
import sys
from pathlib import Path
from search.documents import SearchDocument
from search.engines.tantivy import TantivyEngine

pk = int(sys.argv[2])
TantivyEngine(Path(sys.argv[1])).index([SearchDocument("topic", pk, f"T{pk}", 1, "Vlucht", "Lima", "nl")])
"""


def test_another_process_sees_a_change_at_the_next_search(tmp_path):
    writer = built(tmp_path, make_document(1))
    reader = TantivyEngine(tmp_path)
    assert found(reader) == [1]
    writer.index([make_document(2)])
    assert sorted(found(reader)) == [1, 2]
    writer.delete([("topic-1", 2)])
    assert found(reader) == [2]


def test_writers_of_several_processes_take_turns(tmp_path):
    engine = built(tmp_path)
    processes = [subprocess.Popen([sys.executable, "-c", WRITE_ONE, str(tmp_path), str(pk)], cwd=ROOT) for pk in (1, 2, 3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert dict(engine.ids_with_revisions()) == {"topic-1": 1, "topic-2": 1, "topic-3": 1}


def test_threads_read_while_one_writes(tmp_path):
    engine = built(tmp_path, make_document(1))
    errors: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(30):
                assert 1 in found(engine)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for pk in range(2, 8):
        engine.index([make_document(pk)])
    for thread in threads:
        thread.join()
    assert errors == []


def test_lock_held_too_long_is_an_engine_that_is_down(tmp_path, monkeypatch):
    engine = built(tmp_path)
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.05)
    with engine._lock(), pytest.raises(EngineUnavailable, match="another process"):
        TantivyEngine(tmp_path).index([make_document(1)])
    assert dict(engine.ids_with_revisions()) == {}


def test_failed_batch_writes_nothing(tmp_path):
    engine = built(tmp_path, make_document(1))

    def broken():
        yield make_document(2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.index(broken())
    assert dict(engine.ids_with_revisions()) == {"topic-1": 1}
    engine.index([make_document(3)])
    assert sorted(found(engine)) == [1, 3]


def test_index_name_changes_with_the_epoch_and_activation_removes_the_old_one(tmp_path):
    old = built(tmp_path, make_document(1))
    new = TantivyEngine(tmp_path, epoch="2")
    assert new.path != old.path
    assert not new.ready()
    new.prepare()
    assert not new.ready()
    assert found(old) == [1]
    new.activate()
    assert new.ready()
    assert not old.path.exists()
    assert found(new) == []


@pytest.mark.parametrize("damage", ["removed", "no meta", "broken meta", "not active"])
def test_damaged_index_is_an_engine_that_is_down(tmp_path, damage):
    path = built(tmp_path, make_document(1)).path
    if damage == "removed":
        shutil.rmtree(path)
    elif damage == "no meta":
        (path / "meta.json").unlink()
    elif damage == "broken meta":
        (path / "meta.json").write_text("{")
    else:
        (path / "activated").unlink()
    with pytest.raises(EngineUnavailable):
        found(TantivyEngine(tmp_path))


def test_running_reader_notices_that_the_index_was_removed(tmp_path):
    engine = built(tmp_path, make_document(1))
    assert found(engine) == [1]
    shutil.rmtree(engine.path)
    with pytest.raises(EngineUnavailable):
        found(engine)
    assert found(built(tmp_path, make_document(2))) == [2]


def test_tombstone_holds_no_text(tmp_path):
    engine = built(tmp_path, make_document(1, title="geheim", body="zeer geheim"))
    engine.delete([("topic-1", 2)])
    searcher = engine._open().searcher()
    assert searcher.doc_freq("title_nl", "geheim") in {0, 1}
    assert found(engine, "geheim") == []
    kept = [searcher.doc(address).to_dict() for _, address in searcher.search(module.Query.all_query(), limit=10).hits]
    assert kept == [{"key": ["topic-1"], "revision": [2]}]
