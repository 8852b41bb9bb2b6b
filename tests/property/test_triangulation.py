"""What holds of every review: the grid's counts, what counts nowhere, and each warning's condition.

The conditions are written here a second time, from the documentation and not from the code, over
sets of ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.any_review import reviews
from tests.helpers.reviews import live_figure, make_evidence, make_rules
from wholesystem.reviews import (
    Review,
    Rules,
    chain_of,
    grid_table,
    packaged_rules,
    records,
    triangulate,
    warnings_of,
    what_is_about,
    what_rests_on,
)
from wholesystem.reviews.checks import OPTIONAL_TABLES
from wholesystem.reviews.triangulation import STATES, Cell
from wholesystem.reviews.words import SOURCE_KINDS

SHOWN = {"strength": "strengths", "concern": "concerns", "neither": "neither"}
SIDES = ("for", "against")
DAYS = st.dates(date(2016, 1, 1), date(2018, 6, 1))


@st.composite
def any_rules(draw: st.DrawFn) -> Rules:
    thresholds = {
        one.rule: draw(st.sampled_from([0, 1, 2, 3]))
        for one in packaged_rules().rows
        if one.rule not in ("contradicted_share", "old_evidence")
    }
    thresholds["contradicted_share"] = draw(st.sampled_from([0, 0.3, 0.5, 1, 1.5]))
    thresholds["old_evidence"] = draw(st.sampled_from([0, 30, 365, 800]))
    return make_rules(thresholds, draw(st.sets(st.sampled_from(sorted(thresholds)), max_size=2)))


RULES = st.just(packaged_rules()) | any_rules()


def without_organisations(review: Review) -> Review:
    """The review of a team that entered no organisation."""
    return replace(
        review,
        organisations=(),
        sources=tuple(one.model_copy(update={"organisations": ()}) for one in review.sources),
        evidence=tuple(one.model_copy(update={"organisations": ()}) for one in review.evidence),
    )


def bare(review: Review) -> Review:
    """The review without the tables that triangulation does not ask."""
    return replace(review, **dict.fromkeys(OPTIONAL_TABLES, ()))


ANY = reviews(histories=False).map(bare)
REVIEWS = ANY | ANY | ANY.map(without_organisations)


# --------------------------------------------------------------------------- written again


class Plain:
    """A review as sets of ids."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.gone = {one.source for one in review.sources if one.withdrawn}
        self.standing = {
            one.evidence: one
            for one in review.evidence
            if one.withdrawn == "" and one.source not in self.gone
        }
        self.kind = {one.source: one.kind for one in review.sources}
        self.source_date = {one.source: one.date for one in review.sources}
        self.open = [one for one in review.findings if one.status != "withdrawn"]

    def under(self, kloe: str, shows: str = "") -> set[str]:
        return {
            name
            for name, one in self.standing.items()
            if kloe in one.kloe and shows in (one.shows, "")
        }

    def under_all(self, kloes: set[str]) -> set[str]:
        return {name for kloe in kloes for name in self.under(kloe)}

    def parts(self, kloe: str) -> set[str]:
        found = {kloe}
        for _ in self.review.framework.questions:
            found |= {one.kloe for one in self.review.framework.questions if one.parent in found}
        return found

    def linked(self, finding: str, *sides: str, standing: bool = True) -> set[str]:
        return {
            one.evidence
            for one in self.review.finding_evidence
            if one.finding == finding
            and one.side in sides
            and (one.evidence in self.standing or not standing)
        }

    def sources(self, names: set[str]) -> set[str]:
        return {self.standing[name].source for name in names}

    def kinds(self, names: set[str]) -> set[str]:
        return {self.kind[source] for source in self.sources(names)}

    def about(self, names: set[str]) -> set[str]:
        return {about for name in names for about in self.standing[name].organisations}

    def day(self, name: str) -> date | None:
        one = self.standing[name]
        return one.date or self.source_date[one.source]

    def weighed(self, kloe: str) -> set[str]:
        return {
            one.finding
            for one in self.open
            if one.kloe == kloe
            and one.contrary_considered
            and all(self.linked(one.finding, side) for side in SIDES)
        }

    def is_contradicted(self, kloe: str, share: float) -> bool:
        good, bad = self.under(kloe, "strength"), self.under(kloe, "concern")
        if not good or not bad or self.weighed(kloe):
            return False
        small, large = sorted([len(good), len(bad)])
        of_good, of_bad = self.about(good), self.about(bad)
        return small / large >= share and (not of_good or not of_bad or bool(of_good & of_bad))

    def state(self, kloe: str, rules: Rules) -> str:
        names = self.under(kloe)
        if names and self.is_contradicted(kloe, rules.threshold("contradicted_share")):
            return "contradicted"
        few = len(self.sources(names)) < rules.threshold("few_sources")
        alike = len(self.kinds(names)) < rules.threshold("few_kinds")
        return ("thin" if few or alike else "well evidenced") if names else "nothing"


