"""`prepare_run` brings an installation to this release, does nothing twice, and a search engine that is away stops nothing."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pages.management.commands import prepare_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[str]:
    """Write down which commands would run; static files are two small ones of the test's own."""
    names: list[str] = []
    monkeypatch.setattr(prepare_run, "quietly", lambda name, **options: names.append(name))
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "static", [tmp_path / "source"]
    for folder in (tmp_path / "static", tmp_path / "source"):
        folder.mkdir()
    (tmp_path / "source" / "a.css").write_text("a")
    return names


def prepare() -> str:
    out = io.StringIO()
    call_command("prepare_run", stdout=out, stderr=out)
    return out.getvalue()


def test_first_start_does_everything_in_order(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare_run, "main_engine", type("Engine", (), {"ready": lambda self: False}))
    prepare()
    assert called == ["load_reference", "collectstatic", "ensure_site", "rebuild_index"]


def test_demonstration_is_loaded_when_asked_for(called: list[str], settings: Any) -> None:
    settings.DEMO = True
    prepare()
    assert called.index("load_reference") < called.index("load_demo") < called.index("ensure_site")


def test_static_files_are_collected_again_only_when_they_changed(called: list[str], tmp_path: Path) -> None:
    for content, times in (("a", 1), ("a", 1), ("b", 2)):
        (tmp_path / "source" / "a.css").write_text(content)
        prepare()
        assert called.count("collectstatic") == times


def test_index_that_drifts_beyond_healing_is_built_anew(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def drift(name: str, **options: Any) -> None:
        called.append(name)
        if name == "check_search":
            raise SystemExit(1)

    monkeypatch.setattr(prepare_run, "quietly", drift)
    monkeypatch.setattr(prepare_run, "main_engine", type("Engine", (), {"ready": lambda self: True}))
    prepare_run.build_index()
    assert called == ["check_search", "rebuild_index"]


def test_engine_that_is_away_stops_nothing(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise CommandError("elasticsearch: no answer")

    monkeypatch.setattr(prepare_run, "build_index", away)
    assert "rebuild_index` when the engine is back" in prepare()
