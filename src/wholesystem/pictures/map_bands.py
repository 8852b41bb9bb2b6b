"""The course of each band, and where its label can stand without covering anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholesystem.pictures.map_order import is_passing, passing_key
from wholesystem.pictures.map_positions import HOME_LOOP, STUB, Layout
from wholesystem.pictures.svg import number, text_width
from wholesystem.pictures.wording import format_days, format_per_day, is_known

LABEL_SIZE = 14.0
LABEL_HEIGHT = 17.0
LABEL_LINE = 15.0
CORNER = 9.0
# Only so many labels, of the bands that matter most, may take two lines to find room.
STACKED = 16


@dataclass(frozen=True)
class Rect:
    """A rectangle kept free of labels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Rect) -> bool:
        """Whether the two overlap.

        Parameters
        ----------
        other : Rect
            Another rectangle.

        Returns
        -------
        bool
            True where they share some area.
        """
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Course:
    """The middle line of a band.

    Parameters
    ----------
    edge : int
        Number of the edge.
    path : str
        SVG path data.
    places : tuple of (float, float)
        Points of the line where a label could stand, best first.
    """

    edge: int
    path: str
    places: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Label:
    """A label set beside or on its band, around its middle; a line break parts two lines."""

    edge: int
    text: str
    x: float
    y: float


def courses(layout: Layout) -> list[Course]:
    """The course of every edge, in their order.

    Parameters
    ----------
    layout : Layout
        Positions.

    Returns
    -------
    list of Course
        One for each edge.
    """
    made = []
    slots = _Slots(layout)
    for i, edge in enumerate(layout.graph.edges):
        if edge.kind == "forward":
            made.append(_forward(layout, i))
        elif edge.kind == "arrival":
            made.append(_arrival(layout, i))
        elif edge.kind == "arc":
            made.append(_arc(layout, i))
        else:
            made.append(_return(layout, i, slots))
    return made


def _forward(layout: Layout, i: int) -> Course:
    edge, column_of = layout.graph.edges[i], layout.graph.column_of()
    start, end = layout.leaving[i], layout.entering[i]
    points = [(start.x, start.y)]
    for c in range(column_of[edge.source] + 1, column_of[edge.target]):
        y = layout.tops[passing_key(i, c)] + layout.heights[passing_key(i, c)] / 2
        points += [(layout.column_x[c], y), (layout.column_x[c] + layout.box_width, y)]
    points.append((end.x, end.y))
    path = f"M{_at(points[0])}"
    crossing: list[tuple[float, float]] = []
    passing: list[tuple[float, float]] = []
    for k, (a, b) in enumerate(zip(points, points[1:], strict=False)):
        if k % 2:
            path += f"L{_at(b)}"
            passing += [_between(a, b, t) for t in (0.5, 0.35, 0.65)]
        else:
            middle = (a[0] + b[0]) / 2
            path += f"C{_at((middle, a[1]))} {_at((middle, b[1]))} {_at(b)}"
            crossing += [_cubic(a, b, t) for t in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)]
    return Course(i, path, tuple(crossing[:9] + passing + crossing[9:]))


def _arrival(layout: Layout, i: int) -> Course:
    end = layout.entering[i]
    x = end.x - STUB + 4
    return Course(i, f"M{_at((x, end.y))}L{_at((end.x, end.y))}", ((x + 17, end.y),))


def _arc(layout: Layout, i: int) -> Course:
    start, end = layout.leaving[i], layout.entering[i]
    reach = start.x + max(layout.gutter * 0.62, layout.band(i) * 0.7)
    path = f"M{_at((start.x, start.y))}C{_at((reach, start.y))} {_at((reach, end.y))} "
    path += _at((end.x + 1, end.y))
    x = start.x + 0.75 * (reach - start.x)
    return Course(i, path, tuple((x, start.y + (end.y - start.y) * t) for t in (0.5, 0.4, 0.6)))


