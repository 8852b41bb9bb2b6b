"""Write docs/reference/permissions.md from the table of permissions and the addresses themselves.

Run it after a change of either; a test fails where the page is not what it would write.
"""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "permissions.md"

INTRODUCTION = """\
# Roles and permissions

<!-- Written by tools/permissions_page.py from permissions.csv and the addresses: edit those. -->

A person's role in a review says what they may do there. In another review they may have another
role, or none: then they are told that there is no such page. Permission is asked twice, by the
page and by the action that the page calls. Every cell of both tables is tested.
"""


def roles_table() -> list[str]:
    """What each role is."""
    from wholesystem.reviews.words import word_labels

    rows = [f"| {label} | {meaning} |" for label, meaning in word_labels("roles").values()]
    return ["| role | who it is |", "|---|---|", *rows]


def permissions_table() -> list[str]:
    """Permissions by role."""
    from wholesystem.reviews.words import ROLES, word_labels
    from wholesystem.web.workspace.permissions import PERMISSIONS, roles_with

    labels = word_labels("roles")
    head = ["permission", "allows", *(labels[role][0].lower() for role in ROLES)]
    lines = [_row(head), _row(["---"] * len(head))]
    for name, meaning in PERMISSIONS.items():
        cells = ["yes" if role in roles_with(name) else "" for role in ROLES]
        lines.append(_row([f"`{name}`", meaning, *cells]))
    return lines


def pages_table() -> list[str]:
    """Addresses of a review with the permission that each needs."""
    from wholesystem.web.workspace.urls import urlpatterns

    lines = ["| address | needs |", "|---|---|"]
    for pattern in sorted(urlpatterns, key=lambda one: str(one.pattern)):
        needs = getattr(pattern.callback, "permission", "")
        told = f"`{needs}`" if needs else "an account"
        lines.append(f"| `/{pattern.pattern}` | {told} |")
    return lines


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page() -> str:
    """The whole page."""
    parts = [
        INTRODUCTION,
        *roles_table(),
        "\n## What each role may do\n",
        *permissions_table(),
        "\n## What each page needs\n",
        *pages_table(),
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholesystem.web.settings")
    import django

    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
