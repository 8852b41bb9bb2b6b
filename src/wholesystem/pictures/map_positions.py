"""The positions of everything on the system map, and the measures they keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wholesystem.pictures.map_boxes import BoxContent
from wholesystem.pictures.map_graph import Graph
from wholesystem.pictures.map_order import Layers, is_passing

WIDTH = 1600.0
# A small map is drawn on a smaller canvas of the same shape, so that it is read from further away.
SMALL_WIDTH = 1200.0
SMALL_COLUMNS = 5
SHAPE = 9 / 16
WIDEST_RETURN = 18.0
MARGIN = 16.0
HEAD = 96.0
FOOT = 66.0
TRACK = 18.0
STUB = 34.0
WIDEST_BAND = 56.0
NARROWEST_FULL_BAND = 37.0
THINNEST = 2.0
BAND_GAP = 3.0
BOX_GAP = 11.0
PASS_GAP = 2.4
HOME_LOOP = -1


@dataclass(frozen=True)
class Port:
    """Where one end of an edge joins a box: its middle, and which side."""

    x: float
    y: float


@dataclass
class Layout:
    """All positions, in units of the picture (1600 wide).

    Parameters
    ----------
    graph : Graph
        What is drawn.
    layers : Layers
        Ordered columns with passing bands.
    contents : dict of str to BoxContent
        What stands in each box.
    scale : float
        Band width for one person a day.
    per_figure : int
        People per figure.
    width : float
        Width of the picture.
    box_width : float
        Width of every box.
    gutter : float
        Distance between columns.
    column_x : list of float
        Left edge of each column.
    tops, heights : dict of str to float
        Top and height of each node: the frame of a box (its queue stands above), or a band.
    leaving, entering : dict of int to Port
        Ends of each edge, by its number.
    body_bottom, height : float
        Lower edge of the lanes, and of the picture.
    tracks : dict of int to float
        Height at which each return runs back, by its edge; `HOME_LOOP` is the loop that joins the
        two showings of where people live.
    """

    graph: Graph
    layers: Layers
    contents: dict[str, BoxContent]
    scale: float
    per_figure: int
    width: float
    box_width: float
    gutter: float
    column_x: list[float]
    body_bottom: float
    height: float
    tracks: dict[int, float] = field(default_factory=dict)
    tops: dict[str, float] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)
    leaving: dict[int, Port] = field(default_factory=dict)
    entering: dict[int, Port] = field(default_factory=dict)

    def band(self, edge: int) -> float:
        """Width of the band of an edge.

        Parameters
        ----------
        edge : int
            Number of the edge.

        Returns
        -------
        float
            Units of the picture.
        """
        return band_width(self.graph.edges[edge].flow.people_per_day, self.scale)


def band_width(people_per_day: float, scale: float) -> float:
    """Width of a band; the thinnest line stands for every smaller flow.

    Parameters
    ----------
    people_per_day : float
        People a day, >= 0.
    scale : float
        Width for one person a day.

    Returns
    -------
    float
        Units of the picture.
    """
    return max(people_per_day * scale, THINNEST)


def node_gap(above: str, below: str, contents: Mapping[str, BoxContent]) -> float:
    """Least distance from the foot of one node to the top of the next, queue included.

    Parameters
    ----------
    above, below : str
        Keys of neighbours in a column.
    contents : mapping of str to BoxContent
        What stands in each box.

    Returns
    -------
    float
        Units of the picture.
    """
    if is_passing(above) and is_passing(below):
        return PASS_GAP
    queue = 0.0 if is_passing(below) else contents[below].queue_height
    return queue + (BOX_GAP if not (is_passing(above) or is_passing(below)) else 9.0)
