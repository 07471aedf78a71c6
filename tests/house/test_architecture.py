"""Imports go down only, migrations too, and nothing listens to the ORM (ARCHITECTURE.md; docs/adr/0001)."""

import ast
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.models import signals

from tests.house.source import OWN_APPS, ROOT, functions, python_files, rank, relative, tree

ORM_SIGNALS = ["pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"]


def test_import_contracts() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_app_has_its_storey_in_the_contract() -> None:
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps == set(OWN_APPS)
    assert all(f'"{name}"' in contract for name in apps)


def test_migrations_obey_the_storeys() -> None:
    graph = MigrationLoader(None).graph
    upwards = [
        f"{child} needs {parent}"
        for child in graph.nodes
        for parent in graph.node_map[child].parents
        if child[0] in OWN_APPS and parent.key[0] in OWN_APPS and rank(parent.key[0]) > rank(child[0])
    ]
    assert upwards == []


def test_siblings_have_no_migration_in_common() -> None:
    graph = MigrationLoader(None).graph
    pairs = {
        (child[0], parent.key[0])
        for child in graph.nodes
        for parent in graph.node_map[child].parents
        if child[0] in OWN_APPS and parent.key[0] in OWN_APPS and child[0] != parent.key[0]
    }
    assert [pair for pair in pairs if rank(pair[0]) == rank(pair[1])] == []


@pytest.mark.parametrize("app", OWN_APPS)
def test_migrations_have_one_head(app: str) -> None:
    graph = MigrationLoader(None).graph
    assert len(graph.leaf_nodes(app)) <= 1


def _alive(listener: object) -> object:
    return listener() if isinstance(listener, weakref.ReferenceType) else listener


@pytest.mark.parametrize("name", ORM_SIGNALS)
def test_nothing_of_ours_listens_to_the_orm(name: str) -> None:
    modules = {getattr(_alive(row[1]), "__module__", "") for row in getattr(signals, name).receivers}
    assert [module for module in modules if module.split(".")[0] in OWN_APPS] == []


def test_nothing_of_ours_names_an_orm_signal() -> None:
    named = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute) and (node.id if isinstance(node, ast.Name) else node.attr) in ORM_SIGNALS
    ]
    assert named == []


def _is_ready(path: Path, node: ast.AST) -> bool:
    return path.name == "apps.py" and isinstance(node, ast.FunctionDef) and node.name == "ready"


def test_no_imports_inside_functions() -> None:
    """AppConfig.ready is the one exception; a benchmark that sets Django up first is a script, not a part of the house."""
    found = {
        f"{relative(path)}:{node.lineno}"
        for path in python_files()
        if "bench" not in path.parts
        for function in functions(path)
        if not _is_ready(path, function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert found == set()


def test_no_job_is_queued_after_the_commit() -> None:
    """A process that dies after COMMIT would lose the work: jobs are queued inside the transaction (DATA.md). Caches may wait for it."""
    texts = {relative(path): path.read_text(encoding="utf-8") for path in python_files()}
    assert [name for name, text in texts.items() if "on_commit" in text and "enqueue" in text] == []


def test_products_never_read_what_lies_beside_the_checkout() -> None:
    """../shared is for tests and scripts, which take its place from SHARED_DATA."""
    found = [relative(path) for path in python_files() if "bench" not in path.parts and "../shared" in path.read_text(encoding="utf-8")]
    assert found == []
