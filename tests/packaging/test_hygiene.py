"""Rules for the repository that no other tool holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "fgps").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

#: What Python code may mention: the constructive predicates and the forms of the language.
CONSTRUCTIVE = {"Shape", "Collinear", "Cocircular", "Point", "Line", "Arc", "Angle", "Polygon", "Circle"}

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "sympify", "parse_expr", "breakpoint"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_CLASS_LINES = 300


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def declared(folder: str, words: str) -> set[str]:
    pattern = re.compile(rf"^(?:{words})\s+(\w+)", re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.fgl")]
    return {name for text in texts for name in pattern.findall(text)}


@pytest.mark.parametrize("folder", ["predicates", "theorems", "datasets", "viz"])
def test_data_folders_hold_no_python(folder: str) -> None:
    assert [short(path) for path in (ROOT / folder).rglob("*.py")] == []


def test_no_theorem_is_named_in_the_code() -> None:
    names = declared("theorems", "theorem")
    assert len(names) >= 196
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    found = {
        f"{short(path)}:{number}: {hit}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for hit in pattern.findall(line)
    }
    assert not found, "\n".join(sorted(found))


def test_no_predicate_is_named_in_the_code() -> None:
    """Docstrings may give examples; names, attributes and other strings may not."""
    names = declared("predicates", "construction|basic|entity|relation|attribute") - CONSTRUCTIVE
    assert len(names) >= 60
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node) for node in _docstrings(tree)}
        for node in ast.walk(tree):
            text = ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                text = node.value
            elif isinstance(node, ast.Name):
                text = node.id
            elif isinstance(node, ast.Attribute):
                text = node.attr
            found += [f"{short(path)}:{node.lineno}: {hit}" for hit in pattern.findall(text)]  # type: ignore[attr-defined]
    assert not found, "\n".join(sorted(found))


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    """Every string that stands as a statement of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def test_no_input_can_become_code() -> None:
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id] if node.func.id in FORBIDDEN_CALLS else []
            elif isinstance(node, ast.Attribute):
                names = [node.attr] if node.attr in {"sympify", "parse_expr"} else []
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names if alias.name.split(".")[0] in FORBIDDEN_MODULES]
            elif isinstance(node, ast.ImportFrom):
                modules = [(node.module or "").split(".")[0], *(alias.name for alias in node.names)]
                names = [name for name in modules if name in FORBIDDEN_MODULES | {"sympify", "parse_expr"}]
            found += [f"{short(path)}:{node.lineno}: {name}" for name in names]  # type: ignore[attr-defined]
    assert not found, "\n".join(sorted(found))


def test_the_checker_sees_only_language_and_theory() -> None:
    """Its trust rests on small parts: no engine, no search, no library but the standard one."""
    found = []
    for path in (ROOT / "fgps" / "check").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{short(path)}:{node.lineno}: a relative import"
                names = [node.module or ""]
            for name in names:
                allowed = re.match(r"fgps\.(?:lang|theory|check)(?:\.|$)", name)
                if not allowed and name.split(".")[0] not in sys.stdlib_module_names:
                    found.append(f"{short(path)}: {name}")
    assert not found, "\n".join(sorted(found))


def test_files_functions_and_classes_stay_small() -> None:
    found = []
    for path in [*SOURCES, *TESTS]:
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MAX_FILE_LINES:
            found.append(f"{short(path)}: {lines} lines")
        if path in TESTS:
            continue
        for node in ast.walk(ast.parse(text)):
            limit = MAX_CLASS_LINES if isinstance(node, ast.ClassDef) else MAX_FUNCTION_LINES
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > limit:
                    found.append(f"{short(path)}:{node.lineno}: {node.name} has {size} lines")
    assert not found, "\n".join(sorted(found))


def test_no_empty_tasks_are_left() -> None:
    marker = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    files = [p for p in [*SOURCES, *TESTS] if p != Path(__file__).resolve()]
    assert [short(p) for p in files if marker.search(p.read_text(encoding="utf-8"))] == []


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


HEAVY = {"sympy", "numpy", "scipy", "networkx", "flint", "lark", "graphviz", "mpmath"}


def test_importing_the_package_is_cheap() -> None:
    assert modules_after("import fgps") & (HEAVY | {"typer", "rich"}) == set()
    assert modules_after("import fgps.cli.main") & HEAVY == set()


def test_the_public_names() -> None:
    import fgps

    wanted = [
        "Loaded",
        "Outcome",
        "StepRecord",
        "__version__",
        "bench",
        "load",
        "present",
        "replay",
        "report",
        "solve",
    ]
    assert fgps.__all__ == wanted
    assert all(getattr(fgps, name) is not None for name in fgps.__all__)
    with pytest.raises(AttributeError):
        fgps.nothing  # noqa: B018
