"""The steps from observations to series, as Ibis expressions.

What is asked for stands in four small tables beside the observations, so that the expression is
always the same one: it is compiled once, which takes longer than to run it. The rules are
told in ``docs/reference/observations.md``.
"""

from __future__ import annotations

from functools import cache

import ibis
import ibis.expr.types as ir

from wholesystem.indicators.observations import OBSERVATIONS

__all__ = ["ASKED", "SERIES_COLUMNS", "series_sql"]

SERIES_COLUMNS = (
    "indicator",
    "area_code",
    "area",
    "area_kind",
    "of",
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "base",
    "unit",
    "source_file",
    "source",
    "published",
    "revised",
    "note",
)

ASKED: dict[str, dict[str, str]] = {
    # The indicators asked for, and how each is made. x, y and z are the parts of a computed one:
    # (x - y) / z; a stored one has x alone.
    "asked_indicators": {
        "wanted": "string",
        "computed": "boolean",
        "multiplier": "float64",  # never missing
        "per_day": "boolean",
        "monthly": "string",
        "has_y": "boolean",
        "has_z": "boolean",
        "paired": "boolean",  # numerator and denominator are matched day by day
        "z_name": "string",
        "base": "string",
        "unit": "string",
    },
    # The stored indicators that they are made of.
    "asked_parts": {
        "wanted": "string",
        "role": "string",
        "part": "string",
        "is_count": "boolean",
        "part_multiplier": "float64",
        "known_on": "date",
        "until": "date",
        "least_trusts": "int64",
    },
    # Areas that are sums of others, one row a member and a set of members.
    "asked_members": {
        "group_code": "string",
        "group_name": "string",
        "group_kind": "string",
        "set_number": "int64",
        "set_start": "date",
        "set_end": "date",
        "set_size": "int64",
        "member_code": "string",
    },
    # Codes of one and the same area; the last one stands for all.
    "asked_codes": {"code": "string", "last_code": "string", "place": "int64"},
}

FIGURE = ["wanted", "area_code", "period_start", "period_end"]
PART = ["wanted", "role", "area_code", "period_start", "period_end"]
FIRST_DAY = (1, 1, 1)
ENGLAND, ENGLAND_NAME = "E92000001", "England"


@cache
def series_sql() -> str:
    """Return the whole expression as DuckDB runs it, over `observations` and `ASKED`."""
    return str(ibis.to_sql(series_expression(), dialect="duckdb"))


def series_expression() -> ir.Table:
    """Return the series of all indicators asked for, as an Ibis expression."""
    given = part_figures()
    parts = given.union(area_sums(given))
    indicators = _asked("asked_indicators")
    rows = matched_parts(parts, indicators)
    rows = months(rows).union(as_published(rows))
    rows = with_denominator(rows, parts)
    rows = chosen(rows.union(trust_sums(rows)))
    return finished(rows)


def _asked(name: str) -> ir.Table:
    return ibis.table(ASKED[name], name=name)


def _number_of(day: ir.Value) -> ir.Value:
    return day.delta(ibis.date(*FIRST_DAY), unit="day")


def _join_texts(mark: str, *texts: ir.Value) -> ir.Value:
    """Texts with a mark between two; the missing ones left out, and missing if all are."""
    return ibis.literal(mark).join([text.cast("string") for text in texts]).nullif("")


def _words(*words: ir.Value | str) -> ir.Value:
    whole: ir.Value = ibis.literal("")
    for word in words:
        whole = whole + (word if isinstance(word, str) else word.cast("string"))
    return whole


def _counted(count: ir.Value, noun: str) -> ir.Value:
    return _words(count, (count == 1).ifelse(f" {noun}", f" {noun}s"))


# --------------------------------------------------------------------------- the parts


