"""Plots as inline SVG. Colours are the page's: whatever belongs to a broker has the class `of-BROKER`, which sets --colour."""
import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]
LABEL_STEP = 15  # pixels from one line of text to the next
TICKS_MOST = 6
LOGARITHMIC_FROM = 8  # times from the least to the most


@dataclass(frozen=True)
class Bar:
    broker: str
    title: str
    value: float
    least: float
    most: float
    said: str         # its figure
    share: str = ""   # of the reference
    warning: str = ""


@dataclass(frozen=True)
class Line:
    broker: str
    title: str        # "" for no label: another line of the same broker has it
    points: list[Point]


def nice_step(range_: float) -> float:
    """1, 2 or 5 times a power of ten: so that there are a few ticks."""
    raw = range_ / TICKS_MOST
    power = 10 ** math.floor(math.log10(raw))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= raw)


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def _svg(width: float, height: float, label: str, parts: list[str]) -> str:
    return (f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img" '
            f'aria-label="{escape(label, quote=True)}">' + "".join(parts) + "</svg>")


def bar_chart(label: str, bars: list[Bar], reference: float | None, reference_title: str) -> str:
    """Horizontal bars, what they say in columns beside them, and a line through all of them where the reference is."""
    width, left, right, top, row = 540, 130, 144, 24, 27
    height = top + row * len(bars) + 8
    most = max([bar.most for bar in bars] + [reference or 0]) or 1

    def x_of(value: float) -> float:
        return left + (width - left - right) * value / most

    parts = []
    for place, bar in enumerate(bars):
        y = top + row * place
        middle = y + row / 2
        parts.append(f'<g class="of-{bar.broker}">' + _text(left - 8, middle + 4, bar.title, "end") +
                     f'<rect class="bar" x="{left}" y="{y + 5}" width="{max(1.5, x_of(bar.value) - left):.1f}" '
                     f'height="{row - 10}" rx="2"/>')
        if bar.most > bar.least:
            parts.append(f'<path class="range" d="M{x_of(bar.least):.1f} {middle}H{x_of(bar.most):.1f}'
                         f'M{x_of(bar.least):.1f} {middle - 4}v8M{x_of(bar.most):.1f} {middle - 4}v8"/>')
        parts.append("</g>" + _text(width - 62, middle + 4, bar.said, "end", "number") +
                     _text(width - 4, middle + 4, bar.share, "end", "number"))
        if bar.warning:
            parts.append(f'<g><title>{escape(bar.warning)}</title>{_text(width - right + 8, middle + 4, "⚠", kind="warning")}</g>')
    if reference:
        x = x_of(reference)
        parts.insert(0, f'<path class="reference" d="M{x:.1f} {top - 4}V{height - 6}"/>' +
                     _text(x, top - 10, reference_title, "middle", "faint"))
    return _svg(width, height, label, parts)


def _apart(wanted: list[float], least: float, most: float) -> list[float]:
    """Heights of labels (ascending), moved as far as it takes not to overlap."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + LABEL_STEP) if placed else max(y, least))
    for place in reversed(range(len(placed))):
        highest = most if place == len(placed) - 1 else placed[place + 1] - LABEL_STEP
        placed[place] = min(placed[place], highest)
    return placed


def _log_ticks(least: float, most: float) -> list[float]:
    """Powers of ten; with 2 and 5 times of them where those are few."""
    low, high = math.floor(math.log10(least)), math.ceil(math.log10(most))
    factors = (1,) if high - low > 3 else (1, 2, 5)
    return [factor * 10.0 ** power for power in range(low, high + 1) for factor in factors
            if least <= factor * 10.0 ** power * (1 + 1e-9) and factor * 10.0 ** power <= most * (1 + 1e-9)]


def _heights(lines: list[Line], top: float, bottom: float) -> tuple[Callable[[float], float], list[float]]:
    """An axis for all their heights, and its ticks: from 0 where they are close together, else logarithmic."""
    ys = [y for line in lines for _, y in line.points]
    least, most = min(ys) / 1.15, max(ys) * 1.15
    if most / least < LOGARITHMIC_FROM:
        step = nice_step(most)
        return lambda y: bottom - (bottom - top) * y / most, [step * number for number in range(int(most / step) + 1)]
    return lambda y: bottom - (bottom - top) * math.log(y / least) / math.log(most / least), _log_ticks(least, most)


def line_chart(label: str, lines: list[Line], x_ticks: list[tuple[float, str]], x_title: str, y_title: str) -> str:
    """Lines, each labelled at its end. Heights of 0 are left out."""
    width, left, right, top, bottom = 540, 58, 150, 26, 42
    height = 300
    lines = [Line(line.broker, line.title, [point for point in line.points if point[1] > 0]) for line in lines]
    lines = [line for line in lines if line.points]
    if not lines:
        return ""
    y_of, y_ticks = _heights(lines, top, height - bottom)
    xs = [x for line in lines for x, _ in line.points] + [x for x, _ in x_ticks]
    x_least, x_most = min(xs), max(xs)

    def x_of(x: float) -> float:
        return left + (width - left - right) * (x - x_least) / ((x_most - x_least) or 1)

    parts = [_text(left, top - 12, y_title, kind="faint")]
    for y in y_ticks:
        parts.append(f'<path class="grid" d="M{left} {y_of(y):.1f}H{width - right}"/>' +
                     _text(left - 7, y_of(y) + 4, f"{y:,.0f}" if y >= 1 else f"{y:g}", "end", "faint"))
    for x, words in x_ticks:
        parts.append(f'<path class="grid" d="M{x_of(x):.1f} {top}V{height - bottom}"/>' +
                     _text(x_of(x), height - bottom + 16, words, "middle", "faint"))
    parts.append(_text((left + width - right) / 2, height - 8, x_title, "middle", "faint"))
    for line in lines:
        path = "L".join(f"{x_of(x):.1f} {y_of(y):.1f}" for x, y in line.points)
        parts.append(f'<g class="of-{line.broker}"><path class="line" d="M{path}"/></g>')
    ends = sorted(((y_of(line.points[-1][1]), x_of(line.points[-1][0]), line) for line in lines if line.title),
                  key=lambda end: end[0])
    for y, (end_y, end_x, line) in zip(_apart([end[0] for end in ends], top + 4, height - bottom), ends):
        parts.append(f'<g class="of-{line.broker}"><path class="leader" d="M{end_x + 2:.1f} {end_y:.1f}L{width - right + 10} {y:.1f}"/>'
                     f'<path class="line" d="M{width - right + 12} {y:.1f}h14"/></g>' + _text(width - right + 31, y + 4, line.title))
    return _svg(width, height, label, parts)


def gauge(median: float, least: float, most: float, floor: float | None, goal: float, verdict: str) -> str:
    """How far a figure gets towards its goal; all in shares of the goal, right is better."""
    width, height, ends = 210, 22, 1.6

    def x_of(share: float) -> float:
        return 4 + (width - 8) * min(share, ends) / ends

    parts = [f'<path class="track" d="M4 11H{width - 4}"/>']
    if floor is not None:
        parts.append(f'<path class="floor" d="M{x_of(floor / goal):.1f} 4v14"/>')
    parts.append(f'<path class="goal" d="M{x_of(1):.1f} 2v18"/>')
    parts.append(f'<g class="{verdict}"><path class="range" d="M{x_of(least / goal):.1f} 11H{x_of(most / goal):.1f}"/>'
                 f'<circle cx="{x_of(median / goal):.1f}" cy="11" r="5"/></g>')
    return _svg(width, height, f"{100 * median / goal:.0f} % of the goal", parts)
