"""Measures of stays: one public function each, returning a table of aggregates."""

from __future__ import annotations

from wholesystem.stays.measures.delays import delays, delays_census, delays_daily
from wholesystem.stays.measures.flows import flows
from wholesystem.stays.measures.follow_up import readmission, still_at_home
from wholesystem.stays.measures.leaving import leaving_times
from wholesystem.stays.measures.length_of_stay import length_of_stay, time_in_department
from wholesystem.stays.measures.occupancy import occupancy, occupancy_census, occupancy_daily
from wholesystem.stays.measures.spells import spells
from wholesystem.stays.measures.waits import waits

__all__ = [
    "delays",
    "delays_census",
    "delays_daily",
    "flows",
    "leaving_times",
    "length_of_stay",
    "occupancy",
    "occupancy_census",
    "occupancy_daily",
    "readmission",
    "spells",
    "still_at_home",
    "time_in_department",
    "waits",
]
