"""The system map shows every figure it is given, once, to scale, and nothing twice over."""

import math
import re
from xml.etree import ElementTree

import pytest

from tests.helpers.pictures import county_map
from wholesystem.errors import ParameterError
from wholesystem.pictures import MapFlow, MapService, SystemMap, draw_system_map, map_tables

SVG = "{http://www.w3.org/2000/svg}"


def parsed(system_map: SystemMap) -> ElementTree.Element:
    return ElementTree.fromstring(draw_system_map(system_map))


def groups(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [g for g in root.iter(f"{SVG}g") if g.get("class") == kind]


def texts(element: ElementTree.Element) -> list[str]:
    return [t.text or "" for t in element.iter(f"{SVG}text")]


def words_of(element: ElementTree.Element) -> str:
    return " ".join(texts(element))


def service(name: str = "ward", stage: str = "hospital", **changes: object) -> MapService:
    fields: dict[str, object] = {"label": name.title(), "places": 30.0, "occupied": 20.0}
    return MapService(service=name, stage=stage, **(fields | changes))  # type: ignore[arg-type]


def small_map(*services: MapService, flows: tuple[MapFlow, ...] = ()) -> SystemMap:
    return SystemMap("Small", "A small map.", "2017", services, flows)


def band_widths(root: ElementTree.Element) -> dict[tuple[str, str], tuple[float, float]]:
    """People a day and width of the band of each flow drawn."""
    widths = {}
    for group in groups(root, "flow"):
        band = next(p for p in group.iter(f"{SVG}path") if p.get("class") == "band")
        ends = (group.attrib["data-from"], group.attrib["data-to"])
        widths[ends] = (
            float(group.attrib["data-people-per-day"]),
            float(band.attrib["stroke-width"]),
        )
    return widths


def test_title_and_description_are_named_for_screen_readers() -> None:
    root = parsed(county_map())

    named = root.attrib["aria-labelledby"].split()
    spoken = {e.get("id"): e.text for e in root if e.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.attrib["role"] == "img"
    assert [bool(spoken[i]) for i in named] == [True, True]
    assert "Exampleshire" in spoken[named[0]]
    assert "227 people are ready to move but delayed" in spoken[named[1]]


def test_picture_is_self_contained() -> None:
    svg = draw_system_map(county_map())

    assert not re.search(r"<script|<image|href|@import|@font-face|<foreignObject", svg)
    assert set(re.findall(r"https?://[^\"' <]+", svg)) == {"http://www.w3.org/2000/svg"}


def test_widths_are_proportional_to_people_a_day() -> None:
    widths = band_widths(parsed(county_map()))

    scale = max(width / people for people, width in widths.values() if people > 40)
    for ends, (people, width) in widths.items():
        assert width == pytest.approx(max(people * scale, 2.0), abs=0.011), ends


def test_every_flow_is_drawn_or_counted_as_left_out() -> None:
    system_map = county_map()
    root = parsed(system_map)

    drawn = set(band_widths(root))
    for flow in system_map.flows:
        matters = flow.people_per_day >= 0.01 * 101 or flow.people_delayed >= 1
        assert ((flow.from_service, flow.to_service) in drawn) == matters
    left_out = [
        f.people_per_day for f in system_map.flows if (f.from_service, f.to_service) not in drawn
    ]
    note = f"Not drawn: {len(left_out)} smaller flows, {sum(left_out):.1f} people a day together"
    assert note in words_of(root)


def test_every_service_is_drawn_with_its_label_and_figures() -> None:
    system_map = county_map()
    boxes = {
        g.attrib["data-service"]: words_of(g)
        for g in groups(parsed(system_map), "service")
        if g.get("data-again") is None
    }

    assert set(boxes) == {s.service for s in system_map.services}
    for s in system_map.services:
        assert s.label in boxes[s.service]
    assert "512 of 540 places" in boxes["acute_medical"]
    assert "92 delayed 29 for community hospital beds" in boxes["acute_medical"]
    assert "64 waiting" in boxes["care_package"]
    assert "97% of 1,712 hours a week" in boxes["hart"]
    assert "0.7 a day turned away" in boxes["racu"]


def test_numbers_in_boxes_and_on_bands_stand_in_the_tables() -> None:
    system_map = county_map()
    root = parsed(system_map)
    services, flows = map_tables(system_map)
    by_name = {row[0]: " ".join(row) for row in services.rows}
    label = {s.service: s.label for s in system_map.services}

    for group in groups(root, "service"):
        row = by_name[label[group.attrib["data-service"]]]
        piles = [r[4] for r in flows.rows if r[0] == label[group.attrib["data-service"]]]
        for number in re.findall(r"\b[\d,.]+\d%?|\b\d\b", words_of(group)):
            assert number in row.split() or number in piles, (number, row)
    spoken = {g.find(f"{SVG}title").text for g in groups(root, "flow")}  # type: ignore[union-attr]
    for before, after, people, wait, _ in flows.rows:
        start = f"{before.replace('Outside the map', 'outside')} to {after}: "
        for text in spoken:
            if text is not None and text.startswith(start):
                assert text == f"{start}{people} people a day, mean days waited: {wait}"


def test_labels_of_bands_say_people_and_days_of_a_flow() -> None:
    system_map = county_map()
    _, flows = map_tables(system_map)
    allowed = {f"{people} \u00b7 {wait} d" for _, _, people, wait, _ in flows.rows}

    shown = [t for t in texts(parsed(system_map)) if re.fullmatch(r"[\d.,]+ \u00b7 .* d", t)]

    assert len(shown) > 10
    assert set(shown) <= allowed


def test_tables_list_every_service_and_flow_in_order() -> None:
    system_map = county_map()
    services, flows = map_tables(system_map)

    assert [row[0] for row in services.rows] == [s.label for s in system_map.services]
    assert len(flows.rows) == len(system_map.flows)
    for table in (services, flows):
        assert {len(row) for row in table.rows} == {len(table.columns)} == {len(table.numeric)}


def test_delayed_people_are_figures_on_the_exit_side_of_the_box_they_block() -> None:
    root = parsed(county_map())
    box = next(g for g in groups(root, "service") if g.get("data-service") == "acute_medical")
    frame = box.find(f"{SVG}rect")
    assert frame is not None
    right = float(frame.attrib["x"]) + float(frame.attrib["width"])

    piles = [p for p in box.iter(f"{SVG}path") if p.get("fill") == "#7c2614"]
    figures = sum(p.attrib["d"].count("M") for p in piles)

    assert "5 people ready but delayed" in words_of(root)
    assert figures == round(92.4 / 5)
    starts = [float(x) for p in piles for x in re.findall(r"M([\d.]+) ", p.attrib["d"])]
    assert right - 20 < max(starts) < right


def test_a_move_to_an_earlier_stage_is_drawn_as_a_return_below_the_boxes() -> None:
    root = parsed(county_map())
    back = [g for g in groups(root, "flow") if g.get("data-kind") == "return"]
    boxes = [g.find(f"{SVG}rect") for g in groups(root, "service")]
    lowest = max(float(b.attrib["y"]) + float(b.attrib["height"]) for b in boxes if b is not None)

    ends = {(g.attrib["data-from"], g.attrib["data-to"]) for g in back}
    assert ends == {("community", "acute_medical"), ("hart", "triage")}
    for group in back:
        paths = list(group.iter(f"{SVG}path"))
        assert paths[0].get("stroke-dasharray")
        heights = [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", paths[0].attrib["d"])]
        assert max(heights) > lowest


def test_home_starts_and_ends_journeys() -> None:
    root = parsed(county_map())
    homes = [g for g in groups(root, "service") if g.get("data-service") == "home"]
    left_edges = [float(g.find(f"{SVG}rect").attrib["x"]) for g in homes]  # type: ignore[union-attr]

    assert len(homes) == 2
    assert left_edges[0] < 100
    assert left_edges[1] > 1400
    assert "people a day go back to where they live" in words_of(root)


def test_same_map_gives_the_same_text() -> None:
    assert draw_system_map(county_map()) == draw_system_map(county_map())


def test_two_maps_in_one_page_share_no_ids() -> None:
    found = [
        set(re.findall(r' id="([^"]+)"', draw_system_map(m)))
        for m in (county_map(), county_map(title="Another"))
    ]

    assert found[0]
    assert found[0].isdisjoint(found[1])


def test_small_map_is_drawn_on_a_smaller_canvas_of_the_same_shape() -> None:
    root = parsed(small_map(service("home", "usual_place"), service()))

    assert root.attrib["viewBox"] == "0 0 1200 675"


@pytest.mark.parametrize(
    "system_map",
    [
        small_map(service()),
        small_map(service(places=0.0, occupied=0.0)),
        small_map(service(places=0.0, occupied=3.0, delayed=3.0)),
        small_map(service(places=math.nan, occupied=math.nan, delayed=math.nan)),
        small_map(service(waiting_outside=math.nan, turned_away_per_day=math.nan)),
        small_map(service("a"), service("b"), flows=(MapFlow("a", "b", math.nan),)),
        small_map(service("a"), service("b"), flows=(MapFlow("a", "b", 0.0, 0.0, 5.0),)),
        small_map(
            service("a"),
            service("b"),
            flows=(MapFlow("a", "b", 1e-12), MapFlow("b", "a", 1e9, 1e6, 1e9)),
        ),
        small_map(service("a", "left"), flows=(MapFlow("", "a", 2.0, 1.0),)),
        small_map(service("a", unit="hours_per_week"), service("b", places=None)),
    ],
    ids=[
        "one service",
        "no places",
        "people but no places",
        "nothing known",
        "queue not known",
        "flow not known",
        "nobody moves",
        "tiny and huge",
        "only an outcome",
        "hours without share",
    ],
)
def test_extremes_give_a_picture_without_nan(system_map: SystemMap) -> None:
    svg = draw_system_map(system_map)

    ElementTree.fromstring(svg)
    assert not re.search(r"\b(nan|inf)\b", svg.replace('data-people-per-day="nan"', ""))


def forty_services() -> SystemMap:
    stages = ["usual_place"] * 5 + ["crisis"] * 8 + ["hospital"] * 12 + ["step_down"] * 11
    services = [
        service(f"s{i}", stage, label=f"Service number {i} with quite a long name", delayed=i % 9)
        for i, stage in enumerate([*stages, *["left"] * 4])
    ]
    flows = {
        (a, (a * 7 + k * 11 + 3) % 40): MapFlow(
            f"s{a}", f"s{(a * 7 + k * 11 + 3) % 40}", 1.0 + (a * k) % 23, (a + k) % 9, 1.0
        )
        for a in range(36)
        for k in range(3)
        if a != (a * 7 + k * 11 + 3) % 40
    }
    return small_map(*services, flows=tuple(flows.values()))


def test_forty_services_stand_clear_of_each_other() -> None:
    root = parsed(forty_services())
    rects = []
    for group in groups(root, "service"):
        frame = group.find(f"{SVG}rect")
        assert frame is not None
        x, y, w, h = (float(frame.attrib[k]) for k in ("x", "y", "width", "height"))
        rects.append((x, y, x + w, y + h))

    assert len(rects) >= 40
    for i, a in enumerate(rects):
        for b in rects[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_bands_at_a_box_edge_do_not_overlap() -> None:
    for system_map in (county_map(), forty_services()):
        ends: dict[tuple[str, float], list[tuple[float, float]]] = {}
        for group in groups(parsed(system_map), "flow"):
            if group.get("data-kind") == "return":
                continue
            band = next(p for p in group.iter(f"{SVG}path") if p.get("class") == "band")
            numbers = [float(v) for v in re.findall(r"-?[\d.]+", band.attrib["d"])]
            width = float(band.attrib["stroke-width"])
            for name, x, y in (("from", *numbers[:2]), ("to", *numbers[-2:])):
                if group.attrib[f"data-{name}"]:
                    key = (group.attrib[f"data-{name}"], round(x))
                    ends.setdefault(key, []).append((y - width / 2, y + width / 2))
        for key, spans in ends.items():
            spans.sort()
            for upper, lower in zip(spans, spans[1:], strict=False):
                assert upper[1] <= lower[0] + 0.02, key


HOSTILE = [
    "A&E <\"majors\"> & 'minors'",
    "</text><script>alert(1)</script>",
    "\u0645\u0633\u062a\u0634\u0641\u0649 \u202e\u0627\u0644\u0631\u0639\u0627\u064a\u0629",
    "\U0001f3e5\U0001f468\u200d\u2695\ufe0f ward",
    "\x00\x0b\ud800 ward\n\ttwo",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3,
    "]]> <!-- &amp; %s {0}",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_text(label: str) -> None:
    services = (service("a", label=label, delayed=4.0), service('b<&"', "step_down", label=label))
    flows = (MapFlow("a", 'b<&"', 2.0, 1.0, 4.0), MapFlow('b<&"', "a", 1.0, 1.0))
    svg = draw_system_map(SystemMap(label, label, label, services, flows, label))

    root = ElementTree.fromstring(svg.encode("utf-8"))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "g", "title", "desc", "defs", "pattern", "rect", "path", "text",
    }  # fmt: skip
    assert "\u202e" not in svg


def test_empty_label_falls_back_on_the_id() -> None:
    assert "ward" in words_of(parsed(small_map(service(label=" "))))


def test_headline_says_who_waits_for_what() -> None:
    flows = (MapFlow("ward", "care", 2.0, 3.0, 6.3),)
    services = (service(delayed=6.3), service("care", "step_down", label="Home care"))

    shown = texts(parsed(small_map(*services, flows=flows)))

    sentence = (
        "On an average day 6.3 people are ready to move but delayed; all wait for: Home care."
    )
    assert sentence in shown


def test_headline_of_the_map_goes_before_the_one_made() -> None:
    shown = texts(parsed(county_map(headline="180 people were delayed in hospital beds.")))

    assert "180 people were delayed in hospital beds." in shown
    assert not any("are ready to move but delayed" in text for text in shown)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: service(""), "no id"),
        (lambda: service(stage="ward"), "Use one of usual_place, crisis"),
        (lambda: service(unit="beds"), "Use person or hours_per_week"),
        (lambda: service(occupied=-1.0), "occupied = -1.0"),
        (lambda: service(places=math.inf), "places = inf"),
        (lambda: MapFlow("a", "", 1.0), "no destination"),
        (lambda: MapFlow("a", "b", -1.0), "people_per_day = -1.0"),
        (lambda: small_map(), "no services"),
        (lambda: small_map(service(), service()), "named twice: ward"),
        (lambda: small_map(service(), flows=(MapFlow("ward", "x", 1.0),)), "'x'"),
        (lambda: small_map(service(), flows=(MapFlow("ward", "ward", 1.0),)), "to itself"),
        (
            lambda: small_map(
                service(), flows=(MapFlow("", "ward", 1.0), MapFlow("", "ward", 2.0))
            ),
            "Two flows lead from outside to ward",
        ),
    ],
)
def test_impossible_maps_are_refused_in_plain_words(make, message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        make()
