"""The report of a follow-up: each action, what is said of it, and beside it what the data say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wholesystem.pictures.spc_chart import draw_spc_chart, spc_chart_table
from wholesystem.reports.documents.model import (
    Block,
    BulletList,
    CallOut,
    Citation,
    Column,
    Contents,
    Cover,
    Document,
    Figure,
    Heading,
    Inline,
    Item,
    Paragraph,
    Table,
    Text,
)
from wholesystem.reports.documents.text import number_cell
from wholesystem.reports.review_report.chain import cited_evidence
from wholesystem.reports.review_report.data_annex import picture_table
from wholesystem.reviews.follow_up.following import (
    FollowedAction,
    FollowedMovement,
    FollowUpResult,
)
from wholesystem.reviews.follow_up.records import statuses, verdict_words
from wholesystem.reviews.records import AreaForImprovement

__all__ = ["make_progress_report"]


def make_progress_report(result: FollowUpResult, *, day: date, version: str = "DRAFT") -> Document:
    """The report of a follow-up.

    Parameters
    ----------
    result : FollowUpResult
        What was said, and what the figures say.
    day : date
        On its cover.
    version : str
        A word such as DRAFT, on every page; empty for the final one.

    Returns
    -------
    Document
        A summary; every area for improvement with its actions; actions that answer none.
    """
    review = result.recorded.plan.review
    info = review.info
    looked = f"{result.as_of.day} {result.as_of:%B %Y}"
    title = f"Progress of the action plan: {info.area}"
    return Document(
        title=title,
        blocks=(
            Contents(depth=2),
            *_summary(result, looked),
            *(block for area in review.areas_for_improvement for block in _area(result, area)),
            *_others(result),
        ),
        cover=Cover(
            subtitle=info.title,
            date=day,
            version=version,
            lines=(f"As things stood on {looked}",),
        ),
        evidence=cited_evidence(review),
        header=title,
        subject=f"Follow-up of the local system review of {info.area}",
        numbered=True,
    )


def _summary(result: FollowUpResult, looked: str) -> Iterator[Block]:
    plan = result.recorded.plan
    yield Heading(1, "Summary")
    if plan.info is not None and plan.info.note:
        yield CallOut("About this plan", (Paragraph(plan.info.note),))
    yield Paragraph(
        f"{len(result.actions)} actions stand in the plan. This is what was said of them by"
        f" {looked}, and what the figures say of each measure that was expected to move."
    )
    words = statuses()
    yield Table(
        "Actions by what was said of them",
        (Column("Status"), Column("Actions", "right"), Column("What it means")),
        tuple(
            (
                words[word].label if word else "Nothing was said",
                number_cell(count),
                words[word].meaning if word else "No progress is recorded by that day.",
            )
            for word, count in result.by_status.items()
            if count
        ),
    )
    told = verdict_words()
    yield Table(
        "Measures by verdict",
        (Column("Verdict"), Column("Measures", "right"), Column("What it means")),
        tuple(
            (told[word].label, number_cell(count), told[word].meaning)
            for word, count in result.by_verdict.items()
            if count
        )
        or (("None", number_cell(0), "No measure was expected to move."),),
        source="By the written rule of the follow-up's verdict.",
    )


def _area(result: FollowUpResult, area: AreaForImprovement) -> Iterator[Block]:
    yield Heading(1, f"{area.level.capitalize()} priority {area.order}")
    yield Paragraph(area.text, kind="lead")
    actions = result.of_areas[area.area_for_improvement]
    if not actions:
        yield Paragraph("No action of the plan answers it.")
    for one in actions:
        yield from _action(result, one)


def _others(result: FollowUpResult) -> Iterator[Block]:
    answered = {one.action.action for ones in result.of_areas.values() for one in ones}
    left = [one for one in result.actions if one.action.action not in answered]
    if left:
        yield Heading(1, "Actions that answer no area for improvement")
        for one in left:
            yield from _action(result, one)


def _action(result: FollowUpResult, one: FollowedAction) -> Iterator[Block]:
    row = one.action
    yield Heading(2, f"Action {row.action}")
    yield Paragraph(row.text)
    yield BulletList(tuple(Item(text) for text in _facts(result, one)))
    for said in one.progress:
        label = statuses()[said.status].label
        pieces: list[Inline] = [
            Text(f"{said.on.day} {said.on:%B %Y}, {label.lower()}: ", strong=True),
            Text(said.claim),
        ]
        pieces += [Citation(name) for name in said.evidence]
        yield Paragraph(tuple(pieces))
    if not one.progress:
        yield Paragraph("Nothing was said of it by that day.")
    for movement in one.movements:
        yield from _movement(movement)


def _facts(result: FollowUpResult, one: FollowedAction) -> Iterator[str]:
    review = result.recorded.plan.review
    names = {each.organisation: each.name for each in review.organisations}
    row = one.action
    owner = names.get(row.owner, row.owner)
    yield f"Owner: {', '.join(part for part in (owner, row.owner_role) if part) or 'none'}."
    if row.due:
        late = " It has passed." if row.due < result.as_of and not _is_done(one) else ""
        yield f"Due: {row.due.day} {row.due:%B %Y}.{late}"
    if one.milestones:
        yield f"Milestones: {one.milestones_done} of {one.milestones} done."
    if not one.movements:
        yield "No measure was expected to move by it."


def _is_done(one: FollowedAction) -> bool:
    return bool(one.status) and statuses()[one.status].done == "yes"


def _movement(one: FollowedMovement) -> Iterator[Block]:
    yield CallOut(
        f"What the data say: {one.verdict.label}",
        (
            Paragraph(f"{one.name}, {one.area}."),
            *(Paragraph(text) for text in one.sentences),
            *(Paragraph(text) for text in one.cautions),
        ),
    )
    if one.rests_on:
        yield Table(
            f"What the verdict on {one.name} rests on",
            (Column("Figure"), Column("Value", "right"), Column("Unit"), Column("Period"),
             Column("Source")),
            tuple(
                (each.label, number_cell(each.value, 1), each.unit, each.period, each.source)
                for each in one.rests_on
            ),
        )  # fmt: skip
    if one.chart is not None:
        chart = one.chart.chart
        yield Figure(
            f"the chart of {one.name}",
            draw_spc_chart(chart, title=f"{one.name}, {one.area}"),
            " ".join((f"Chart over time of {one.name}.", *chart.summary.sentences)),
            f"{one.name}, {one.area}",
            picture_table(spc_chart_table(chart, title=f"{one.name}, {one.area}")),
            " ".join(one.chart.cautions),
        )
