"""Each size has a database of its own, never that of the site."""

from pathlib import Path

import pytest

from bench import databases


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.mark.parametrize("posts", [1_000, 1_000_000])
def test_sqlite_lies_in_a_folder_of_its_size(folder: Path, posts: int) -> None:
    settings = databases.environment(posts)
    assert settings["DATA_DIR"] == str(folder / f"bench-{posts}")
    assert "DATABASE_URL" not in settings
    assert settings["ELASTICSEARCH_URL"] == ""


def test_on_a_server_it_is_a_database_of_its_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Link:
        def __enter__(self) -> "Link":
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def execute(self, statement: object, parameters: object = None) -> "Link":
            asked.append((statement if isinstance(statement, str) else statement.as_string(), parameters))  # type: ignore[attr-defined]
            return self

        def fetchone(self) -> None:
            return None

    addresses = []
    monkeypatch.setattr(databases.psycopg, "connect", lambda address, **_: addresses.append(address) or Link())
    monkeypatch.setenv("DATABASE_URL", "postgres://site:secret@db:5432/site")
    settings = databases.environment(2_000)
    assert addresses == ["postgresql://site:secret@db:5432/site"]
    assert settings["DATABASE_URL"] == "postgres://site:secret@db:5432/site_bench_2000"
    assert settings["DATA_DIR"] == str(folder / "bench-2000-postgresql")
    assert asked == [("SELECT 1 FROM pg_database WHERE datname = %s", ["site_bench_2000"]), ('CREATE DATABASE "site_bench_2000"', None)]


def test_an_existing_database_is_used_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Link:
        def __enter__(self) -> "Link":
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def execute(self, statement: object, parameters: object = None) -> "Link":
            assert str(statement).startswith("SELECT")
            return self

        def fetchone(self) -> tuple[int]:
            return (1,)

    monkeypatch.setattr(databases.psycopg, "connect", lambda *_, **__: Link())
    monkeypatch.setenv("DATABASE_URL", "postgres://site:secret@db:5432/site")
    assert databases.environment(5)["DATABASE_URL"].endswith("/site_bench_5")


def test_a_given_secret_is_kept_and_a_missing_one_is_long_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert databases.environment(5)["SECRET_KEY"] == "given"
    monkeypatch.delenv("SECRET_KEY")
    assert len(databases.environment(5)["SECRET_KEY"]) >= 50


def test_engines_have_a_database_without_posts_and_keep_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases.os, "environ", {"ELASTICSEARCH_URL": "http://search:9200"})
    started = []
    monkeypatch.setattr(databases.django, "setup", lambda: started.append(True))
    databases.use_for_engines()
    assert databases.os.environ["ELASTICSEARCH_URL"] == "http://search:9200"
    assert databases.os.environ["DATA_DIR"] == str(folder / "bench-0")
    assert (folder / "bench-0").is_dir()
    assert started == [True]