def part_figures() -> ir.Table:
    """Return the current rows of the parts, under the last code of each area."""
    schema = ibis.Schema.from_pyarrow(OBSERVATIONS)
    seen = ibis.table(schema, name="observations")
    parts, codes = _asked("asked_parts"), _asked("asked_codes")
    rows = seen.join(parts, seen["indicator"] == parts["part"])
    rows = rows.filter((rows["role"] == "z") | (rows["period_end"] <= rows["until"]))
    known = ibis.coalesce(rows["revised"], rows["published"], ibis.date(*FIRST_DAY))
    rows = rows.mutate(known=known)
    rows = rows.filter(rows["known"] <= rows["known_on"])
    rows = rows.left_join(codes, rows["area_code"] == codes["code"])
    rows = rows.mutate(
        area_code=rows["last_code"].coalesce(rows["area_code"]),
        # Known last; of two codes of one area known on one day, the later code.
        rank=_number_of(rows["known"]) * 100 + rows["place"].fill_null(0),
        source=_join_texts(
            ", ", rows["file"], _words("sheet ", rows["sheet"]), _words("cell ", rows["cell"])
        ),
    )
    last = rows["rank"].max().over(ibis.window(group_by=PART))
    rows = rows.mutate(last_rank=last)
    rows = rows.filter(rows["rank"] == rows["last_rank"])
    return rows.select(*_PART_COLUMNS)


_PART_COLUMNS = [
    *PART,
    *("area", "area_kind", "of", "value", "numerator", "denominator", "base", "unit"),
    *("file", "source", "published", "revised", "note", "is_count", "part_multiplier"),
    "least_trusts",
]


def area_sums(given: ir.Table) -> ir.Table:
    """Return the sums of areas, of those members that a publisher has all figures of.

    Each area that is a sum has one or more sets of members, each of them the whole. The set in
    force in the period is taken if it is complete, else another that is complete.
    """
    members = _asked("asked_members")
    rows = given.filter(given["area_kind"] == "area")
    rows = rows.join(members, rows["area_code"] == members["member_code"])
    group = [
        *("wanted", "role", "group_code", "group_name", "group_kind", "set_number", "set_size"),
        *("set_start", "set_end", "period_start", "period_end", "is_count", "part_multiplier"),
        "least_trusts",
    ]
    sums = rows.group_by(group).agg(
        x=rows["value"].sum(),
        have=rows["value"].count(),
        n=rows["numerator"].sum(),
        d=rows["denominator"].sum(),
        have_both=(rows["numerator"] + rows["denominator"]).count(),
        **_gathered(rows),
    )
    sums = sums.filter(sums["is_count"] | (sums["have_both"] > 0))
    have = sums["is_count"].ifelse(sums["have"], sums["have_both"])
    sums = sums.mutate(have=have, complete=have == sums["set_size"])
    return _as_parts(_best_set(sums), given)


def _gathered(rows: ir.Table) -> dict[str, ir.Value]:
    """What a sum says of the rows that it is made of."""
    return {
        "of": rows["of"].min(),
        "base": rows["base"].min(),
        "unit": rows["unit"].min(),
        "file": _distinct(rows["file"]),
        "published": rows["published"].max(),
        "revised": rows["revised"].max(),
    }


def _distinct(files: ir.Value, where: ir.Value | None = None) -> ir.Value:
    """Up to two names of files, and that there are more."""
    first, last = files.min(where=where), files.max(where=where)
    count = files.nunique(where=where)
    return ibis.cases(
        (count <= 1, first),
        (count == 2, _words(first, "; ", last)),
        else_=_words(first, "; ", last, "; ", count - 2, " more files"),
    )


def _best_set(sums: ir.Table) -> ir.Table:
    in_force = (sums["set_start"] <= sums["period_start"]) & (sums["period_end"] <= sums["set_end"])
    score = sums["complete"].cast("int64") * 20_000 + in_force.cast("int64") * 10_000
    sums = sums.mutate(score=score + sums["set_number"])
    group = ["wanted", "role", "group_code", "period_start", "period_end"]
    sums = sums.mutate(best=sums["score"].max().over(ibis.window(group_by=group)))
    return sums.filter(sums["score"] == sums["best"])


def _as_parts(sums: ir.Table, given: ir.Table) -> ir.Table:
    ratio = sums["part_multiplier"] * sums["n"] / sums["d"].nullif(0.0)
    value = sums["is_count"].ifelse(sums["x"], ratio)
    both = sums["have_both"] == sums["set_size"]
    lacking = _words(
        sums["have"], " of ", sums["set_size"], " areas have a figure; a sum needs all"
    )
    rows = sums.mutate(
        area_code=sums["group_code"],
        area=sums["group_name"],
        area_kind=sums["group_kind"],
        value=sums["complete"].ifelse(value, None),
        numerator=both.ifelse(sums["n"], None),
        denominator=both.ifelse(sums["d"], None),
        source=_words("sum of ", _counted(sums["have"], "area"), " in ", sums["file"]),
        note=sums["complete"].ifelse(None, lacking),
    ).select(*_PART_COLUMNS)
    # What is published stands.
    return rows.anti_join(given, PART)


