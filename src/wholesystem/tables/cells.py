"""One cell of a table: from the text that stands there to a value, or the rule that it breaks.

Nothing is guessed: ``1,234``, ``5%`` and ``01/04/2017`` are refused with the spelling to write,
since a wrong guess would change a result silently.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from datetime import date, datetime

__all__ = [
    "CellError",
    "closest",
    "number_text",
    "parse_date",
    "parse_date_time",
    "parse_id",
    "parse_number",
    "parse_text",
    "parse_whole",
]

LONGEST_ID = 60
LONGEST_TEXT = 2_000
FIRST_YEAR, LAST_YEAR = 1900, 2300

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([, \u00a0\u202f']\d{3})+(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_PERCENT = re.compile(r"([+-]?\d+(\.\d+)?)\s*%", re.ASCII)
_WITH_UNIT = re.compile(r"([+-]?\d+(\.\d+)?)\s*[a-zA-Z£$].*", re.ASCII | re.DOTALL)
_NOT_IN_IDS = '.:,=;"'
# Where a spreadsheet would read a formula or a quote, an id would not survive the round trip.
_NOT_FIRST_IN_IDS = "+-@'"


class CellError(ValueError):
    """A cell that cannot be read.

    Parameters
    ----------
    rule : str
        The rule that it breaks, as a sentence.
    remedy : str
        What to do, as a sentence.
    """

    def __init__(self, rule: str, remedy: str) -> None:
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{rule} {remedy}")


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to one that is not known.

    Parameters
    ----------
    word : str
        As typed; case is ignored.
    known : iterable of str
        What would have been right.

    Returns
    -------
    str or None
        None where nothing is near.
    """
    by_lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(word.lower()[:100], by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None


def parse_number(text: str) -> float:
    """A finite number.

    Parameters
    ----------
    text : str
        Digits with an optional sign, decimal point and exponent.

    Returns
    -------
    float
        The number.

    Raises
    ------
    CellError
        For anything else: words, NaN, infinity, thousands separators, per cents, units.
    """
    if _NUMBER.fullmatch(text):
        number = float(text)
        if math.isfinite(number):
            return number
    raise CellError("A finite number is needed here.", _number_remedy(text))


def _number_remedy(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return "Write a smaller number."
    if _THOUSANDS.fullmatch(text):
        plain = re.sub(r"[, \u00a0\u202f']", "", text)
        return f"Write {plain}, without a thousands separator."
    if _DECIMAL_COMMA.fullmatch(text):
        return f"Write {text.replace(',', '.')}, with a point."
    if percent := _PERCENT.fullmatch(text):
        return f"Write {number_text(float(percent[1]) / 100)}, without the per cent sign."
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity", "n/a", "na", "#n/a", "null", "none"}:
        return "Write a number."
    if with_unit := _WITH_UNIT.fullmatch(text):
        return f"Write {with_unit[1]} alone, in the unit of the column."
    return "Write it in digits, such as 12.5."


def parse_whole(text: str) -> int:
    """A whole number.

    Parameters
    ----------
    text : str
        As for `parse_number`; ``3.0`` is taken as 3, since spreadsheets write it so.

    Returns
    -------
    int
        The number.

    Raises
    ------
    CellError
        If it is not a whole number.
    """
    try:
        if re.fullmatch(r"[+-]?\d{1,30}", text, re.ASCII):
            return int(text)
        number = parse_number(text)
    except CellError as error:
        remedy = error.remedy.replace("12.5", "12")
        raise CellError("A whole number is needed here.", remedy) from None
    if number != int(number) or abs(number) > 2**53:
        raise CellError("A whole number is needed here.", f"Write {round(number)}, for example.")
    return int(number)


def parse_date(text: str) -> date:
    """A date.

    Parameters
    ----------
    text : str
        ``2017-04-01``; a time of midnight after it is allowed.

    Returns
    -------
    date
        From 1900 to 2300.

    Raises
    ------
    CellError
        For any other spelling, since ``01/04/2017`` is 1 April or 4 January.
    """
    rule = "A date is needed here, written year first."
    remedy = "Write it like 2017-04-01 (1 April 2017)."
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?)?", text, re.ASCII):
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            raise CellError("There is no such day in the calendar.", remedy) from None
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        rule = f"The year must be from {FIRST_YEAR} to {LAST_YEAR}."
    raise CellError(rule, remedy)


def parse_date_time(text: str) -> datetime:
    """A local date and time.

    Parameters
    ----------
    text : str
        ``2017-04-01`` (midnight), ``2017-04-01T08:00`` or with seconds; a space may stand for T.

    Returns
    -------
    datetime
        Without a time zone, from 1900 to 2300.

    Raises
    ------
    CellError
        For any other spelling, and for a time zone.
    """
    remedy = "Write it like 2017-04-01T00:00:00, in local time and with no time zone."
    pattern = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
    if not re.fullmatch(pattern, text, re.ASCII):
        raise CellError("A local date and time is needed here, written year first.", remedy)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CellError("There is no such day or time.", remedy) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CellError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.", remedy)
    return moment


def parse_id(text: str) -> str:
    """A name that other tables, files and commands use.

    Parameters
    ----------
    text : str
        1 to 60 characters.

    Returns
    -------
    str
        The same.

    Raises
    ------
    CellError
        If it is blank, too long, or has characters that settings and files use for themselves.
    """
    remedy = "Write a short name such as home_care."
    if not text:
        raise CellError("It must not be blank.", remedy)
    if len(text) > LONGEST_ID:
        raise CellError(f"It may have at most {LONGEST_ID} characters.", remedy)
    wrong = [c for c in text if c in _NOT_IN_IDS or not c.isprintable()]
    if text[0] in _NOT_FIRST_IN_IDS:
        wrong.insert(0, text[0])
    if wrong:
        where = "start with" if text[0] == wrong[0] else "contain"
        raise CellError(f"It must not {where} {wrong[0]!r}.", remedy)
    return text


def parse_text(text: str) -> str:
    """Free text for people.

    Parameters
    ----------
    text : str
        At most 2,000 characters.

    Returns
    -------
    str
        The same.

    Raises
    ------
    CellError
        If it is longer, or has control characters other than line ends and tabs.
    """
    if len(text) > LONGEST_TEXT:
        raise CellError(f"It may have at most {LONGEST_TEXT:,} characters.", "Shorten it.")
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text):
        raise CellError("It must not contain control characters.", "Type the text again.")
    return text


def number_text(number: float) -> str:
    """A number as a table shows it.

    Parameters
    ----------
    number : float
        Finite.

    Returns
    -------
    str
        The shortest text that reads back as the same number; whole numbers without a point.
    """
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return repr(float(number))
