"""Reads the environment: variables first, then `$DATA_DIR/run.env` that `make run` wrote, then defaults that are safe."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
RUN_ENV = DATA_DIR / "run.env"

# The production server sets everything itself: a file that a demonstration left behind must not speak there.
if RUN_ENV.is_file() and not env.str("SECRET_KEY", default=""):
    environ.Env.read_env(str(RUN_ENV))
