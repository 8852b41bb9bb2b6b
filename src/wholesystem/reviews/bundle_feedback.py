"""The feedback tools of a bundle: a folder each, with what was asked and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle_layout import MOST_DOCUMENT_BYTES
from wholesystem.reviews.contents import Content, UnreadableError, read_content
from wholesystem.reviews.feedback.instrument import INSTRUMENT_TABLES
from wholesystem.reviews.feedback.kept import ANSWERS, KeptTool, kept_faults, read_kept

if TYPE_CHECKING:
    from wholesystem.reviews.bundle_places import Listing
    from wholesystem.reviews.checks import Places

__all__ = ["find_feedback", "read_tool", "tool_faults"]

FOLDER = "feedback"
_FILES = (*(f"{name}.csv" for name in INSTRUMENT_TABLES), ANSWERS)


def find_feedback(
    listing: Listing, tools: Sequence[Any], notes: list[str]
) -> dict[str, dict[str, Content]]:
    """Folders of feedback tools.

    Parameters
    ----------
    listing : Listing
        What lies in the bundle.
    tools : sequence of FeedbackTool
        Rows.
    notes : list of str
        Gains the files that are left out.

    Returns
    -------
    dict of str to dict of str to Content
        Files of each tool by their names. Nothing is read yet.
    """
    known = {one.tool for one in tools}
    found: dict[str, dict[str, Content]] = {}
    for path in sorted(listing.contents):
        top, _, rest = path.partition("/")
        if top != FOLDER:
            continue
        tool, _, file = rest.partition("/")
        if tool in known and file in _FILES:
            found.setdefault(tool, {})[file] = listing.contents[path]
        else:
            notes.append(f"{path}: left out, no file of a tool in feedback_tools.csv.")
    return found


def read_tool(files: Mapping[str, Content], tool: str) -> KeptTool:
    """What a tool asked and what was answered.

    Parameters
    ----------
    files : mapping of str to Content
        Its files by name.
    tool : str
        Its id.

    Returns
    -------
    KeptTool
        Checked.

    Raises
    ------
    TableError
        With every fault.
    """
    folder = f"{FOLDER}/{tool}"
    read = {}
    for name, content in files.items():
        try:
            read[name] = read_content(content, MOST_DOCUMENT_BYTES)
        except UnreadableError as error:
            fault = Fault(f"{folder}/{name}", None, str(error), "Take it from the bundle again.")
            raise TableError([fault]) from None
    return read_kept(read, folder)


def tool_faults(
    tables: Mapping[str, Sequence[Any]],
    feedback: Mapping[str, Mapping[str, Content]],
    where: Places,
) -> Iterator[Fault]:
    """What is wrong with the folders of feedback tools, and between them and the rows.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        Of the review.
    feedback : mapping of str to mapping of str to Content
        Files of each tool.
    where : Places
        Where the rows stand.

    Yields
    ------
    Fault
        In the order of the tools.
    """
    known = {one.tool for one in tables["feedback_tools"]}
    for name in sorted(set(feedback) - known):
        rule = "It is no tool of the review."
        yield Fault(f"{FOLDER}/{name}", None, rule, "Leave it out, or add its row.")
    for at, tool in enumerate(tables["feedback_tools"]):
        try:
            kept = read_tool(feedback.get(tool.tool, {}), tool.tool)
        except TableError as error:
            yield from error.faults
            continue
        invited = [
            (where("feedback_invited", place, "role"), one)
            for place, one in enumerate(tables["feedback_invited"])
            if one.tool == tool.tool
        ]
        yield from kept_faults(tool, kept, invited, where("feedback_tools", at, "instrument"))
