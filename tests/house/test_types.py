"""Every function says what goes in and what comes out, and every public one says it in words too."""

import ast

from tests.house.source import functions, python_files, relative, tree


def test_every_function_is_annotated() -> None:
    bare = []
    for path in python_files():
        for node in functions(path):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            missing = [argument.arg for argument in arguments if argument.annotation is None and argument.arg not in {"self", "cls"}]
            if missing or node.returns is None:
                bare.append(f"{relative(path)}:{node.lineno} {node.name}")
    assert bare == []


def test_every_module_class_and_public_function_has_its_docstring() -> None:
    silent = []
    for path in python_files():
        if "bench" in path.parts:
            continue
        module = tree(path)
        if module.body and not ast.get_docstring(module) and path.name not in {"apps.py", "__init__.py"}:
            silent.append(relative(path))
        for node in module.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            is_config = path.name == "apps.py" or (isinstance(node, ast.ClassDef) and node.name == "Command")
            if public and not is_config and not ast.get_docstring(node):
                silent.append(f"{relative(path)}:{node.lineno} {node.name}")
    assert silent == []