def old_evidence(plain: Plain, finding: Any, today: date, most: float) -> bool:
    days = [plain.day(name) for name in plain.linked(finding.finding, "for")]
    from_day = min(today, plain.review.info.opened_on)
    return bool(days) and all(
        day is not None and day + timedelta(days=int(most)) < from_day for day in days
    )


def passed_over(plain: Plain, finding: Any) -> set[str]:
    names = plain.linked(finding.finding, "for")
    shows = {plain.standing[name].shows for name in names} - {"neither"}
    if shows not in ({"strength"}, {"concern"}):
        return set()
    other = "concern" if shows == {"strength"} else "strength"
    about = plain.about(names)
    rest = plain.under(finding.kloe, other)
    rest -= plain.linked(finding.finding, *SIDES, standing=False)
    return {name for name in rest if not about or about & set(plain.standing[name].organisations)}


def of_findings(plain: Plain, today: date, rules: Rules) -> Iterator[tuple[str, str]]:
    """Rule and finding of each warning on the evidence of findings that are not withdrawn."""
    limit = rules.threshold
    single_is_told = rules.is_on("few_sources") and limit("few_sources") > 1
    for one in plain.open:
        name = one.finding
        good, bad = plain.linked(name, "for"), plain.linked(name, "against")
        sources, kinds = plain.sources(good), plain.kinds(good)
        most = limit("contrary_not_considered")
        conditions = (
            ("few_sources", good and len(sources) < limit("few_sources")),
            (
                "few_kinds",
                good
                and len(kinds) < limit("few_kinds")
                and not (len(sources) == 1 and single_is_told),
            ),
            ("old_evidence", old_evidence(plain, one, today, limit("old_evidence"))),
            ("no_evidence", len(good) < limit("no_evidence")),
            ("contrary_not_considered", len(bad) > most and one.contrary_considered == ""),
            ("opposite_not_linked", len(passed_over(plain, one)) > limit("opposite_not_linked")),
        )
        yield from ((rule, name) for rule, holds in conditions if holds)


