"""Acute discharge: people who no longer meet the criteria to reside, discharges, reasons.

The figures are NHS England's acute discharge situation reports; these layouts are tidy tables
that the British Red Cross made of its workbooks. The CSV files that NHS England publishes
itself since 2025 are read by `acute_discharge`.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from wholesystem.indicators.discharge_reasons import discharge_reasons
from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import Figures, LongTable, Texts, lacks_columns
from wholesystem.indicators.loaders.organisations import trust_or_icb_places, trust_places
from wholesystem.indicators.loaders.spans import DAY, MONTH
from wholesystem.indicators.loaders.withdrawals import (
    withdraw_jumps,
    withdraw_sums,
    withdraw_zeros,
)
from wholesystem.tables.cells import closest

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.long_table import Whole
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS", "reason_indicators", "reason_key"]

PUBLISHER = "NHS England"
STAYING = "do_not_meet_criteria_to_reside"
DISCHARGED = ("discharged_by_1700", "discharged_between_1701_2359", "discharged_total")
REASONS = ("nhs_trust22_code", "date", "delay_reason", "delay_count")
# A count of one day is taken as impossible where it is more than 3 times those around it. Only
# rises: few are discharged on a Sunday, and some trusts count fewer people at weekends.
RISE, LEAST_PEOPLE = 3.0, 50.0


def reason_key(label: str) -> str:
    """A label of a reason for delay as labels are compared: letters and digits only.

    Parameters
    ----------
    label : str
        As published; dashes, spaces and a stray question mark differ from file to file.

    Returns
    -------
    str
        In small letters.

    Examples
    --------
    >>> reason_key("Care transfer hub process– Awaiting necessary referrals")
    'caretransferhubprocessawaitingnecessaryreferrals'
    """
    return re.sub(r"[^a-z0-9]", "", label.lower())


@cache
def reason_indicators() -> dict[str, tuple[str, str]]:
    """Indicator and label of each of the 37 reasons for delay, by `reason_key` of the label.

    Returns
    -------
    dict
        Such as ``discharge_delay_reason_04`` and its label.
    """
    return {
        reason_key(one.label): (one.indicator, one.label) for one in discharge_reasons().values()
    }


def _load_staying(format_id: str, code: str, workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, (code, "date", STAYING))
    places = trust_or_icb_places(table, code)
    spans = table.periods("date", *DAY)
    people = table.figures(STAYING)
    keys = (places.codes.index, spans.start.astype(np.int64))
    table.refuse_repeats(keys, [people], "organisation and day")
    withdraw_zeros(table, places.codes, people)
    withdraw_jumps(table, places.codes, spans, people, factor=RISE, least=LEAST_PEOPLE, falls=False)
    table.observe("nctr_people", people, places, spans, unit="people")
    return table.loaded(format_id)


def _load_discharged(format_id: str, code: str, workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, (code, "date", *DISCHARGED))
    places = trust_or_icb_places(table, code)
    spans = table.periods("date", *DAY)
    early, late, total = (table.figures(name) for name in DISCHARGED)
    keys = (places.codes.index, spans.start.astype(np.int64))
    table.refuse_repeats(keys, [early, late, total], "organisation and day")
    withdraw_zeros(table, places.codes, total, early, late)
    withdraw_sums(table, total, (early, late))
    withdraw_jumps(
        table, places.codes, spans, total, early, late, factor=RISE, least=LEAST_PEOPLE, falls=False
    )
    for indicator, figures in (
        ("discharges", total),
        ("discharges_by_1700", early),
        ("discharges_after_1700", late),
    ):
        table.observe(indicator, figures, places, spans, unit="people")
    return table.loaded(format_id)


def _load_reasons(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, PUBLISHER, REASONS)
    names = table.texts("nhs_trust22_name") if table.has("nhs_trust22_name") else None
    places = trust_places(table, "nhs_trust22_code", names)
    spans = table.periods("date", *MONTH)
    reasons = _reasons(table)
    people = table.figures("delay_count")
    keys = (places.codes.index, spans.start.astype(np.int64), reasons.index)
    table.refuse_repeats(keys, [people], "trust, month and reason")
    _withdraw_unsubmitted(places.codes, spans.start.astype(np.int64), people)
    table.observe(reasons, people, places, spans, unit="people")
    return table.loaded("discharge_reasons")


def _reasons(table: LongTable) -> Texts:
    known = reason_indicators()
    texts = table.checked(
        "delay_reason",
        lambda text: reason_key(text) in known,
        "It is none of the 37 reasons for delay.",
        "Write the reason as NHS England does, or add it to the list of reasons.",
    )
    for text in texts.values:
        near = None if reason_key(text) in known else closest(text, (v for _, v in known.values()))
        if near:
            table.warnings.append(f"Did {text!r} mean {near!r}?")
    return texts.map(lambda text: known.get(reason_key(text), ("", ""))[0])


def _withdraw_unsubmitted(codes: Texts, months: Whole, people: Figures) -> None:
    """A trust whose every reason is 0 in a month has not reported."""
    _, group = np.unique(codes.index * 1_000_000 + months, return_inverse=True)
    none = np.bincount(group, np.nan_to_num(people.values)) == 0
    people.withdraw(
        none[group],
        "{value} stands in the file; taken as not submitted, since every reason of the trust is "
        "0 in this month",
    )


def _daily(format_id: str, name: str, code: str, needed: tuple[str, ...]) -> Format:
    load = _load_staying if STAYING in needed else _load_discharged
    columns = (code, "date", *needed)
    return Format(
        format_id,
        name,
        PUBLISHER,
        "a tidy table (healthyr package) with the columns " + ", ".join(columns),
        lambda workbook: lacks_columns(workbook, columns),
        partial(load, format_id, code),
    )


FORMATS = (
    _daily(
        "nctr_trust",
        "People who no longer meet the criteria to reside, by trust and day",
        "nhs_trust22_code",
        (STAYING,),
    ),
    _daily(
        "nctr_icb",
        "People who no longer meet the criteria to reside, by ICB and day",
        "icb22_code",
        (STAYING,),
    ),
    _daily(
        "discharged_trust",
        "People discharged by 17:00 and later, by trust and day",
        "nhs_trust22_code",
        DISCHARGED,
    ),
    _daily(
        "discharged_icb",
        "People discharged by 17:00 and later, by ICB and day",
        "icb22_code",
        DISCHARGED,
    ),
    Format(
        "discharge_reasons",
        "People delayed by reason, by trust and month",
        PUBLISHER,
        "a tidy table (healthyr package) with the columns " + ", ".join(REASONS),
        lambda workbook: lacks_columns(workbook, REASONS),
        _load_reasons,
    ),
)
