"""Rules that hold for the whole project: imports, public names, sources, records, lock files."""

import ast
import csv
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

SRC = ROOT / "src" / "wholesystem"

# Each knows only those before it. `cli` comes with its own helpers.
ORDER = (
    "errors files tables stays indicators flow escalation reviews pictures reports examples"
    " web _options _serve _stays_commands _indicator_commands _profile_commands"
    " _review_commands _report_commands _case_commands _workspace_commands cli"
).split()

HEAVY = (
    "django duckdb ibis jinja2 llvmlite numba numpy openpyxl pandas pyarrow pydantic scipy tqdm"
    " vl_convert xlsxwriter"
).split()


def package_of(module: str) -> str:
    """`flow` of `wholesystem.flow.kernel`; empty for the top itself."""
    return module.partition(".")[2].partition(".")[0]


def module_of(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def imported(tree: ast.AST, module: str, is_package: bool) -> set[str]:
    """Names of modules imported anywhere in a module, lazily too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                keep = len(parts) - node.level + is_package
                base = ".".join([*parts[:keep], *([base] if base else [])])
            found |= {base, *(f"{base}.{name.name}" for name in node.names)}
    return found


def breaches(module: str, names: set[str]) -> list[str]:
    """Imports of a module against the order of packages."""
    own = package_of(module)
    faults = []
    for name in names:
        other = package_of(name) if name.startswith("wholesystem.") else ""
        if other in ORDER and other != own and ORDER.index(other) > ORDER.index(own):
            faults.append(f"{module} imports {other}, which comes after {own}")
    return sorted(set(faults))


def test_every_module_is_in_the_order_of_packages() -> None:
    packages = {package_of(module_of(path)) for path in modules()} - {"", "__main__"}

    assert packages <= set(ORDER)


BELOW_THE_TOP = [path for path in modules() if package_of(module_of(path)) in ORDER]


@pytest.mark.parametrize("path", BELOW_THE_TOP, ids=module_of)
def test_imports_run_one_way(path: Path) -> None:
    module = module_of(path)
    names = imported(ast.parse(path.read_text("utf-8")), module, path.name == "__init__.py")

    assert breaches(module, names) == []


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("wholesystem.stays.io", "from wholesystem.flow import simulate", True),
        ("wholesystem.stays.io", "from wholesystem import flow", True),
        ("wholesystem.stays.io", "from ..flow import simulate", True),
        ("wholesystem.stays.io", "def f():\n    import wholesystem.cli", True),
        ("wholesystem.flow.model", "from wholesystem.stays import Stays", False),
        ("wholesystem.flow.model", "from .durations import Distribution", False),
    ],
)
def test_a_breach_is_found(module: str, source: str, fault: bool) -> None:
    assert bool(breaches(module, imported(ast.parse(source), module, is_package=False))) is fault


def kind_then_name(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that ruff's RUF022 keeps."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


def defined_names(path: Path) -> set[str]:
    """Public functions and classes that a module defines at its top."""
    return {
        node.name
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }


@pytest.mark.parametrize("path", modules(), ids=module_of)
def test_public_names_are_declared_sorted_and_there(path: Path) -> None:
    module = importlib.import_module(module_of(path))
    names = getattr(module, "__all__", None)
    if names is None:
        # What a package offers is declared at its top; its other modules are its own affair.
        at_the_top = path.name == "__init__.py" or path.parent == SRC
        assert not (at_the_top and defined_names(path)), "public names and no __all__"
        return

    assert list(names) in (sorted(names), sorted(names, key=kind_then_name))
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(module, name)] == []
    if path.name == "__init__.py":
        assert defined_names(path) <= set(names), "defined at the top and not declared"


def test_start_up_imports_nothing_heavy() -> None:
    program = (
        "import sys, wholesystem\n"
        "from wholesystem.cli import build_parser\n"
        "build_parser()\n"
        "import wholesystem.stays, wholesystem.flow, wholesystem.pictures, wholesystem.examples\n"
        "import wholesystem.reviews\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert loaded.stdout.split() == []


def packaged_tables() -> list[Path]:
    tables = sorted((SRC / "examples").rglob("*.csv"))
    # Figures and reviews name their sources in a way of their own, tested apart.
    apart = ("figures", "follow_up", "review")
    # Answers hold what was answered and no more; the row of their tool says what they are.
    return [path for path in tables if path.parent.name not in apart and path.name != "answers.csv"]


FIGURES = sorted(
    path
    for path in (SRC / "examples").rglob("figures/*.csv")
    if not path.name.endswith(".mapping.csv")
)


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_packaged_figures_name_the_publisher_and_file_of_each(path: Path) -> None:
    """Published figures name their file and cell through the mapping beside them."""
    about = (path.parent.parent / "README.md").read_text("utf-8")
    mapping = path.with_name(f"{path.stem}.mapping.csv")
    rows = csv.DictReader(mapping.read_text("utf-8").splitlines()) if mapping.exists() else None
    told = None if rows is None else {row["ours"] for row in rows}

    assert re.sub(r"_\d{4}_\d{4}$", "_", path.stem).rstrip("_") in about
    assert "Open Government Licence" in about
    assert told is None or {"publisher", "file", "cell"} <= told


@pytest.mark.parametrize(
    "folder", sorted((SRC / "examples").glob("*/review")), ids=lambda path: path.parent.name
)
def test_packaged_evidence_names_its_source_and_its_place_in_the_report(folder: Path) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))

    sources = {row["source"]: row["title"] for row in rows("sources")}
    about = (folder / "README.md").read_text("utf-8")

    assert all(row["place"] and sources[row["source"]] for row in rows("evidence"))
    assert "copyright Care\nQuality Commission" in about
    assert "Open Government Licence" in about


@pytest.mark.parametrize(
    "folder", sorted((SRC / "examples").glob("*/follow_up")), ids=lambda path: path.parent.name
)
def test_a_packaged_follow_up_says_what_is_ours_and_where_the_rest_is_from(folder: Path) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))

    sources = {row["source"]: row["title"] for row in rows("sources")}
    about = (folder / "README.md").read_text("utf-8")

    assert all(row["place"] and sources[row["source"]] for row in rows("evidence"))
    assert all(row["note"] for name in ("action_plan", "progress") for row in rows(name))
    assert "ours, all of it" in about
    assert "Open Government Licence" in about


def source_faults(name: str, text: str) -> list[str]:
    """Rows without a source, and rows that assume without saying why."""
    rows = list(csv.DictReader(text.splitlines()))
    faults = []
    for number, row in enumerate(rows, start=2):
        # A published figure's row names the figure, whose own row has the source.
        source = (row.get("source") or row.get("figure") or "").strip()
        why = re.sub(r"^assumed\W*", "", source)
        if not source:
            faults.append(f"{name} row {number} has no source")
        elif source.startswith("assumed") and len(why.split()) < 2:
            faults.append(f"{name} row {number} is assumed and does not say why")
    return faults


def test_packaged_tables_name_their_sources() -> None:
    tables = packaged_tables()
    # Profiles and empirical samples hold one number a row; their source is their users' row's.
    sourced = [path for path in tables if not path.stem.startswith(("profiles", "empirical_"))]
    faults = [
        fault
        for path in sourced
        for fault in source_faults(str(path.relative_to(SRC)), path.read_text("utf-8-sig"))
    ]

    assert len(sourced) >= 10
    assert faults == []


def test_every_figure_that_a_packaged_table_names_is_there() -> None:
    area = SRC / "examples" / "oxfordshire_2017"
    figures = {
        row["id"]: row
        for row in csv.DictReader((area / "figures.csv").read_text("utf-8-sig").splitlines())
    }
    published = list(csv.DictReader((area / "published.csv").read_text("utf-8-sig").splitlines()))

    assert published
    assert [row["figure"] for row in published if row["figure"] not in figures] == []


@pytest.mark.parametrize(
    ("source", "faulty"),
    [("", True), ("assumed", True), ("assumed: why", True), ("assumed: half of the figure", False)],
)
def test_a_missing_source_is_found(source: str, faulty: bool) -> None:
    assert bool(source_faults("t.csv", f"service,source\nacute,{source}\n")) is faulty


def test_every_kind_of_packaged_file_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = ["*.py", *project["tool"]["setuptools"]["package-data"]["*"]]
    left_out = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(path.match(pattern) for pattern in patterns)
    ]

    assert left_out == []


def test_the_glossary_is_in_order_with_one_entry_a_word() -> None:
    words = re.findall(r"^\*\*(.*)\*\*: ", (ROOT / "GLOSSARY.md").read_text("utf-8"), re.MULTILINE)
    keys = [word.casefold() for word in words]

    assert len(words) > 50
    assert keys == sorted(set(keys))


RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_decision_bears_its_files_number_and_its_parts(path: Path) -> None:
    text = path.read_text("utf-8")

    assert text.startswith(f"# {path.name[:4]}: ")
    assert re.search(r"^- Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"^- Status: \w+", text, re.MULTILINE)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["Context", "Alternatives", "Decision", "Consequences"]


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "index.md").read_text("utf-8")

    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))
    for path in RECORDS:
        title = path.read_text("utf-8").splitlines()[0][2:]
        assert f"- [{title}]({path.name})" in index


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    # A requirement is one line with its continuations.
    requirements = [line for line in text.replace("\\\n", "").splitlines() if line.strip()]

    assert "http" not in text
    assert "://" not in text
    assert re.search(r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links)", text, re.M) is None
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


def locked_names(name: str) -> set[str]:
    text = (ROOT / name).read_text("utf-8")
    return {
        found.lower()
        for found in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==", text, re.MULTILINE)
    }


def test_every_dependency_is_locked_and_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    named = {
        "requirements.txt": project["dependencies"],
        "requirements-dev.txt": [*project["dependencies"], *extras["dev"], *extras["bench"]],
    }
    for file, dependencies in named.items():
        names = {re.split(r"[\[<>=]", one)[0].lower() for one in dependencies}
        assert names <= locked_names(file)
    lines = text.splitlines()
    for dependency in named["requirements-dev.txt"]:
        place = max(i for i, line in enumerate(lines) if f'"{dependency}"' in line)
        above = [line.strip() for line in lines[place - 2 : place]]
        assert any(line.startswith("#") for line in above), f"{dependency} does not say why"