# --------------------------------------------------------------------------- matching and months


def matched_parts(parts: ir.Table, indicators: ir.Table) -> ir.Table:
    """Return a row of each figure with x, and with the y and z of the same area and period."""
    x = parts.filter(parts["role"] == "x").join(indicators, "wanted")
    x = x.mutate(
        base=x["computed"].ifelse(x["base_right"], x["base"]).nullif(""),
        unit=x["computed"].ifelse(x["unit_right"], x["unit"]),
        x=x["value"],
        x_source=x["source"],
        x_note=x["note"],
    )
    x = x.drop("role", "value", "source", "note", "base_right", "unit_right")
    x = _with(x, _other(parts, "y"), FIGURE)
    z = _other(parts, "z").join(_pairing(indicators, paired=True), "wanted")
    return _with(x, z, FIGURE).mutate(z_day=ibis.null("date"), published_row=True)


def _with(left: ir.Table, right: ir.Table, keys: list[str]) -> ir.Table:
    """Each row of the left with what the right has of the same keys, if anything."""
    joined = left.left_join(right, keys)
    return joined.drop(*(name for name in joined.columns if name.endswith("_right")))


def _other(parts: ir.Table, role: str) -> ir.Table:
    rows = parts.filter(parts["role"] == role)
    return rows.select(
        *FIGURE,
        **{role: rows["value"], f"{role}_source": rows["source"], f"{role}_note": rows["note"]},
    )


def _pairing(indicators: ir.Table, *, paired: bool) -> ir.Table:
    return indicators.filter(indicators["paired"] == paired).select("wanted")


def _is_daily(rows: ir.Table) -> ir.Value:
    return (rows["monthly"] != "as_is") & (rows["period_start"] == rows["period_end"])


def as_published(rows: ir.Table) -> ir.Table:
    """Return the rows that are not daily ones to be made months of."""
    return rows.filter(~_is_daily(rows)).select(*_ROW_COLUMNS)


_ROW_COLUMNS = [
    *FIGURE,
    *("area", "area_kind", "of", "numerator", "denominator", "base", "unit", "file"),
    *("published", "revised", "is_count", "part_multiplier", "least_trusts"),
    *("computed", "multiplier", "per_day", "monthly", "has_y", "has_z", "paired", "z_name"),
    *("x", "x_source", "x_note", "y", "y_source", "y_note", "z", "z_source", "z_note", "z_day"),
    "published_row",
]


def _is_whole(rows: ir.Table) -> ir.Value:
    """Whether a row has every part that it is made of, as far as they are matched."""
    has_z = rows["has_z"] & rows["paired"]
    return (
        rows["x"].notnull()
        & (~rows["has_y"] | rows["y"].notnull())
        & (~has_z | rows["z"].notnull())
    )


def months(rows: ir.Table) -> ir.Table:
    """Return daily rows as months: the mean or sum over the days that have every part."""
    days = rows.filter(_is_daily(rows))
    days = days.mutate(whole=_is_whole(days), month=days["period_start"].truncate("M"))
    same = [
        *("wanted", "area_code", "month", "monthly", "computed", "multiplier", "per_day", "has_y"),
        *("has_z", "paired", "z_name", "is_count", "part_multiplier", "least_trusts"),
    ]
    whole = days["whole"]
    sums = days.group_by(same).agg(
        days=whole.sum(),
        area=days["area"].argmax(days["period_start"]),
        area_kind=days["area_kind"].max(),
        why=days["x_note"].argmin(days["period_start"], where=~whole),
        **{name: days[name].sum(where=whole) for name in (*"xyz", "numerator", "denominator")},
        **{f"{role}_source": _first_to_last(days, f"{role}_source") for role in "xyz"},
        **_gathered(days),
    )
    return _judged(sums).select(*_ROW_COLUMNS)


