"""The loss over the iterations, drawn in braille; the only module that imports textual-plot."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Grid
from textual.strip import Strip
from textual.widget import Widget
from textual_hires_canvas import Canvas
from textual_plot import HiResMode, PlotWidget
from textual_plot.plot_widget import Legend


class StyledCanvas(Canvas):
    """A canvas whose segments all have a style: under NO_COLOR Textual asks each for its colour."""

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        return Strip(
            [Segment(text, style or Style.null(), control) for text, style, control in line],
            line.cell_length,
        )


class Plot(PlotWidget):
    """textual-plot's widget over such canvases; the children are its own otherwise."""

    def compose(self) -> ComposeResult:
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield StyledCanvas(1, 1, id=part)
        yield Legend(id="legend")


class LossPlot(Widget):
    """This run's curve, and the one before it in a quieter colour."""

    DEFAULT_CSS = """
    LossPlot {
        height: 1fr;
    }
    LossPlot PlotWidget {
        background: transparent;
    }
    LossPlot PlotWidget > .plot--axis {
        color: $text-muted;
    }
    LossPlot PlotWidget > .plot--tick {
        color: $text-muted;
    }
    LossPlot PlotWidget > .plot--label {
        color: $text-muted;
    }
    """

    def compose(self) -> ComposeResult:
        plot = Plot(allow_pan_and_zoom=False)
        plot.can_focus = False
        plot.set_reactive(PlotWidget.margin_top, 0)
        plot.set_reactive(PlotWidget.margin_bottom, 1)
        plot.set_reactive(PlotWidget.margin_left, 6)
        yield plot

    def show(
        self,
        iterations: Sequence[int],
        losses: Sequence[float],
        before: tuple[Sequence[int], Sequence[float]],
        most: int,
    ) -> None:
        """``before`` is the curve of the run before; ``most`` the last iteration of the axis."""
        plot = self.query_one(PlotWidget)
        plot.clear()
        top = max([1.0, *losses, *before[1]], default=1.0)
        plot.set_xlimits(0, most)
        plot.set_ylimits(0, min(top, 4.0) * 1.05)
        # Dots for the run before, a line for this one: no need to tell two colours apart.
        if before[0]:
            plot.scatter(
                list(before[0]),
                list(before[1]),
                marker_style=self._colour("secondary"),
                hires_mode=HiResMode.BRAILLE,
            )
        if len(iterations) > 1:
            plot.plot(
                list(iterations),
                list(losses),
                line_style=self._colour("primary"),
                hires_mode=HiResMode.BRAILLE,
            )

    def _colour(self, name: str) -> str:
        return Color.parse(self.app.get_css_variables()[name]).hex6
