"""A system map of the size of a county, with invented figures, for tests of the pictures."""

from __future__ import annotations

import math

from wholesystem.pictures import MapFlow, MapService, SystemMap

# service, label, stage, places, occupied, delayed, waiting outside, turned away a day
_SERVICES = """
home            | Own home, no care            | usual_place | -    | 109400 | 0   | 0  | 0
home_care_home  | Own home with home care      | usual_place | -    | 3900   | 0   | 0  | 0
residential     | Residential care home        | usual_place | 1880 | 1710   | 0   | 0  | 0
nursing         | Nursing home                 | usual_place | 3060 | 2850   | 0   | 0  | 0
ambulance       | Ambulance                    | crisis      | 60   | 21     | 2.1 | 0  | 0
triage          | A&E triage                   | crisis      | 12   | 5.2    | 1.2 | 0  | 0
ae              | A&E, four-hour clock         | crisis      | 58   | 46.3   | 11  | 6.4 | 0
gp_out          | GP out of hours              | crisis      | 10   | 3.1    | 0   | 0  | 0
eau             | Emergency assessment unit    | hospital    | 62   | 58.1   | 9.3 | 0  | 0
emu             | Emergency multidisciplinary unit | hospital | 24  | 13.4   | 0.6 | 0  | 0
racu            | Rapid access care unit       | hospital    | 12   | 4.9    | 0   | 0  | 0.7
ambulatory      | Ambulatory assessment        | hospital    | 20   | 9.7    | 0   | 0  | 0
hah             | Hospital at home             | hospital    | 40   | 31     | 0   | 3.2 | 0
acute_medical   | Acute medical beds           | hospital    | 540  | 512    | 92.4 | 0 | 0
acute_surgical  | Acute surgical beds          | hospital    | 200  | 184    | 23.8 | 0 | 0
community       | Community hospital beds      | step_down   | 190  | 181    | 45.2 | 0 | 0
interim         | Interim care home beds       | step_down   | 40   | 38.6   | 9.1 | 0  | 0
hub             | Hub beds                     | step_down   | 70   | 66.2   | 9.4 | 0  | 0
hart            | HART reablement              | step_down   | 1712 | 214    | 18  | 31 | 0
chc             | Continuing healthcare assessment | step_down | -  | 24.1   | 0   | 0  | 0
care_package    | Home care package            | step_down   | 21400| 2130   | 0   | 64 | 0
nursing_place   | Nursing home placement       | step_down   | 45   | 43.7   | 4.4 | 0  | 0
resid_place     | Residential placement        | step_down   | 30   | 27     | 0   | 0  | 0
died            | Died                         | left        | -    | -      | 0   | 0  | 0
left            | Left the area                | left        | -    | -      | 0   | 0  | 0
"""