def _first_to_last(days: ir.Table, name: str) -> ir.Value:
    first = days[name].argmin(days["period_start"], where=days["whole"])
    last = days[name].argmax(days["period_start"], where=days["whole"])
    return (first == last).ifelse(first, _words(first, " to ", last))


def _judged(sums: ir.Table) -> ir.Table:
    """Months with a figure only where enough of their days have one."""
    end = sums["month"] + ibis.interval(months=1) - ibis.interval(days=1)
    sums = sums.mutate(period_start=sums["month"].cast("date"), period_end=end.cast("date"))
    all_days = _number_of(sums["period_end"]) - _number_of(sums["period_start"]) + 1
    # A ratio over the days that have both parts stays a ratio; a sum that lacks days is too small.
    strict = (sums["monthly"] == "sum") & ~(sums["has_z"] & sums["paired"])
    enough = strict.ifelse(sums["days"] == all_days, sums["days"] * 2 >= all_days)
    over = (sums["monthly"] == "mean").ifelse(sums["days"], 1)
    names = (*"xyz", "numerator", "denominator")
    lacking = strict.ifelse("; a sum needs all", "; fewer than half")
    note = _join_texts(
        "",
        _words(sums["days"], " of ", all_days, " days have a figure"),
        enough.ifelse(None, lacking),
        _words("; ", sums["why"]),
    )
    return sums.mutate(
        **{name: enough.ifelse(sums[name] / over, None) for name in names},
        x_note=(sums["days"] < all_days).ifelse(note, None),
        y_note=ibis.null("string"),
        z_note=ibis.null("string"),
        z_day=ibis.null("date"),
        published_row=True,
    )


# --------------------------------------------------------------------------- denominators


def with_denominator(rows: ir.Table, parts: ir.Table) -> ir.Table:
    """Return the rows with the denominator of their period, or else of the nearest mid-year.

    Only what is not matched day by day. A mid-year estimate is a figure of one 30 June.
    """
    needing = rows.filter(rows["has_z"] & ~rows["paired"])
    others = rows.filter(~(rows["has_z"] & ~rows["paired"]))
    needing = needing.drop("z", "z_source", "z_note", "z_day")
    z = _other(parts, "z").join(_pairing(_asked("asked_indicators"), paired=False), "wanted")
    z = z.mutate(found=True)
    exact = _with(needing, z, FIGURE)
    matched = exact.filter(exact["found"].notnull()).mutate(z_day=ibis.null("date"))
    nearest = _nearest(needing.anti_join(z, FIGURE), z)
    return others.union(matched.select(*_ROW_COLUMNS)).union(nearest.select(*_ROW_COLUMNS))


def _nearest(rows: ir.Table, z: ir.Table) -> ir.Table:
    day = z["period_start"]
    is_midyear = (day == z["period_end"]) & (day.month() == 6) & (day.day() == 30)
    estimates = z.filter(is_midyear & z["z"].notnull())
    estimates = estimates.mutate(z_day=estimates["period_start"])
    estimates = estimates.drop("period_start", "period_end", "found")
    both = _with(rows, estimates, ["wanted", "area_code"])
    middle = _number_of(both["period_start"]) + _number_of(both["period_end"])
    away = _number_of(both["z_day"]) * 2 - middle
    # Of two that are equally near, the earlier.
    both = both.mutate(away=(away.abs() * 2 + (away > 0).cast("int64")).fill_null(0))
    least = both["away"].min().over(ibis.window(group_by=FIGURE))
    both = both.mutate(least=least)
    return both.filter(both["away"] == both["least"])


# --------------------------------------------------------------------------- trusts


def _is_usable(rows: ir.Table) -> ir.Value:
    """Whether a row's value can be told; of a stored ratio also what it is made of."""
    has = rows["x"].notnull() & (~rows["has_y"] | rows["y"].notnull())
    return has & (~rows["has_z"] | rows["z"].notnull())