def of_figures(plain: Plain, rules: Rules, figures: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in plain.open:
        cited = plain.linked(one.finding, *SIDES) & figures.keys()
        moved = [name for name in cited if figures[name].status in ("changed", "gone")]
        if len(moved) > rules.threshold("figure_changed"):
            yield from (("figure_changed", one.finding) for _ in moved)


def of_questions(plain: Plain, rules: Rules) -> Iterator[tuple[str, str]]:
    for question in plain.review.framework.questions:
        pieces = plain.under_all(plain.parts(question.kloe))
        if len(pieces) < rules.threshold("nothing"):
            yield "nothing", question.kloe
        if plain.state(question.kloe, rules) == "contradicted":
            yield "contradicted_share", question.kloe


def of_evidence(plain: Plain, rules: Rules) -> Iterator[tuple[str, str]]:
    for one in plain.review.findings:
        lost = plain.linked(one.finding, "for", standing=False) - plain.standing.keys()
        if one.status == "confirmed" and len(lost) > rules.threshold("rests_on_withdrawn"):
            yield "rests_on_withdrawn", one.finding
    uncoded = [name for name, one in plain.standing.items() if one.kloe == ()]
    if len(uncoded) > rules.threshold("uncoded"):
        yield from (("uncoded", name) for name in uncoded)
    without = Counter(one.source for x, one in plain.standing.items() if plain.day(x) is None)
    for source, many in without.items():
        if many > rules.threshold("no_date"):
            yield "no_date", source


def of_the_rest(review: Review, today: date, rules: Rules) -> Iterator[tuple[str, str]]:
    status = {one.finding: one.status for one in review.findings}
    for area in review.areas_for_improvement:
        confirmed = [status[name] for name in area.findings].count("confirmed")
        if confirmed < rules.threshold("no_finding"):
            yield "no_finding", area.area_for_improvement
    for due in review.due_dates:
        last = due.on + timedelta(days=int(rules.threshold("overdue")))
        if due.done_on is None and last < today:
            yield "overdue", due.due_date


def expected(
    review: Review, today: date, rules: Rules, figures: dict[str, Any]
) -> Counter[tuple[str, str]]:
    """Rule and record of each warning, as often as it must stand there."""
    plain = Plain(review)
    found = (
        *of_findings(plain, today, rules),
        *of_figures(plain, rules, figures),
        *of_questions(plain, rules),
        *of_evidence(plain, rules),
        *of_the_rest(review, today, rules),
    )
    return Counter(one for one in found if rules.is_on(one[0]))


# --------------------------------------------------------------------------- warnings and states


@settings(deadline=None, max_examples=250)
@given(review=REVIEWS, today=DAYS, rules=RULES, data=st.data())
def test_a_rule_warns_of_what_meets_its_condition_and_of_nothing_else(
    review: Review, today: date, rules: Rules, data: st.DataObject
) -> None:
    statuses = st.sampled_from(["same", "changed", "gone", "unavailable"])
    figures = {
        one.evidence: live_figure(one.evidence, data.draw(statuses)) for one in review.evidence[::2]
    }

    warnings = warnings_of(review, today, figures=figures, rules=rules)

    found = Counter((one.rule.rule, one.record) for one in warnings)
    assert found == expected(review, today, rules, figures)
    # The gravest first.
    places = [[rule.rule for rule in rules.rows].index(one.rule.rule) for one in warnings]
    assert places == sorted(places)


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS, today=DAYS)
def test_a_warning_names_a_row_and_says_what_and_what_to_do(review: Review, today: date) -> None:
    tables: dict[str, Any] = {**review.tables(), "questions": review.framework.questions}
    for one in warnings_of(review, today):
        ids = {next(iter(row.cells().values())) for row in tables[one.table]}
        assert one.record in ids
        assert one.sentence.endswith(".")
        for text in (one.remedy, one.rule.why):
            assert text[0].isupper()
            assert text.endswith(".")


@settings(deadline=None, max_examples=120)
@given(review=REVIEWS, rules=RULES)
def test_states_and_contradictions_are_those_of_their_definition(
    review: Review, rules: Rules
) -> None:
    grid, plain = triangulate(review, rules), Plain(review)
    kloes = [one.kloe for one in review.framework.questions]

    assert {one.question.kloe: one.state for one in grid.rows} == {
        kloe: plain.state(kloe, rules) for kloe in kloes
    }
    assert grid.contradiction_by_kloe.keys() == {
        kloe for kloe in kloes if plain.under(kloe, "strength") and plain.under(kloe, "concern")
    }
    for one in grid.contradictions:
        assert ids(one.strengths) == plain.under(one.kloe, "strength")
        assert ids(one.concerns) == plain.under(one.kloe, "concern")
        assert set(one.considered_in) == plain.weighed(one.kloe)
    counted = grid.count_states()
    assert tuple(counted) == STATES
    assert counted == {state: [x.state for x in grid.rows].count(state) for state in STATES}


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS, today=DAYS, rules=RULES)
def test_a_grid_that_was_made_already_gives_the_same_warnings(
    review: Review, today: date, rules: Rules
) -> None:
    grid = triangulate(review, rules)
    assert warnings_of(review, today, rules=rules, grid=grid) == warnings_of(
        review, today, rules=rules
    )


# --------------------------------------------------------------------------- counts


def ids(evidence: Any) -> set[str]:
    """Ids of pieces, each of which must be there once."""
    names = [one.evidence for one in evidence]
    assert len(names) == len(set(names))
    return set(names)


def assert_holds(cell: Cell, names: set[str], plain: Plain) -> None:
    assert ids(cell.evidence) == names
    assert cell.count == len(names)
    assert cell.sources == len(plain.sources(names))
    for shows, field in SHOWN.items():
        assert all(one.shows == shows for one in getattr(cell, field))


