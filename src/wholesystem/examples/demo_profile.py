"""The profile of the packaged area, from the packaged extract of published figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from wholesystem.examples.extract import extract_comparators, open_extract
from wholesystem.examples.reperformance import reperform, reperformance_table
from wholesystem.flow.results import write_csv
from wholesystem.indicators import Area, find_area
from wholesystem.indicators.profile import AreaProfile, ProfileData, ProfileOptions, make_profile
from wholesystem.pictures import PictureTable
from wholesystem.reports import Picture, Section
from wholesystem.reports.profile_files import write_profile
from wholesystem.reports.profile_page import LoadedFile

__all__ = ["AREA", "UNTIL", "DemoProfile", "make_demo_profile", "profile_section"]

AREA = "E10000025"
#: The review team was there in November and December 2017.
UNTIL = date(2017, 12, 31)

_EXTRACT = (
    "This profile is made from an extract of {areas} councils: {area} and those that it is compared"
    " with. A place is one among these, not among all councils of England; fifths and funnels"
    " likewise."
)
_TIME = (
    "It ends with December 2017: the review team was in {area} in November and December. The"
    " figures are as last revised, not as the team could see them; the delays of those two months"
    " were published in January and February 2018."
)
_AGAIN = (
    "What the review's report of February 2018 says, worked out again from the statistics as last"
    " revised. A figure agrees if it is the printed one once rounded as the report rounds it. Of"
    " {all} figures {agree} agree, {differ} differ and {lack} cannot be worked out from this"
    " extract; why stands beside each. Where a rate of Oxfordshire comes out lower than printed,"
    " the report used an earlier and smaller population: with 536,000 adults in place of 539,000 it"
    " agrees."
)


@dataclass(frozen=True)
class DemoProfile:
    """The profile of the packaged area, ready to write.

    Parameters
    ----------
    profile : AreaProfile
        Up to the time of the review.
    files : tuple of LoadedFile
        Tables of the extract.
    again : DataFrame
        Figures of the report worked out again, from `reperform`.
    """

    profile: AreaProfile
    files: tuple[LoadedFile, ...]
    again: pd.DataFrame

    def write(self, folder: Path, *, beside_map: bool = True) -> None:
        """Write the page, the workbook and the tables.

        Parameters
        ----------
        folder : Path
            Made where it does not exist.
        beside_map : bool
            Whether the map's page stands in the folder above, and is linked to.
        """
        folder.mkdir(parents=True, exist_ok=True)
        more = [_again(self.again), *([_map_link()] if beside_map else [])]
        write_profile(self.profile, folder, self.files, more)
        write_csv(self.again, folder / "reperformance.csv")


def make_demo_profile(heard: Callable[[], None] = lambda: None) -> DemoProfile:
    """Return the profile of the packaged area as at the time of its review.

    Parameters
    ----------
    heard : callable
        Called between steps; what it raises ends the work.

    Returns
    -------
    DemoProfile
        Of the packaged extract.
    """
    area = find_area(AREA)
    with open_extract() as loading:
        heard()
        options = ProfileOptions(until=UNTIL, lists=extract_comparators())
        profile = make_profile(ProfileData(loading.store, options), area)
        heard()
        again = reperform(loading.store)
        held = loading.store.areas()
        areas = int((held["area_kind"] == "area").sum())
        heard()
        return DemoProfile(_with_cautions(profile, area, areas), loading.files, again)


def _with_cautions(profile: AreaProfile, area: Area, areas: int) -> AreaProfile:
    words = (_EXTRACT.format(area=area.name, areas=areas), _TIME.format(area=area.name))
    return replace(profile, cautions=(*words, *profile.cautions))


def _again(found: pd.DataFrame) -> Picture:
    verdicts = found["verdict"].tolist()
    words = _AGAIN.format(
        all=len(verdicts),
        agree=verdicts.count("agrees"),
        differ=verdicts.count("differs"),
        lack=verdicts.count("not worked out"),
    )
    return Picture(
        tables=(reperformance_table(found),),
        paragraphs=(words,),
        source="Printed: Care Quality Commission, Oxfordshire local system review report, February"
        " 2018. Worked out from: NHS England, delayed transfers of care and A&E attendances; Office"
        " for National Statistics, population. reperformance.csv names the cells.",
    )


def _map_link() -> Picture:
    return Picture(
        tables=(
            PictureTable(
                "Beside this profile",
                ("Page", "What it shows"),
                (("How older people moved through the system in 2017",
                  "A simulated year, fitted to these and other figures: where people were held up,"
                  " and why"),),
                (False, False),
                ("../index.html",),
            ),
        )
    )  # fmt: skip


def profile_section(made: DemoProfile) -> Section:
    """Section of the map's page that leads to the profile, and to the reports of the review.

    Parameters
    ----------
    made : DemoProfile
        That stands in the folder ``profile`` beside the page; reports stand in ``report``.

    Returns
    -------
    Section
        Four links.
    """
    verdicts = made.again["verdict"].tolist()
    rows = (
        (
            "Local data profile",
            f"{len(made.profile.indicators)} indicators up to December 2017, against similar"
            " councils and England, with what changed and what stands out",
        ),
        (
            "The report's figures again",
            f"{len(verdicts)} figures of the 2018 review's report, worked out from the statistics:"
            f" {verdicts.count('agrees')} agree, and why the others do not",
        ),
        (
            "Report of the review",
            "Drafted from the packaged reconstruction of the 2018 review: findings, areas for"
            " improvement, what each finding stands on; beside it as PDF and Word",
        ),
        (
            "Report of progress",
            "What was said of the action plan in November 2018, and what the figures say; beside it"
            " as PDF and Word",
        ),
    )
    table = PictureTable(
        "Pages made with this one",
        ("Page", "What it shows"),
        rows,
        (False, False),
        (
            "profile/index.html",
            "profile/index.html#more",
            "report/review-report.html",
            "report/progress-report.html",
        ),
    )
    return Section(
        "profile", "Oxfordshire in the national statistics", pictures=(Picture(tables=(table,)),)
    )
