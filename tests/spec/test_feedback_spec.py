"""Which groups are shown: respondents by role and organisation in, groups out.

A table names role, organisation and respondents. What is expected names every group with those who
answered; ``-`` is a group that is not shown. Managers and carers are of care homes, social workers
of the council, nurses and doctors of the hospital.
"""

from __future__ import annotations

import pytest

from tests.helpers.feedback import make_instrument, make_sheets
from wholesystem.reviews.feedback.groups import make_groups

CASES = {
    "five are shown, and a role of nobody is shown as nobody": (
        """
        manager        oak      5
        social_worker  council  6
        nurse          general  7
        """,
        """
        all                      18
        Care homes               5
        Council                  6
        Hospital                 7
        Care homes/manager       5
        Care homes/carer         0
        Council/social_worker    6
        Hospital/nurse           7
        Hospital/doctor          0
        Care homes/oak           5
        Council/council          6
        Hospital/general         7
        """,
    ),
    "a kind of four would be what is left of all, so the next smallest goes with it": (
        """
        manager        oak      4
        social_worker  council  6
        nurse          general  9
        """,
        """
        all                      19
        Care homes               -
        Council                  -
        Hospital                 9
        Care homes/manager       -
        Care homes/carer         -
        Council/social_worker    -
        Hospital/nurse           9
        Hospital/doctor          0
        Care homes/oak           -
        Council/council          -
        Hospital/general         9
        """,
    ),
    "two small kinds that are three together need a third": (
        """
        manager        oak      1
        social_worker  council  2
        nurse          general  9
        """,
        """
        all                      12
        Care homes               -
        Council                  -
        Hospital                 -
        Care homes/manager       -
        Care homes/carer         -
        Council/social_worker    -
        Hospital/nurse           -
        Hospital/doctor          -
        Care homes/oak           -
        Council/council          -
        Hospital/general         -
        """,
    ),
    "a small role takes the other role of its kind with it, and the kind stays": (
        """
        nurse          general  9
        doctor         general  3
        social_worker  council  8
        """,
        """
        all                      20
        Care homes               0
        Council                  8
        Hospital                 12
        Care homes/manager       0
        Care homes/carer         0
        Council/social_worker    8
        Hospital/nurse           -
        Hospital/doctor          -
        Council/council          8
        Hospital/general         12
        """,
    ),
    "roles and organisations that meet in two people are not both shown: roles are": (
        """
        nurse          general  7
        nurse          royal    2
        doctor         royal    6
        """,
        """
        all                      15
        Care homes               0
        Council                  0
        Hospital                 15
        Care homes/manager       0
        Care homes/carer         0
        Council/social_worker    0
        Hospital/nurse           9
        Hospital/doctor          6
        Hospital/general         -
        Hospital/royal           -
        """,
    ),
    "four in all are not shown at all": (
        """
        nurse          general  4
        """,
        """
        all                      -
        Care homes               -
        Council                  -
        Hospital                 -
        Care homes/manager       -
        Care homes/carer         -
        Council/social_worker    -
        Hospital/nurse           -
        Hospital/doctor          -
        Hospital/general         -
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_which_groups_are_shown(case: str) -> None:
    given, expected = CASES[case]
    instrument = make_instrument()
    rows = [line.split() for line in given.strip().splitlines()]
    counts = {(role, place): int(count) for role, place, count in rows}

    groups = make_groups(instrument, make_sheets(instrument, counts, {}))

    found = [
        (
            "/".join(part for part in (one.within, one.name) if part) or "all",
            "-" if one.sheets is None else str(len(one.sheets)),
        )
        for one in groups
    ]
    assert found == [
        tuple(part.strip() for part in line.strip().rsplit("  ", 1))
        for line in expected.strip().splitlines()
    ]