@settings(deadline=None, max_examples=120)
@given(review=REVIEWS)
def test_counts_sum_up_over_kinds_questions_and_parts(review: Review) -> None:
    grid, plain = triangulate(review), Plain(review)

    assert grid.kinds == SOURCE_KINDS
    assert [one.question for one in grid.rows] == sorted(
        review.framework.questions,
        key=lambda one: (review.framework.area_by_id[one.area].order, one.order),
    )
    for row in grid.rows:
        names = plain.under(row.question.kloe)
        assert_holds(row.total, names, plain)
        assert tuple(row.cells) == SOURCE_KINDS
        for kind, cell in row.cells.items():
            assert_holds(cell, {x for x in names if plain.kinds({x}) == {kind}}, plain)
        for field in ("count", "sources"):
            whole = sum(getattr(cell, field) for cell in row.cells.values())
            assert whole == getattr(row.total, field)
        of_parts = plain.under_all(plain.parts(row.question.kloe))
        assert_holds(row.with_parts, of_parts, plain)
        days = [day for name in names if (day := plain.day(name)) is not None]
        assert (row.oldest, row.newest) == ((min(days), max(days)) if days else (None, None))
        under = [one for one in plain.open if one.kloe == row.question.kloe]
        assert row.findings == len(under)
    coded = sum(len(one.kloe) for one in plain.standing.values())
    assert sum(row.total.count for row in grid.rows) == coded
    assert ids(grid.uncoded) == {x for x, one in plain.standing.items() if not one.kloe}


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS)
def test_within_a_cell_evidence_stands_in_the_order_of_entry(review: Review) -> None:
    places = {one.evidence: at for at, one in enumerate(review.evidence)}
    grid = triangulate(review)
    cells = [cell for row in grid.rows for cell in (*row.cells.values(), row.total, row.with_parts)]
    lists = [getattr(cell, field) for cell in cells for field in SHOWN.values()]
    for pieces in (*lists, grid.uncoded):
        found = [places[one.evidence] for one in pieces]
        assert found == sorted(found)


def outline(review: Review, today: date) -> Any:
    """What a review comes to, with no order."""
    grid = triangulate(review)

    def bare(cell: Cell) -> Any:
        return [frozenset(ids(getattr(cell, field))) for field in SHOWN.values()], cell.sources

    rows = {
        row.question.kloe: (
            {kind: bare(cell) for kind, cell in row.cells.items()},
            bare(row.total), bare(row.with_parts), row.findings, row.newest, row.oldest, row.state,
        )
        for row in grid.rows
    }  # fmt: skip
    sides = {
        one.kloe: (ids(one.strengths), ids(one.concerns), set(one.organisations),
                   set(one.considered_in))
        for one in grid.contradictions
    }  # fmt: skip
    warned = Counter((one.rule.rule, one.table, one.record) for one in warnings_of(review, today))
    return rows, sides, ids(grid.uncoded), warned


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS, today=DAYS, data=st.data())
def test_the_order_of_rows_changes_nothing_but_the_order_within(
    review: Review, today: date, data: st.DataObject
) -> None:
    shuffled = {
        name: tuple(data.draw(st.permutations(rows))) for name, rows in review.tables().items()
    }

    assert outline(replace(review, **shuffled), today) == outline(review, today)


