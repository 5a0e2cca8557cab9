"""The fine line work of the certificate, drawn by formula as SVG: a woven border, a rosette behind the text.

Vectors stay sharp on any printer and weigh a few kilobytes. There is no seal in it and never will be: a
drawn seal would be a forgery of one. Lengths are millimetres on a page of 210 × 297.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache

WIDTH, HEIGHT = 210.0, 297.0
BLUE, GOLD, PALE = "#1d3f72", "#a8874a", "#e0e9f4"
MIDDLE_OF_BAND = 11.0  # from the edge of the page
HALF_BAND = 2.3
CORNER = 8.4  # side of the square where two bands meet
WAVE = 7.8  # about how long one wave of the border is
STRANDS = 4

Curve = Callable[[float], tuple[float, float]]


def _path(curve: Curve, start: float, end: float, pieces: int) -> str:
    """Cubic Bézier pieces through the curve, with its own direction at each joint."""
    step = (end - start) / pieces
    reach = step / 3

    def direction(t: float) -> tuple[float, float]:
        (x0, y0), (x1, y1) = curve(t - 1e-4), curve(t + 1e-4)
        return (x1 - x0) / 2e-4, (y1 - y0) / 2e-4

    x, y = curve(start)
    drawn = [f"M{x:.2f} {y:.2f}"]
    for index in range(pieces):
        t, u = start + index * step, start + (index + 1) * step
        (x0, y0), (x1, y1) = curve(t), curve(u)
        (dx0, dy0), (dx1, dy1) = direction(t), direction(u)
        controls = (x0 + dx0 * reach, y0 + dy0 * reach, x1 - dx1 * reach, y1 - dy1 * reach, x1, y1)
        drawn.append("C" + " ".join(f"{number:.2f}" for number in controls))
    return "".join(drawn)


def _strand(length: float, phase: float) -> Curve:
    """One thread of the weave, along the x axis from 0 to ``length``."""
    waves = round(length / WAVE)

    def at(x: float) -> tuple[float, float]:
        turn = 2 * math.pi * waves * x / length
        return x, HALF_BAND * math.sin(turn + phase) * (0.72 + 0.28 * math.cos(2 * turn))

    return at


def _edge(length: float) -> str:
    """All threads of one side, as SVG paths along the x axis."""
    pieces = 4 * round(length / WAVE)
    return "".join(
        f'<path d="{_path(_strand(length, 2 * math.pi * index / STRANDS), 0, length, pieces)}" '
        f'stroke="{GOLD if index % 2 else BLUE}"/>'
        for index in range(STRANDS)
    )


def _rosette(petals: int, radius: float, depth: float, rings: int) -> str:
    """Closed curves that swing ``petals`` times around the origin, each turned a little further."""

    def ring(phase: float) -> Curve:
        def at(angle: float) -> tuple[float, float]:
            distance = radius * (1 - depth + depth * math.cos(petals * angle + phase))
            return distance * math.cos(angle), distance * math.sin(angle)

        return at

    return "".join(
        f'<path d="{_path(ring(2 * math.pi * index / rings), 0, 2 * math.pi, petals * 4)}"/>' for index in range(rings)
    )


def star(size: float) -> str:
    """The portal's four-pointed star around the origin, as path data."""
    waist = size * 0.2
    return (
        f"M0 {-size}C{waist * 0.7} {-waist} {waist} {-waist * 0.7} {size} 0"
        f"C{waist} {waist * 0.7} {waist * 0.7} {waist} 0 {size}"
        f"C{-waist * 0.7} {waist} {-waist} {waist * 0.7} {-size} 0"
        f"C{-waist} {-waist * 0.7} {-waist * 0.7} {-waist} 0 {-size}Z"
    )


def _frame(inset: float, colour: str, thickness: float) -> str:
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" '
        f'fill="none" stroke="{colour}" stroke-width="{thickness}"/>'
    )


def _border() -> str:
    near, half = MIDDLE_OF_BAND, CORNER / 2
    across, down = WIDTH - 2 * near - CORNER, HEIGHT - 2 * near - CORNER
    horizontal, vertical = _edge(across), _edge(down)
    left, top, right, bottom = near, near, WIDTH - near, HEIGHT - near
    sides = "".join(
        f'<g transform="translate({x} {y}) rotate({turn})">{drawn}</g>'
        for x, y, turn, drawn in (
            (left + half, top, 0, horizontal),
            (left + half, bottom, 0, horizontal),
            (left, top + half, 90, vertical),
            (right, top + half, 90, vertical),
        )
    )
    knot = _rosette(8, half * 0.98, 0.24, 4)
    corners = "".join(
        f'<g transform="translate({x} {y})"><g fill="none" stroke="{GOLD}" stroke-width=".13">{knot}</g>'
        f'<path d="{star(2.1)}" fill="{BLUE}"/></g>'
        for x in (left, right)
        for y in (top, bottom)
    )
    return f'<g fill="none" stroke-width=".14">{sides}</g>{corners}'


@lru_cache(maxsize=1)
def certificate_background() -> str:
    """The whole background of a certificate, as a ``data:`` address."""
    rosette = _rosette(18, 66, 0.3, 6)
    return _address(
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"',
        f'<g transform="translate(105 140)" fill="none" stroke="{PALE}" stroke-width=".22">{rosette}</g>'
        + _frame(7.2, BLUE, 0.5)
        + _border()
        + _frame(MIDDLE_OF_BAND + 3.6, GOLD, 0.22),
    )


@lru_cache(maxsize=1)
def star_image() -> str:
    """The star alone in gold, as a ``data:`` address."""
    return _address('viewBox="-5 -5 10 10"', f'<path d="{star(5)}" fill="{GOLD}"/>')


def _address(view: str, drawn: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {view}>{drawn}</svg>'
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
