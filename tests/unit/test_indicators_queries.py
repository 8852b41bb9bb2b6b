"""Queries that are compiled ahead are those of the expressions, and need no Ibis to be run."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.helpers.observations import days_and_people, loaded, observation
from wholesystem.indicators import Store
from wholesystem.indicators.queries import QUERIES_FILE, query
from wholesystem.indicators.series_queries import EXPRESSIONS

TOOL = Path(__file__).parents[2] / "tools" / "compile_queries.py"
ASK = """
import sys
from wholesystem.indicators import Store
from wholesystem.indicators.series import Figures
store = Store.open(sys.argv[1])
assert store.indicators() == ["days"]
assert len(Figures(store, sums=()).series("dtoc_days")) == 0
assert "ibis" not in sys.modules
"""


def test_the_file_is_what_the_expressions_say() -> None:
    spec = importlib.util.spec_from_file_location("compile_queries", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    assert QUERIES_FILE.read_text(encoding="utf-8") == tool.content(), f"run tools/{TOOL.name}"


def test_every_expression_is_compiled() -> None:
    for name in EXPRESSIONS:
        assert query(name).startswith("SELECT")


def test_series_are_asked_without_loading_ibis(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    store.add([loaded(observation())], catalogue=days_and_people())

    subprocess.run([sys.executable, "-c", ASK, str(store.folder)], check=True)