def without_withdrawn(review: Review) -> Review:
    """The review as if what was withdrawn had never been there."""
    plain = Plain(review)
    standing, findings = plain.standing, {one.finding for one in plain.open}
    return replace(
        review,
        evidence=tuple(standing.values()),
        finding_evidence=tuple(
            one
            for one in review.finding_evidence
            if one.evidence in standing and one.finding in findings
        ),
        sources=tuple(one for one in review.sources if not one.withdrawn),
        findings=tuple(plain.open),
        areas_for_improvement=(),
        figures=tuple(one for one in review.figures if one.evidence in standing),
        anchors=tuple(one for one in review.anchors if one.evidence in standing),
    )


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS, today=DAYS)
def test_what_was_withdrawn_counts_nowhere(review: Review, today: date) -> None:
    """But for the one warning that a finding rests on it."""
    *grid, warned = outline(replace(review, areas_for_improvement=()), today)
    *other, also = outline(without_withdrawn(review), today)
    kept = {key: many for key, many in warned.items() if key[0] != "rests_on_withdrawn"}

    assert grid == other
    assert kept == dict(also)


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS, today=DAYS, shows=st.sampled_from(sorted(SHOWN)), by_source=st.booleans())
def test_evidence_that_is_added_and_withdrawn_changes_nothing(
    review: Review, today: date, shows: str, by_source: bool
) -> None:
    source = review.sources[0].model_copy(update={"source": "S9", "withdrawn": "A mistake."})
    one = make_evidence(
        "E99", shows=shows, kloe=(review.framework.questions[0].kloe,), date=date(2018, 1, 1),
        source="S9" if by_source else review.sources[0].source,
        withdrawn="" if by_source else "A mistake.",
    )  # fmt: skip
    more = replace(review, sources=(*review.sources, source), evidence=(*review.evidence, one))
    assert outline(more, today) == outline(review, today)


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS)
def test_the_table_of_the_grid_holds_its_numbers(review: Review) -> None:
    grid = triangulate(review)
    columns, rows = grid_table(grid, review)

    assert len(set(columns)) == len(columns)
    assert {len(row) for row in rows} == {len(columns)}
    for row, cells in zip(grid.rows, rows, strict=True):
        told = dict(zip(columns, cells, strict=True))
        assert (told["question"], told["state"]) == (row.question.kloe, row.state)
        assert told["area"] == review.framework.area_by_id[row.question.area].name
        assert told["name"] == row.question.name
        assert (told["sources"], told["findings"]) == (str(row.total.sources), str(row.findings))
        for label, cell in (
            ("Interview", row.cells["interview"]),
            ("Focus group", row.cells["focus_group"]),
            ("Visit", row.cells["visit"]),
            ("All kinds", row.total),
        ):
            assert told[f"{label}: evidence"] == str(cell.count)
            assert told[f"{label}: strengths"] == str(len(cell.strengths))
            assert told[f"{label}: concerns"] == str(len(cell.concerns))
        assert told["newest"] == (row.newest.isoformat() if row.newest else "")
        assert told["oldest"] == (row.oldest.isoformat() if row.oldest else "")


# --------------------------------------------------------------------------- chains


def linked_by(review: Review, keep: Callable[[Any], bool]) -> Counter[tuple[str, str]]:
    """Findings and sides of evidence that is kept; each once."""
    kept = {one.evidence for one in review.evidence if keep(one)}
    return Counter({(x.finding, x.side) for x in review.finding_evidence if x.evidence in kept})


def told(resting: Any) -> Counter[tuple[str, str]]:
    return Counter((one.finding, side) for one, side in resting.findings)


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS)
def test_what_rests_on_a_thing_is_the_chain_read_backwards(review: Review) -> None:
    for one in review.evidence:
        resting = what_rests_on(review, "evidence", one.evidence)
        backwards = {
            (finding.finding, side)
            for finding in review.findings
            for side in SIDES
            for link in getattr(chain_of(review, finding.finding), f"links_{side}")
            if link.evidence == one
        }
        assert set(told(resting)) == backwards
        assert resting.evidence == (one,)
    for source in review.sources:
        resting = what_rests_on(review, "sources", source.source)
        assert told(resting) == linked_by(review, lambda x, s=source: x.source == s.source)
        findings = {one.finding for one, _ in resting.findings}
        assert set(resting.areas_for_improvement) == {
            area for area in review.areas_for_improvement if findings & set(area.findings)
        }
    for finding in review.findings:
        chain = chain_of(review, finding.finding)
        resting = what_rests_on(review, "findings", finding.finding)
        assert resting.areas_for_improvement == chain.areas_for_improvement
        assert resting.findings == ((finding, ""),)


@settings(deadline=None, max_examples=100)
@given(review=REVIEWS)
def test_what_is_about_an_organisation_names_it_or_is_of_its_sources(review: Review) -> None:
    for organisation in [*(one.organisation for one in review.organisations), "nobody"]:
        sources, resting = what_is_about(review, organisation)
        theirs = {one.source for one in review.sources if organisation in one.organisations}

        def concerns(one: records.Evidence, name: str = organisation, of: Any = theirs) -> bool:
            return name in one.organisations or (one.organisations == () and one.source in of)

        assert {one.source for one in sources} == theirs
        assert set(resting.evidence) == {one for one in review.evidence if concerns(one)}
        assert told(resting) == linked_by(review, concerns)
