"""The settings of a real process: read from the environment, then from what `make run` wrote, and nothing is written outside the data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOW = "from django.conf import settings as s; print(s.{0})"


def value(name: str, data_dir: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Return what a fresh process says of one setting."""
    names = {"SECRET_KEY", "DATABASE_URL", "ELASTICSEARCH_URL", "EMAIL_URL", "DEMO", "DEBUG", "BASE_URL", "SEARCH_ENGINE"}
    env = {key: text for key, text in os.environ.items() if key not in names}
    env |= {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "config.settings"} | environ
    return subprocess.run([sys.executable, "-c", SHOW.format(name)], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["EMAIL_FILE_PATH", "MEDIA_ROOT", "STATIC_ROOT", "SEARCH_DIR", "DATABASES['default']['NAME']"])
def test_everything_is_written_in_the_data_folder(name: str, tmp_path: Path) -> None:
    shown = value(name, tmp_path, SECRET_KEY="x").stdout.strip()
    assert Path(shown).is_relative_to(tmp_path), shown


def test_nothing_runs_without_a_secret(tmp_path: Path) -> None:
    done = value("SECRET_KEY", tmp_path)
    assert done.returncode != 0
    assert "make run" in done.stderr


def test_what_make_run_wrote_is_read(tmp_path: Path) -> None:
    (tmp_path / "run.env").write_text("SECRET_KEY=from-the-file\nDEMO=1\nBASE_URL=http://localhost:8123\n")
    assert value("SECRET_KEY", tmp_path).stdout.strip() == "from-the-file"
    assert value("DEMO", tmp_path).stdout.strip() == "True"
    assert value("DEMO", tmp_path, DEMO="0").stdout.strip() == "False"


def test_what_a_demonstration_left_behind_does_not_speak_in_production(tmp_path: Path) -> None:
    (tmp_path / "run.env").write_text("SECRET_KEY=from-the-file\nDEMO=1\n")
    assert value("DEMO", tmp_path, SECRET_KEY="of-production").stdout.strip() == "False"
