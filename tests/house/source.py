"""Reads the code as text, for tests about the code itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the ground up (docs/adr/0001): each may import those before it.
STOREYS = [["countries"], ["accounts"], ["crisis"], ["forum"], ["moderation"], ["search", "notifications"], ["pages"], ["config"]]
OWN_APPS = [name for storey in STOREYS for name in storey if name != "config"]
CODE = [*OWN_APPS, "config", "deploy", "bench"]


def rank(package: str) -> int:
    """Return the storey of a package of ours."""
    return next(number for number, storey in enumerate(STOREYS) if package in storey)


def python_files(*, tests: bool = False, migrations: bool = False) -> list[Path]:
    """Return our Python files."""
    folders = ["tests"] if tests else CODE
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if migrations or "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """Return a file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a file, nested ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def size(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, its decorators apart."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def templates() -> list[Path]:
    """Return our templates."""
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def relative(path: Path) -> str:
    """Return a path as a person writes it."""
    return path.relative_to(ROOT).as_posix()


def percentile(values: list[int], share: float) -> int:
    """Return the value that `share` of all do not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