class _Slots:
    """Hands out vertical runs in the gutters to the returns, side by side."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.used: dict[tuple[str, int], float] = {}

    def take(self, side: str, column: int, width: float) -> float:
        """Middle of the next run beside a column, for a band of a width."""
        before = self.used.get((side, column), 0.0)
        self.used[side, column] = before + width + 5.0
        away = min(14.0 + before + width / 2, self.layout.gutter * 0.8)
        left = self.layout.column_x[column]
        return left + self.layout.box_width + away if side == "leaving" else left - away


def _return(layout: Layout, i: int, slots: _Slots) -> Course:
    edge, column_of = layout.graph.edges[i], layout.graph.column_of()
    start, end, y = layout.leaving[i], layout.entering[i], layout.tracks[i]
    down = slots.take("leaving", column_of[edge.source], layout.band(i))
    up = slots.take("entering", column_of[edge.target], layout.band(i))
    corners = [(start.x, start.y), (down, start.y), (down, y), (up, y), (up, end.y)]
    corners.append((end.x - 9, end.y))
    places = tuple((up + (down - up) * t, y) for t in (0.5, 0.35, 0.65, 0.2, 0.8))
    return Course(i, rounded_path(corners), places)


def home_loop(layout: Layout) -> Course | None:
    """The line that leads from where people go home to back to where they live; None if none.

    Parameters
    ----------
    layout : Layout
        Positions.

    Returns
    -------
    Course or None
        The line.
    """
    if HOME_LOOP not in layout.tracks:
        return None
    y = layout.tracks[HOME_LOOP]
    right = layout.column_x[-1] + layout.box_width / 2
    left = layout.column_x[0] + layout.box_width / 2
    foot = layout.body_bottom
    path = rounded_path([(right, foot), (right, y), (left, y), (left, foot + 8)])
    return Course(HOME_LOOP, path, (((left + right) / 2, y),))


def rounded_path(corners: Sequence[tuple[float, float]]) -> str:
    """Path data along straight runs with rounded corners.

    Parameters
    ----------
    corners : sequence of (float, float)
        At least two points; runs are horizontal or vertical.

    Returns
    -------
    str
        Data of an SVG path.
    """
    path = f"M{_at(corners[0])}"
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        path += f"L{_at(_towards(corner, before))}Q{_at(corner)} {_at(_towards(corner, after))}"
    return path + f"L{_at(corners[-1])}"


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    t = min(CORNER, length / 2) / length if length else 0.0
    return corner[0] + dx * t, corner[1] + dy * t


def _at(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _between(a: tuple[float, float], b: tuple[float, float], t: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _cubic(a: tuple[float, float], b: tuple[float, float], t: float) -> tuple[float, float]:
    """Point of the S-shaped curve between two points, with level ends."""
    s = 1 - t
    middle = (a[0] + b[0]) / 2
    x = s**3 * a[0] + 3 * s * t * middle + t**3 * b[0]
    y = a[1] * (s**3 + 3 * s * s * t) + b[1] * (3 * s * t * t + t**3)
    return x, y


def label_words(people_per_day: float, wait_days: float, *, arrival: bool) -> Iterator[str]:
    """The words for a band, the fullest first.

    Parameters
    ----------
    people_per_day : float
        People a day.
    wait_days : float
        Mean days waited; NaN = not known.
    arrival : bool
        Whether the band comes from outside.

    Yields
    ------
    str
        Words, each shorter than the one before.
    """
    people = format_per_day(people_per_day)
    if arrival:
        yield people
    elif is_known(wait_days) and wait_days >= 0.05:
        yield f"{people} \u00b7 {format_days(wait_days)} d"
        yield f"{people}\n{format_days(wait_days)} d"
    else:
        yield f"{people} a day"
        yield people


def place_labels(
    layout: Layout, made: Sequence[Course], taken: list[Rect], *, most: int
) -> list[Label]:
    """Labels for the bands that matter most, each clear of boxes and of other labels.

    Parameters
    ----------
    layout : Layout
        Positions.
    made : sequence of Course
        Courses of all edges.
    taken : list of Rect
        Rectangles to keep free; those of the labels placed are added.
    most : int
        At most so many labels.

    Returns
    -------
    list of Label
        Those that found room, the most important first.
    """
    labels: list[Label] = []
    for rank, course in enumerate(sorted(made, key=lambda c: _rank(layout, c))):
        if len(labels) >= most:
            break
        label = _first_free(layout, course, taken, may_stack=rank < STACKED)
        if label is not None:
            labels.append(label)
            taken.append(label_rect(label))
    return labels


def _rank(layout: Layout, course: Course) -> tuple[bool, float, int]:
    """Returns first, since their tracks have room; then by people and days waited."""
    edge = layout.graph.edges[course.edge]
    wait = edge.flow.mean_wait_days if is_known(edge.flow.mean_wait_days) else 0.0
    return edge.kind != "return", -edge.flow.people_per_day * (1 + wait), course.edge


def _first_free(
    layout: Layout, course: Course, taken: Sequence[Rect], *, may_stack: bool
) -> Label | None:
    edge = layout.graph.edges[course.edge]
    flow = edge.flow
    arrival = edge.kind == "arrival"
    for words in label_words(flow.people_per_day, flow.mean_wait_days, arrival=arrival):
        if "\n" in words and not may_stack:
            continue
        text = f"back: {words}" if edge.kind == "return" else words
        for x, y in course.places:
            label = Label(course.edge, text, x, y)
            if not any(label_rect(label).meets(other) for other in taken):
                return label
    return None


def label_rect(label: Label) -> Rect:
    """The room a label takes, with a little air.

    Parameters
    ----------
    label : Label
        The label.

    Returns
    -------
    Rect
        The room around the middle of the label.
    """
    lines = label.text.split("\n")
    half = max(text_width(line, LABEL_SIZE) for line in lines) / 2 + 2
    height = LABEL_HEIGHT + LABEL_LINE * (len(lines) - 1)
    return Rect(label.x - half, label.y - height / 2, label.x + half, label.y + height / 2)


def box_rects(layout: Layout) -> list[Rect]:
    """The rooms of the boxes, their queues included.

    Parameters
    ----------
    layout : Layout
        Positions.

    Returns
    -------
    list of Rect
        One for each box.
    """
    rects = []
    for c, keys in enumerate(layout.layers.columns):
        for key in keys:
            if is_passing(key):
                continue
            top = layout.tops[key]
            queue = layout.contents[key].queue_height
            left = layout.column_x[c] - 1
            right = left + layout.box_width + 5
            rects.append(Rect(left, top - queue, right, top + layout.heights[key]))
    return rects
