"""Several curves in one plot, each drawn with its letter, so that no colour has to tell them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget
from textual_plot import PlotWidget

from drills.app.lab_forms import MARKS, Curve
from drills.app.widgets.loss_plot import Plot

DOTS = 60
"""Letters of one curve at most: more would only hide each other."""


class SeriesPlot(Widget):
    """Letters over an axis; with ``logarithmic`` the power of ten of each value."""

    DEFAULT_CSS = """
    SeriesPlot {
        height: 1fr;
    }
    SeriesPlot PlotWidget {
        background: transparent;
    }
    """

    def compose(self) -> ComposeResult:
        plot = Plot(allow_pan_and_zoom=False)
        plot.can_focus = False
        plot.set_reactive(PlotWidget.margin_top, 0)
        plot.set_reactive(PlotWidget.margin_bottom, 1)
        plot.set_reactive(PlotWidget.margin_left, 8)
        yield plot

    def show(self, curves: Sequence[Curve], *, logarithmic: bool = False) -> None:
        """Draw the curves; what is not finite is left out."""
        plot = self.query_one(PlotWidget)
        plot.clear()
        drawn = [
            (mark, _points(curve, logarithmic)) for mark, curve in zip(MARKS, curves, strict=False)
        ]
        points = [point for _, found in drawn for point in found]
        if not points:
            plot.set_xlimits(0, 1)
            plot.set_ylimits(0, 1)
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        low, high = min(ys), max(ys)
        room = 0.05 * (high - low) or 0.5
        plot.set_xlimits(min(xs) if logarithmic else 0, 1.02 * max(*xs, min(xs) + 1))
        plot.set_ylimits(low - room if logarithmic or low < 0 else min(0.0, low), high + room)
        for mark, found in drawn:
            if found:
                plot.scatter([x for x, _ in found], [y for _, y in found], marker=mark)


def _points(curve: Curve, logarithmic: bool) -> list[tuple[float, float]]:
    pairs = list(zip(curve.xs, curve.ys, strict=False))
    every = max(1, math.ceil(len(pairs) / DOTS))
    kept = [*pairs[::every], *pairs[-1:]]
    if logarithmic:
        kept = [(x, math.log10(y)) for x, y in kept if y > 0]
    return [(x, y) for x, y in kept if math.isfinite(y)]
