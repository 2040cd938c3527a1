"""What runs found, as plain JSON, and what follows from it: medians over rounds, ratios within one round, verdicts. Pure.

A run is {"shape", "broker", "round"} with what compare_load printed, or with "failure" and "log"; "cpu_cores" says who worked how
much meanwhile.
"""
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from shapes import Figure, Row

Run = dict
DISTURBED_CORES = 0.25  # worked by others during a run
BEHIND_SHARE = 0.01     # of what was due; less is the edge of the measured time
RATE_SHARE = 0.95       # of an open loop's rate; who delivers less doesn't keep it, whatever waits in its queues


@dataclass(frozen=True)
class Spread:
    median: float
    least: float
    most: float
    count: int


def spread(values: Iterable[float]) -> Spread | None:
    """None: nothing was measured."""
    found = list(values)
    return Spread(statistics.median(found), min(found), max(found), len(found)) if found else None


def figure(run: Run, path: str) -> float | None:
    """By its path, as "ack_ms.p99"; None where it isn't there or counts nothing."""
    found = run.get("figures")
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    latencies = run.get("figures", {}).get(path.split(".")[0])
    if isinstance(latencies, dict) and not latencies.get("count"):
        return None
    return float(found) if isinstance(found, (int, float)) else None


def runs_of(runs: list[Run], shape: str, broker: str) -> list[Run]:
    return [each for each in runs if (each["shape"], each["broker"]) == (shape, broker)]


def values(runs: list[Run], wanted: Figure) -> dict[int, float]:
    """By round."""
    return {each["round"]: value for each in runs_of(runs, wanted.shape, wanted.broker)
            if (value := figure(each, wanted.name)) is not None}


def share_of_rate(run: Run) -> float | None:
    """What was delivered in the measured time of what was due; None for a closed loop."""
    rate, delivered = (run.get("load") or {}).get("rate"), figure(run, "delivered_per_s")
    return delivered / rate if rate and delivered is not None else None


def keeps_rate(run: Run) -> bool:
    share = share_of_rate(run)
    return share is None or share >= RATE_SHARE


def marks(run: Run) -> list[str]:
    """What the reader has to know before believing a run."""
    if "failure" in run:
        return ["failed"]
    found = [f"{name} {int(count):,}" for name in ("missing", "refused", "behind") if (count := figure(run, name))]
    if not keeps_rate(run):
        found.append(f"delivered {share_of_rate(run):.0%} of the rate")
    if run.get("cpu_cores", {}).get("others", 0) > DISTURBED_CORES:
        found.append(f"others used {run['cpu_cores']['others']:.1f} cores")
    return found


def suspicious(run: Run) -> bool:
    """Whether what it delivered isn't all that was asked of it."""
    if "failure" in run or figure(run, "missing") or figure(run, "refused") or not keeps_rate(run):
        return True
    behind, published = figure(run, "behind") or 0, figure(run, "published") or 0
    return behind > BEHIND_SHARE * (behind + published)


@dataclass(frozen=True)
class Ratio:
    row: Row
    by_round: dict[int, float]
    spread: Spread | None
    suspicious: bool  # a run that it is made of is

    @property
    def verdict(self) -> str:
        """What is reached: "goal", "floor" or "below"; "short" of a goal that has no floor; "unknown" without figures, "none"
        without floor and goal."""
        if self.spread is None:
            return "unknown"
        for name, bound in (("goal", self.row.goal), ("floor", self.row.floor)):
            if bound is not None and (self.spread.median <= bound if self.row.lower else self.spread.median >= bound):
                return name
        if self.row.floor is None:
            return "none" if self.row.goal is None else "short"
        return "below"


def asked(record: dict, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows whose shapes and brokers were to be measured."""
    shapes = {each["name"] for part in ("shapes", "programs") for each in record[part]}
    brokers = {each["name"] for each in record["brokers"]} | set(record["skipped"])
    return tuple(row for row in rows
                 if all(each.shape in shapes and each.broker in brokers for each in (row.of, row.against) if each))


def ratio(runs: list[Run], row: Row) -> Ratio:
    """Each round's figure by the same round's other figure; rounds that lack one don't count."""
    above = values(runs, row.of)
    below = values(runs, row.against) if row.against else dict.fromkeys(above, 1.0)
    by_round = {number: above[number] / below[number] for number in sorted(above) if below.get(number)}
    parts = [figure for figure in (row.of, row.against) if figure]
    doubtful = any(suspicious(run) for each in parts for run in runs_of(runs, each.shape, each.broker))
    return Ratio(row, by_round, spread(by_round.values()), doubtful)


def median_curve(runs: list[Run], name: str) -> list[tuple[float, float]]:
    """The latencies' curve, point by point the median of the rounds that reach so far out."""
    by_share: dict[float, list[float]] = {}
    for run in runs:
        for share, latency_ms in run.get("figures", {}).get(name, {}).get("curve", []):
            by_share.setdefault(share, []).append(latency_ms)
    at_most = max(map(len, by_share.values()), default=0)
    return [(share, statistics.median(found)) for share, found in sorted(by_share.items()) if 2 * len(found) >= at_most]
