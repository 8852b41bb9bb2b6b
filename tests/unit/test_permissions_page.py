"""The page on roles and permissions is the one that the program itself would write."""

import importlib.util

from tests.conftest import ROOT


def test_the_page_on_permissions_is_what_the_tables_say() -> None:
    path = ROOT / "tools" / "permissions_page.py"
    spec = importlib.util.spec_from_file_location("permissions_page", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run tools/permissions_page.py"