def trust_sums(rows: ir.Table) -> ir.Table:
    """Return England's figures: sums over the trusts that reported, where enough did."""
    trusts = rows.filter(rows["area_kind"] == "trust")
    ratio_known = (trusts["numerator"] + trusts["denominator"]).notnull()
    summable = trusts["computed"] | trusts["is_count"] | ratio_known
    trusts = trusts.mutate(usable=_is_usable(trusts) & summable)
    usable = trusts["usable"]
    same = [
        *("wanted", "period_start", "period_end", "monthly", "computed", "multiplier", "per_day"),
        *("has_y", "has_z", "paired", "z_name", "is_count", "part_multiplier", "least_trusts"),
    ]
    sums = trusts.group_by(same).agg(
        reported=usable.sum(),
        trusts=trusts.count(),
        z_day=trusts["z_day"].min(),
        **{name: trusts[name].sum(where=usable) for name in (*"xyz", "numerator", "denominator")},
        **_gathered(trusts),
    )
    sums = sums.filter((sums["reported"] > 0) & (sums["trusts"] >= sums["least_trusts"]))
    ratio = sums["part_multiplier"] * sums["numerator"] / sums["denominator"].nullif(0.0)
    source = _words("sum over ", _counted(sums["reported"], "trust"), " in ", sums["file"])
    note = _words(
        "sum over the ", sums["reported"], " of ", sums["trusts"], " trusts that reported"
    )
    return sums.mutate(
        area_code=ibis.literal(ENGLAND),
        area=ibis.literal(ENGLAND_NAME),
        area_kind=ibis.literal("country"),
        x=(sums["computed"] | sums["is_count"]).ifelse(sums["x"], ratio),
        published_row=False,
        x_source=source,
        x_note=note,
        **{f"{role}_source": sums[f"has_{role}"].ifelse(source, None) for role in "yz"},
        **{f"{role}_note": ibis.null("string") for role in "yz"},
    ).select(*_ROW_COLUMNS)


def chosen(rows: ir.Table) -> ir.Table:
    """Return one row a figure: the published one if it has all its parts, else ours."""
    score = _is_usable(rows).cast("int64") * 2 + rows["published_row"].cast("int64")
    rows = rows.mutate(score=score)
    best = rows["score"].max().over(ibis.window(group_by=FIGURE))
    rows = rows.mutate(best=best)
    return rows.filter(rows["score"] == rows["best"])


# --------------------------------------------------------------------------- the figures


def finished(rows: ir.Table) -> ir.Table:
    """Return the columns of a series, in order of indicator, area and period."""
    top = rows["has_y"].ifelse(rows["x"] - rows["y"], rows["x"])
    days = _number_of(rows["period_end"]) - _number_of(rows["period_start"]) + 1
    over = rows["has_z"].ifelse(rows["z"].nullif(0.0), 1.0)
    value = rows["multiplier"] * top / over / rows["per_day"].ifelse(days, 1)
    computed = rows["computed"]
    done = rows.mutate(
        indicator=rows["wanted"],
        value=computed.ifelse(value, rows["x"]),
        numerator=computed.ifelse(top, rows["numerator"]),
        denominator=computed.ifelse(rows["z"], rows["denominator"]),
        source_file=rows["file"],
        source=computed.ifelse(_two_sources(rows), rows["x_source"]),
        note=_all_notes(rows),
    )
    return done.select(*SERIES_COLUMNS).order_by(
        "indicator", "area_code", "period_start", "period_end"
    )


def _two_sources(rows: ir.Table) -> ir.Value:
    less = rows["has_y"].ifelse(_words(" less ", rows["y_source"]), None)
    of_day = _words(" (", rows["z_day"].strftime("%-d %B %Y"), ")")
    denominator = _words("; denominator: ", rows["z_source"])
    return _join_texts("", _words("numerator: ", rows["x_source"]), less, denominator, of_day)


def _all_notes(rows: ir.Table) -> ir.Value:
    missing = rows["has_z"] & rows["z"].isnull() & rows["z_note"].isnull()
    nothing = rows["has_z"] & (rows["z"] == 0)
    return _join_texts(
        "; ",
        rows["x_note"],
        _words("what is taken off: ", rows["y_note"]),
        (rows["has_y"] & rows["y"].isnull() & rows["y_note"].isnull()).ifelse(
            "no figure of what is taken off", None
        ),
        _words("denominator: ", rows["z_note"]),
        (missing & rows["x"].notnull()).ifelse(_words("no figure of ", rows["z_name"]), None),
        nothing.ifelse("the denominator is 0", None),
    )
