"""Which vouchers to look at: by risk, at random with a recorded seed, or by monetary unit. Pure and reproducible.

A draw depends on the population, the size and the seed alone, so anyone who has the recorded facts draws the same
again; one changed row changes the population's digest and shows that the draw was of something else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal
from typing import NamedTuple

Method = Literal["risk", "random", "monetary"]

METHODS: tuple[Method, ...] = ("risk", "random", "monetary")

# Zero-error reliability factors (Poisson): -ln(1 - confidence).
RELIABILITY = {80: Fraction(1609, 1000), 90: Fraction(2303, 1000), 95: Fraction(2996, 1000)}

# Below this many vouchers a sample saves little and misses much (at 60, 20 looked at miss one bad in three of four).
SMALL = 60


class Unit(NamedTuple):
    """One voucher of the population: its name, its amount in NT$, and its points of risk."""

    name: str
    amount: int
    risk: int = 0


class Draw(NamedTuple):
    """What was drawn, in the order of the population, and of it what is so large that it was taken for sure."""

    names: tuple[str, ...]
    certain: frozenset[str]
    population: str


def population_digest(units: Sequence[Unit]) -> str:
    """The digest of a population: its names and amounts, whatever their order."""
    lines = sorted(f"{unit.name} {unit.amount}" for unit in units)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def draw(units: Sequence[Unit], method: Method, size: int, seed: str) -> Draw:
    """A sample of at most `size` units. The seed counts for `random` and `monetary`."""
    size = min(max(0, size), len(units))
    digest = population_digest(units)
    certain: frozenset[str] = frozenset()
    match method:
        case "risk":
            ranked = sorted(units, key=lambda unit: (-unit.risk, -unit.amount, unit.name))
            chosen = {unit.name for unit in ranked[:size]}
        case "random":
            shuffled = sorted(units, key=lambda unit: (_hash(seed, digest, unit.name), unit.name))
            chosen = {unit.name for unit in shuffled[:size]}
        case "monetary":
            certain, picked = _by_monetary_unit(units, size, seed, digest)
            chosen = {*certain, *picked}
    return Draw(tuple(unit.name for unit in units if unit.name in chosen), certain, digest)


def _hash(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest())


def _by_monetary_unit(
    units: Sequence[Unit], size: int, seed: str, digest: str
) -> tuple[frozenset[str], list[str]]:
    """(units not smaller than the interval, systematic picks among the rest): each NT$ has the same chance.

    The interval is the rest's book value over what is left to draw; taking the large ones out makes it
    smaller, so that is done until none is left that reaches it. Credit notes and zeros cannot be picked.
    """
    certain, rest = _apart(units, size)
    left = size - len(certain)
    if not rest or left <= 0:
        return certain, []
    value = sum(unit.amount for unit in rest)
    start = _hash(seed, digest) % value  # over `left`: a point of the first interval
    picked, passed, place = [], 0, 0
    for unit in rest:
        passed += unit.amount
        if place < left and start + place * value < passed * left:
            picked.append(unit.name)
            place += 1
    return certain, picked


def _apart(units: Sequence[Unit], size: int) -> tuple[frozenset[str], list[Unit]]:
    """The names of the units that reach the interval, and the other units that can be picked, by name."""
    rest = sorted((unit for unit in units if unit.amount > 0), key=lambda unit: unit.name)
    certain: set[str] = set()
    while rest and size > len(certain):
        left, value = size - len(certain), sum(unit.amount for unit in rest)
        large = {unit.name for unit in rest if unit.amount * left >= value}
        if not large:
            break
        certain |= large
        rest = [unit for unit in rest if unit.name not in large]
    return frozenset(certain), rest


def monetary_interval(units: Sequence[Unit], size: int) -> tuple[frozenset[str], Fraction]:
    """Of a monetary-unit sample: what is drawn for sure, and the NT$ that each other pick stands for."""
    certain, rest = _apart(units, min(max(0, size), len(units)))
    left = min(max(0, size), len(units)) - len(certain)
    value = sum(unit.amount for unit in rest)
    return certain, Fraction(value, left) if left > 0 else Fraction(0)


# --- how large, and whether at all ---------------------------------------------------------------------


def size_for(tolerable: int, confidence: int) -> int:
    """How many monetary units to look at when no error is expected. `tolerable` is the percentage borne with."""
    return math.ceil(RELIABILITY[confidence] * 100 / max(1, tolerable))


def chance_of_finding(population: int, size: int, bad: int) -> int:
    """The percent chance that a random sample shows at least one of `bad` bad vouchers, rounded down."""
    bad = min(bad, population)
    if size >= population:
        return 100 if bad else 0
    missed = Fraction(math.comb(population - bad, size), math.comb(population, size))
    return int((1 - missed) * 100)


def look_at_all(population: int, size: int) -> bool:
    """Whether looking at all is better than a sample: the case is small, or most of it would be drawn anyway."""
    return population <= SMALL or 2 * size >= population