# from > to | people a day | mean days waited | people delayed
_FLOWS = """
 > home | 17.2 | 0 | 0
 > ambulance | 11 | 0 | 0
home > ambulance | 48 | 0.02 | 0
home > triage | 54 | 0 | 0
home > gp_out | 22 | 0.1 | 0
home > emu | 4.1 | 0.3 | 0
home > died | 4.6 | 0 | 0
home > left | 2.2 | 0 | 0
home > acute_surgical | 14.5 | 0 | 0
home > residential | 1.4 | 9 | 0
home_care_home > ambulance | 13.3 | 0.02 | 0
home_care_home > triage | 4.2 | 0 | 0
home_care_home > nursing | 0.9 | 14 | 0
residential > ambulance | 5.1 | 0.02 | 0
residential > died | 1.6 | 0 | 0
nursing > ambulance | 4.4 | 0.02 | 0
nursing > died | 3.1 | 0 | 0
ambulance > triage | 49 | 0.03 | 1.5
ambulance > home | 31 | 0 | 0
ambulance > racu | 1.8 | 0.1 | 0
triage > ae | 101 | 0.01 | 1.2
triage > ambulatory | 6.1 | 0.1 | 0
gp_out > home | 17.5 | 0 | 0
gp_out > ambulatory | 4.5 | 0.2 | 0
ae > home | 39.6 | 0.05 | 0
ae > eau | 44.2 | 0.16 | 8.1
ae > acute_medical | 11.3 | 0.21 | 2.4
ae > acute_surgical | 5.7 | 0.12 | 0.5
ae > died | 0.5 | 0 | 0
eau > acute_medical | 26.1 | 0.31 | 8
eau > home | 15.7 | 0.05 | 0
eau > hah | 2.2 | 0.5 | 1.1
emu > home | 3.7 | 0 | 0
emu > acute_medical | 0.3 | 0.3 | 0
racu > home | 1.5 | 0 | 0
racu > ae | 0.3 | 0 | 0
ambulatory > home | 9.2 | 0 | 0
ambulatory > acute_medical | 1.4 | 0.3 | 0
hah > home | 2.1 | 0 | 0
hah > acute_medical | 0.1 | 0 | 0
acute_medical > home | 19.4 | 0.3 | 3.2
acute_medical > home_care_home | 3.1 | 0.5 | 0
acute_medical > community | 6.1 | 4.8 | 29
acute_medical > hart | 4.2 | 5.6 | 23.4
acute_medical > care_package | 1.5 | 12.4 | 18.6
acute_medical > interim | 0.9 | 3.2 | 2.9
acute_medical > hub | 1.6 | 2.4 | 3.8
acute_medical > nursing_place | 0.8 | 11.1 | 8.9
acute_medical > chc | 0.6 | 2.6 | 1.6
acute_medical > resid_place | 0.3 | 3.3 | 1
acute_medical > died | 3.3 | 0 | 0
acute_surgical > home | 16.2 | 0.1 | 0
acute_surgical > community | 1.9 | 4.8 | 9.1
acute_surgical > hart | 1.6 | 5.6 | 9
acute_surgical > care_package | 0.5 | 11.4 | 5.7
acute_surgical > acute_medical | 0.4 | 0 | 0
community > home | 3.6 | 0.4 | 1.4
community > hart | 2.1 | 8.1 | 17
community > care_package | 1.1 | 14.6 | 16
community > nursing_place | 0.6 | 16.2 | 9.7
community > acute_medical | 1.7 | 0 | 0
community > died | 0.7 | 0 | 0
interim > nursing_place | 0.4 | 14 | 5.6
interim > care_package | 0.3 | 11 | 3.5
hub > care_package | 0.6 | 11 | 6.6
hub > home | 0.7 | 1 | 0.7
hub > nursing_place | 0.2 | 10 | 2.1
hart > home | 6.2 | 0 | 0
hart > care_package | 1.5 | 12 | 18
hart > triage | 1.3 | 0 | 0
care_package > home_care_home | 5.1 | 0 | 0
chc > nursing_place | 0.5 | 0.5 | 0
chc > died | 0.1 | 0 | 0
nursing_place > nursing | 2.3 | 1.9 | 4.4
resid_place > residential | 0.9 | 0 | 0
"""


def county_map(**changes: object) -> SystemMap:
    """About 25 services and 75 flows; every figure is invented.

    Parameters
    ----------
    **changes : object
        Fields of the map to put in place of the usual ones.
    """
    services = tuple(_service(line) for line in _SERVICES.strip().splitlines())
    flows = tuple(_flow(line) for line in _FLOWS.strip("\n").splitlines())
    fields: dict[str, object] = {
        "title": "Older people in Exampleshire's health and care system",
        "description": "How people aged 65 and over moved between services.",
        "period": "February to April 2017, simulated",
        "services": services,
        "flows": flows,
        "source_note": "invented figures for tests.",
    }
    return SystemMap(**(fields | changes))  # type: ignore[arg-type]


def _service(line: str) -> MapService:
    service, label, stage, *cells = (cell.strip() for cell in line.split("|"))
    places, occupied, delayed, outside, away = (None if c == "-" else float(c) for c in cells)
    hours = service in ("hart", "care_package")
    return MapService(
        service=service,
        label=label,
        stage=stage,
        places=places,
        unit="hours_per_week" if hours else "person",
        occupied=math.nan if occupied is None else occupied,
        delayed=delayed or 0.0,
        waiting_outside=outside or 0.0,
        turned_away_per_day=away or 0.0,
        used_share=0.97 if hours else None,
    )


def _flow(line: str) -> MapFlow:
    ends, people, wait, delayed = (cell.strip() for cell in line.split("|"))
    before, after = (end.strip() for end in ends.split(">"))
    return MapFlow(before, after, float(people), float(wait), float(delayed))
