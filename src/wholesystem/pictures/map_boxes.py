"""One service as a box: its words, its bar, the people delayed in it and the queue before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholesystem.pictures.map_data import MapFlow, MapService
from wholesystem.pictures.map_words import places_words
from wholesystem.pictures.palette import BLUE, DARK_BLUE, DELAYED, INK, PAPER, QUIET_INK
from wholesystem.pictures.svg import element, escaped, number, text_line, text_width, wrap_text
from wholesystem.pictures.wording import (
    as_mid_sentence,
    format_people,
    format_per_day,
    is_known,
    people_words,
)

TEXT = 14.0
LINE = 16.0
PAD = 6.0
BAR = 10.0
FIGURE_WIDTH = 8.5
FIGURE_HEIGHT = 12.5
MAX_FIGURES = 24
PILES_SHOWN = 3
SMALLEST_PILE = 0.95
# What people wait for is named on the box from 5% of everyone delayed, and the main cause of each
# box from 2%; the table names the rest.
NAMED_SHARE = 0.05
MAIN_SHARE = 0.02


@dataclass(frozen=True)
class Pile:
    """People delayed in one service, waiting for the same thing."""

    people: float
    words: str


@dataclass(frozen=True)
class Part:
    """One row of a box: its kind, its height, and its text or number of figures."""

    kind: str
    height: float
    text: str = ""
    count: int = 0


@dataclass(frozen=True)
class BoxContent:
    """What stands in a box and above it.

    Parameters
    ----------
    key : str
        Box key.
    service : MapService
        The service.
    queue : tuple of Part
        Rows above the box: people waiting outside, and turned away.
    parts : tuple of Part
        Rows in the box.
    again : bool
        Whether this is the second showing of a place where people live.
    """

    key: str
    service: MapService
    queue: tuple[Part, ...]
    parts: tuple[Part, ...]
    again: bool

    @property
    def queue_height(self) -> float:
        """Height of the rows above the box.

        Returns
        -------
        float
            Units of the picture.
        """
        return sum(p.height for p in self.queue) + (3 if self.queue else 0)

    @property
    def height(self) -> float:
        """Height that the rows in the box need, padding included.

        Returns
        -------
        float
            Units of the picture.
        """
        return sum(p.height for p in self.parts) + 2 * PAD - 4


def people_per_figure(piles: Sequence[float]) -> int:
    """How many people one figure stands for, so that no pile has more than 24 figures.

    Parameters
    ----------
    piles : sequence of float
        People in each pile.

    Returns
    -------
    int
        1, 2, 5, 10, 20, 50 and so on.
    """
    largest = max((p for p in piles if is_known(p)), default=0.0)
    step = 1
    while largest > step * MAX_FIGURES:
        digit = int(str(step)[0])
        step = step * 2 if digit in (1, 5) else step * 5 // 2
    return step


def box_piles(flows: Sequence[MapFlow], names: Mapping[str, str], total: float) -> list[Pile]:
    """What people held up in a service wait for, most first, as far as the box names it.

    Parameters
    ----------
    flows : sequence of MapFlow
        The flows that leave the service.
    names : mapping of str to str
        Labels by service.
    total : float
        Everyone delayed on the map.

    Returns
    -------
    list of Pile
        At most three.
    """
    held = [f for f in flows if is_known(f.people_delayed) and f.people_delayed >= SMALLEST_PILE]
    held.sort(key=lambda f: -f.people_delayed)
    shown = [f for f in held[:PILES_SHOWN] if f.people_delayed >= NAMED_SHARE * total]
    if not shown:
        shown = [f for f in held[:1] if f.people_delayed >= MAIN_SHARE * total]
    return [Pile(f.people_delayed, as_mid_sentence(names[f.to_service])) for f in shown]


def box_content(
    key: str,
    service: MapService,
    piles: Sequence[Pile],
    arriving: float,
    width: float,
    per_figure: int,
) -> BoxContent:
    """The rows of a box of a given width.

    Parameters
    ----------
    key : str
        Box key.
    service : MapService
        The service.
    piles : sequence of Pile
        People delayed in it.
    arriving : float
        People a day entering by the flows drawn to this box, for outcomes.
    width : float
        Width of the box.
    per_figure : int
        People per figure.

    Returns
    -------
    BoxContent
        The rows.
    """
    room = width - 2 * PAD
    again = key != service.service
    label = [
        Part("label", LINE + 0.5, line)
        for line in wrap_text(service.name, TEXT, room, bold=True, max_lines=4)
    ]
    if again or service.stage == "left":
        words = wrap_text(f"{people_words(format_per_day(arriving))} a day", TEXT, room)
        return BoxContent(key, service, (), (*label, *_texts(words, "text")), again)
    parts = label
    if service.share is not None:
        parts.append(Part("bar", BAR + 6))
    parts += _texts(wrap_text(places_words(service), TEXT, room), "text")
    parts += _delayed_parts(service, piles, room, per_figure)
    return BoxContent(key, service, _queue_parts(service, width, per_figure), tuple(parts), again)


def _texts(lines: Sequence[str], kind: str) -> list[Part]:
    return [Part(kind, LINE, line) for line in lines]


def _delayed_parts(
    service: MapService, piles: Sequence[Pile], room: float, per_figure: int
) -> list[Part]:
    if not is_known(service.delayed) or service.delayed < SMALLEST_PILE:
        return []
    heading = f"{format_people(service.delayed)} delayed"
    parts = [
        Part("gap", 1),
        *_crowd_parts("delayed", heading, service.delayed, room - 6, per_figure),
    ]
    for pile in piles:
        words = f"{format_people(pile.people)} for {pile.words}"
        parts += _texts(wrap_text(words, TEXT, room - 6, max_lines=3), "pile")
    return parts


def _queue_parts(service: MapService, width: float, per_figure: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    if is_known(service.waiting_outside) and service.waiting_outside >= SMALLEST_PILE:
        words = f"{format_people(service.waiting_outside)} waiting"
        parts += _crowd_parts("queue", words, service.waiting_outside, width, per_figure)
    if is_known(service.turned_away_per_day) and service.turned_away_per_day >= 0.05:
        words = f"{format_per_day(service.turned_away_per_day)} a day turned away"
        parts += _texts(wrap_text(words, TEXT, width), "away")
    return tuple(parts)


def _crowd_parts(kind: str, words: str, people: float, room: float, per_figure: int) -> list[Part]:
    """Words about a crowd with its figures beside them, or below where they find no room."""
    figures = max(round(people / per_figure), 1)
    bold = kind == "delayed"
    if text_width(words, TEXT, bold=bold) + 5 + figures * FIGURE_WIDTH <= room:
        return [Part(kind, LINE, words, figures)]
    parts = [Part(kind, LINE, words)]
    per_row = max(int(room // FIGURE_WIDTH), 1)
    while figures > 0:
        parts.append(Part(f"{kind} figures", FIGURE_HEIGHT + 2, count=min(figures, per_row)))
        figures -= per_row
    return parts


def draw_box(
    content: BoxContent, x: float, y: float, width: float, height: float, hatch: str
) -> str:
    """The SVG of a box whose frame has its corner at (x, y); the queue stands above it.

    Parameters
    ----------
    content : BoxContent
        What to draw.
    x, y, width, height : float
        The frame.
    hatch : str
        Id of the hatching of delayed people in the bar.

    Returns
    -------
    str
        An SVG group.
    """
    outcome = content.again or content.service.stage == "left"
    frame = element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        rx=4,
        fill=PAPER,
        stroke=QUIET_INK if outcome else DARK_BLUE,
        stroke_width=1.5,
        stroke_dasharray="5 3" if content.again else None,
    )
    body = [element("title", escaped(content.service.name)), frame]
    top = y - content.queue_height
    for part in content.queue:
        body.append(_draw_part(content, part, x - PAD, top, width + 2 * PAD, hatch))
        top += part.height
    inner = sum(p.height for p in content.parts)
    top = y + max((height - inner) / 2, PAD - 2) if outcome else y + PAD - 2
    start = top
    for part in content.parts:
        body.append(_draw_part(content, part, x, top, width, hatch))
        if part.kind == "gap":
            start = top
        top += part.height
    if any(p.kind == "delayed" for p in content.parts):
        body.append(_blocked_door(x + width, start, top))
    return element(
        "g",
        "".join(body),
        class_="service",
        data_service=content.service.service,
        data_again="yes" if content.again else None,
    )


def _blocked_door(x: float, top: float, bottom: float) -> str:
    """A thick bar on the exit side: people behind it are ready but cannot leave."""
    return element("rect", x=x - 3, y=top + 2, width=6, height=bottom - top, fill=DELAYED)


def _draw_part(
    content: BoxContent, part: Part, x: float, top: float, width: float, hatch: str
) -> str:
    left, right, baseline = x + PAD, x + width - PAD, top + LINE - 4
    if part.kind == "gap":
        return ""
    if part.kind == "bar":
        return _draw_bar(content.service, left, top + 3, width - 2 * PAD, hatch)
    if part.kind.startswith("queue"):
        return _draw_queue(part, left, top, baseline)
    if part.kind.startswith(("delayed", "pile")):
        return _draw_held(part, right - 3, top, baseline)
    return text_line(part.text, left, baseline, bold=part.kind == "label", fill=INK)


def _draw_queue(part: Part, left: float, top: float, baseline: float) -> str:
    """Words about people waiting outside, and hollow figures after them."""
    words = text_line(part.text, left, baseline, fill=INK) if part.text else ""
    if not part.count:
        return words
    start = left + (text_width(part.text, TEXT) + 5 if part.text else 0.0)
    outline = figures_path(start, top + 1, part.count)
    return words + element("path", d=outline, fill=PAPER, stroke=INK, stroke_width=1)


def _draw_held(part: Part, right: float, top: float, baseline: float) -> str:
    """Words about people delayed, set against the exit side, and full figures before them."""
    bold = part.kind == "delayed"
    words = ""
    if part.text:
        words = text_line(part.text, right, baseline, bold=bold, fill=DELAYED, anchor="end")
    if not part.count:
        return words
    end = right - (text_width(part.text, TEXT, bold=bold) + 5 if part.text else 0.0)
    outline = figures_path(end - part.count * FIGURE_WIDTH, top + 1, part.count)
    return words + element("path", d=outline, fill=DELAYED)


def _draw_bar(service: MapService, x: float, y: float, width: float, hatch: str) -> str:
    share = service.share or 0.0
    full = max(share, 1.0)
    used = width * share / full
    parts = [element("rect", x=x, y=y, width=width, height=BAR, fill="#dde3e6")]
    parts.append(element("rect", x=x, y=y, width=used, height=BAR, fill=BLUE, class_="used"))
    if is_known(service.delayed) and service.occupied > 0:
        delayed = used * min(service.delayed / service.occupied, 1.0)
        frame = {"x": x + used - delayed, "y": y, "width": delayed, "height": BAR}
        parts.append(element("rect", class_="delayed", fill=DELAYED, **frame))
        parts.append(element("rect", fill=f"url(#{hatch})", **frame))
    limit = x + width / full
    parts.append(
        element(
            "path",
            d=f"M{number(limit)} {number(y - 2)}v{number(BAR + 4)}",
            stroke=INK,
            stroke_width=2,
            fill="none",
        )
    )
    return "".join(parts)


def figures_path(x: float, y: float, count: int) -> str:
    """Outlines of `count` little people in a row, as the data of one path.

    Parameters
    ----------
    x, y : float
        Upper left corner.
    count : int
        How many.

    Returns
    -------
    str
        Data of an SVG path.
    """
    return "".join(
        f"M{number(x + i * FIGURE_WIDTH + 1.4)} {number(y + 2.6)}"
        "a2.5 2.5 0 1 1 5 0a2.5 2.5 0 1 1-5 0z"
        "m-1 9.6v-3.4q0-2.6 2.4-2.6h2.2q2.4 0 2.4 2.6v3.4z"
        for i in range(count)
    )
