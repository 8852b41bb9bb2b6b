"""Changing single cells: `--set TABLE.KEY.COLUMN=VALUE`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.models import make_model
from wholesystem.errors import TableError
from wholesystem.flow import apply_sets, parse_duration


def area() -> Any:
    return make_model(
        "service,label,places\nward,The ward,80\nteam,The team,\nfree,Free,",
        "service,cohort,per_day,from\nward,old,10,\nward,old,2,2024-02-01\nward,young,4,",
        'service,cohort,days\nward,,"lognormal(median=2, p90=9)"\nward,old,fixed(4)\n'
        "team,,empirical(team)\nfree,,fixed(1)",
        "from,to,share,arranging_days,reason\nward,team,0.2,fixed(2),E\nward,team,0.1,,C\n"
        "ward,home,0.7,,\nteam,home,1,,\nfree,home,1,,",
        cohorts="cohort,priority\nold,1\nyoung,2",
        start="service,waiting_for,cohort,people\n,ward,old,3\nward,,old,2",
        empirical={"team": [1.0, 2.0]},
        days=100,
    )


def first(model: Any) -> Any:
    return model.services[0]


READ: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("services.ward.places=120", lambda m: first(m).places, 120),
    ("services.ward.places=+10", lambda m: first(m).places, 90),
    ("services.ward.places=-10", lambda m: first(m).places, 70),
    ("services.ward.places=*1.1", lambda m: first(m).places, 88),
    ("services.ward.places=", lambda m: first(m).places, None),
    (' services.ward.places = "120" ', lambda m: first(m).places, 120),
    ("services.*.arrivals_wait=5", lambda m: [s.arrivals_wait for s in m.services], [5] * 4),
    ("services.ward.label=*new*", lambda m: first(m).label, "*new*"),
    ("arrivals.ward:young.per_day=6", lambda m: [a.per_day for a in m.arrivals], [10, 2, 6]),
    ("arrivals.ward:old:.per_day=6", lambda m: [a.per_day for a in m.arrivals], [6, 2, 4]),
    ("arrivals.ward:old:2024-02-01.per_day=6", lambda m: [a.per_day for a in m.arrivals],
     [10, 6, 4]),
    ("arrivals.*.per_day=*1.5", lambda m: [a.per_day for a in m.arrivals], [15, 3, 6]),
    ("arrivals.ward:*.per_day=+1", lambda m: [a.per_day for a in m.arrivals], [11, 3, 5]),
    ('durations.ward:.days="gamma(mean=4, sd=2)"', lambda m: m.durations[0].days,
     parse_duration("gamma(mean=4, sd=2)")),
    ("durations.ward:old.days=*0.5", lambda m: m.durations[1].days, parse_duration("fixed(2)")),
    ("durations.ward:.days=*2", lambda m: round(m.durations[0].days.quantile_days(0.9), 9), 18),
    ("routes.ward:team::E.arranging_days=fixed(5)", lambda m: m.routes[0].arranging_days,
     parse_duration("fixed(5)")),
    ("start.:ward.people=7", lambda m: m.start[0].people, 7),
    ("cohorts.young.priority=1", lambda m: m.cohorts[1].priority, 1),
    ("model.days=30", lambda m: m.settings.days, 30),
    ("model.days=*2", lambda m: m.settings.days, 200),
    ("model.population=1000", lambda m: m.settings.population, 1000),
    ("model.start=2025-01-01", lambda m: m.settings.start.year, 2025),
]  # fmt: skip


@pytest.mark.parametrize(("change", "read", "expected"), READ)
def test_a_cell_is_changed(change: str, read: Callable[[Any], Any], expected: Any) -> None:
    assert read(apply_sets(area(), [change])) == expected


def test_several_changes_are_made_in_their_order_and_the_model_stays_as_it_was() -> None:
    model = area()

    changed = apply_sets(model, ["services.ward.places=100", "services.ward.places=+5"])

    assert first(changed).places == 105
    assert first(model).places == 80
    assert apply_sets(model, []) is model


def test_shares_can_be_changed_together() -> None:
    changed = apply_sets(area(), ["routes.ward:home.share=-0.1", "routes.ward:team::C.share=0.2"])

    assert [row.share for row in changed.routes[:3]] == [0.2, 0.2, 0.6]


REFUSED = [
    ("services.ward=12", "It must be TABLE.KEY.COLUMN=VALUE"),
    ("services.ward.places", "It must be TABLE.KEY.COLUMN=VALUE"),
    ("places=3", "It must be TABLE.KEY.COLUMN=VALUE"),
    ("service.ward.places=3", "Did you mean services?"),
    ("services.wrad.places=3", "Did you mean ward?"),
    ("services.zzz.places=3", "There are ward, team, free, home."),
    ("services.ward.place=3", "Did you mean places?"),
    ("services.ward:x.places=3", "A key of services is service"),
    ("costs.ward.per_day=3", "The model has no table costs."),
    ("empirical_team.3.days=3", "There is no table empirical_team."),
    ("arrivals.ward:old.per_day=3",
     "Write a longer key: ward:old:, ward:old:2024-02-01; or ward:old:* for all"),
    ("durations.ward.days=fixed(1)", "Write a longer key: ward:, ward:old; or ward:* for all"),
    ("model.dasy=3", "Did you mean model.days?"),
    ("model.format=2", "There is no setting format"),
    ("model.a.days=3", "There is no setting a.days"),
    ("services.ward.places=ten", "A finite number"),
    ("services.ward.places=+ten", "A finite number is needed here."),
    ("services.team.places=+10", "places is blank, so it cannot be changed by +10."),
    ("services.ward.places=-100", "It must be at least 0"),
    ("durations.ward:old.days=+1", "multiplied by a number above 0, such as *0.9"),
    ("durations.ward:old.days=*0", "multiplied by a number above 0"),
    ("durations.team.days=*2", "The values of empirical(team) stand in a table."),
    ("routes.ward:home.arranging_days=*2", "arranging_days is blank"),
    ("routes.ward:home.share=0.5", "The shares leaving ward sum to 0.8; they must sum to 1."),
    ("model.days=1e9", "It must be more than 0 and at most 36525."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_what_cannot_be_changed_says_which_set_and_why(change: str, words: str) -> None:
    with pytest.raises(TableError) as caught:
        apply_sets(area(), [change])

    (fault,) = caught.value.faults
    assert f"--set {change}" in str(fault)
    assert words in str(fault)


def test_all_faults_come_together() -> None:
    with pytest.raises(TableError) as caught:
        apply_sets(area(), ["services.wrad.places=3", "model.dasy=3"])

    assert len(caught.value.faults) == 2
