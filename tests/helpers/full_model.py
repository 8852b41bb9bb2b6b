"""A small model that has every table."""

from __future__ import annotations

from typing import Any

from tests.helpers.models import make_model

FULL: dict[str, Any] = {
    "services": "service,places,unit,arrivals_wait\nward,20,,0\nteam,100,hours_per_week,",
    "arrivals": "service,cohort,per_day,from,to,profile\n"
    "ward,old,2,2024-01-01,2024-06-30,day\nward,young,1,,,",
    "durations": "service,cohort,days\nward,,fixed(2)\nward,old,fixed(3)\nteam,,empirical(team)",
    "routes": "from,to,share,arranging_days,reason,responsible\n"
    "ward,team,0.25,fixed(1),E,both\nward,home,0.75,,,\nteam,home,1,,,",
    "profiles": "profile,month,weekday,hour,weight\nday,,,3,0.5\nday,12,,,1.2",
    "capacity": "service,from,weekday,start_hour,end_hour,places\nward,2024-02-01,7,22,6.5,10",
    "needs": "service,hours_per_week\nteam,empirical(hours)",
    "cohorts": "cohort,priority\nold,1\nyoung,2",
    "costs": "service,state,per_day,payer,price_year\nward,occupied,400,nhs,2024",
    "start": "service,waiting_for,cohort,people\nward,team,old,2\n,ward,young,1",
    "empirical": {"team": [10.0, 20.5], "hours": [3.0, 4.0]},
}


def full_model(**changes: Any) -> Any:
    return make_model(**{**FULL, **changes})
