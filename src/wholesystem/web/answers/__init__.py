"""What respondents to feedback tools say: kept in files of their own, apart from the workspace.

The workspace's database knows who was invited. Here is what was said, and nothing by which the two
could be joined: no account, no name, no time, no order. See the decision record on envelopes.
"""

from __future__ import annotations

from wholesystem.web.answers.closing import (
    close_tool,
    held,
    import_closed,
    part_done_count,
    settle,
    sheets,
    withheld_counts,
)
from wholesystem.web.answers.linking import LinkGroup, make_links, withdraw_links
from wholesystem.web.answers.store import delete_tool, is_here, open_tool, sent_count

__all__ = [
    "LinkGroup",
    "close_tool",
    "delete_tool",
    "held",
    "import_closed",
    "is_here",
    "make_links",
    "open_tool",
    "part_done_count",
    "sent_count",
    "settle",
    "sheets",
    "withdraw_links",
    "withheld_counts",
]
