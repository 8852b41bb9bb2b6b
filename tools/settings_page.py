"""Write the table of docs/reference/settings.md again from the settings themselves."""

import re
import sys
from pathlib import Path

from wholesystem.web.settings_read import SETTINGS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "settings.md"
HEAD = "| variable | value | if not given | meaning |\n|---|---|---|---|\n"


def table() -> str:
    """The table, a row a setting."""
    rows = []
    for one in SETTINGS:
        default = f"`{one.default}`" if one.default else "blank"
        rows.append(f"| `{one.variable}` | {one.kind} | {default} | {one.meaning} |\n")
    return HEAD + "".join(rows)


def main() -> int:
    """Put the table in the place of the one on the page."""
    text = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(re.escape(HEAD) + r"(\|.*\n)*", lambda _: table(), text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
