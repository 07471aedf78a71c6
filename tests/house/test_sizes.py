"""Sizes that keep the house liveable (ARCHITECTURE.md). Data and migrations apart."""

from tests.house.source import functions, percentile, python_files, relative, size, templates


def lines(path: object) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())  # type: ignore[attr-defined]


def test_no_file_is_longer_than_400_lines() -> None:
    assert {relative(path): lines(path) for path in [*python_files(), *python_files(tests=True)] if lines(path) > 400} == {}


def test_most_files_are_short() -> None:
    sizes = [lines(path) for path in python_files() if lines(path)]
    assert percentile(sizes, 0.5) <= 70
    assert percentile(sizes, 0.9) <= 220


def test_no_function_is_longer_than_50_lines() -> None:
    found = {f"{relative(path)}:{node.name}": size(node) for path in python_files() for node in functions(path) if size(node) > 50}
    assert found == {}


def test_most_functions_are_short() -> None:
    sizes = [size(node) for path in python_files() for node in functions(path)]
    assert percentile(sizes, 0.5) <= 8
    assert percentile(sizes, 0.9) <= 25


def test_templates_are_short() -> None:
    sizes = {relative(path): lines(path) for path in templates()}
    assert {name: count for name, count in sizes.items() if count > 150} == {}
    assert percentile(list(sizes.values()), 0.9) <= 80
