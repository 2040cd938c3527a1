"""A comparison as text, and its ratios as plain values."""
from results import DISTURBED_CORES, Ratio, Run, Spread, figure, keeps_rate, ratio, runs_of, share_of_rate, spread
from shapes import DELIVERED, Row

VERDICTS = {"goal": "goal met", "floor": "floor met", "below": "BELOW FLOOR", "short": "goal not met", "unknown": "not measured",
            "none": ""}
SUSPICIOUS = "a run behind it failed, lost or refused messages, or fell behind its rate"
LATENCIES = ("ack_ms.p50", "ack_ms.p99", "delivery_ms.p50", "delivery_ms.p99")
RUN_HEAD = ["shape", "broker", "delivered/s", "min … max", "× bare", "ack p50 ms", "p99", "delivery p50 ms", "p99", ""]
ROUNDS_LEAST = 5
DURATION_LEAST_MS = 5_000


def table(head: list[str], rows: list[list[str]], words: int = 1) -> str:
    """Columns as wide as they need to be; the first `words` ones and the last begin at the left, numbers end at the right."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(row: list[str]) -> str:
        cells = [cell.ljust(width) if column < words or column == len(row) - 1 else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths))]
        return "  ".join(cells).rstrip()

    return "\n".join([line(head), "  ".join("-" * width for width in widths), *map(line, rows)])


def with_unit(value: float | None, unit: str = "×") -> str:
    """Two digits behind the point below 10, fewer above; of small ones two digits that count. "–" for nothing."""
    if value is None:
        return "–"
    if 0 < abs(value) < 0.1:
        return f"{value:.2g}{unit}"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}{unit}"


def bound(row: Row, value: float | None) -> str:
    return "–" if value is None else ("≤ " if row.lower else "≥ ") + with_unit(value, row.unit)


def milliseconds(found: Spread | None) -> str:
    if found is None:
        return "–"
    return f"{found.median:,.0f}" if found.median >= 100 else f"{found.median:.1f}" if found.median >= 10 else f"{found.median:.2f}"


def range_of(found: Spread | None, unit: str = "×", digits: int | None = None) -> str:
    if found is None:
        return "–"
    return " … ".join(with_unit(each, unit) if digits is None else f"{each:,.{digits}f}" for each in (found.least, found.most))


def share_of(found: Spread | None, of: Spread | None) -> str:
    return with_unit(found.median / of.median) if found and of and of.median else "–"


def latencies(broker: dict, runs: list[Run]) -> list[str]:
    """Medians; who has no acks has no latency of them."""
    return [milliseconds(rounds(runs, path)) if broker["acks"] or not path.startswith("ack") else "–" for path in LATENCIES]


def remarks(runs: list[Run]) -> list[str]:
    """The marks of some rounds, each kind once with its worst count."""
    found: list[str] = []
    failed = sum("failure" in run for run in runs)
    if failed:
        found.append(f"{failed} of {len(runs)} failed")
    for name in ("missing", "refused", "behind"):
        counts = [count for run in runs if (count := figure(run, name))]
        if counts:
            found.append(f"{name} up to {max(counts):,.0f} in {len(counts)} of {len(runs)}")
    late = [share_of_rate(run) for run in runs if not keeps_rate(run)]
    if late:
        found.append(f"delivered down to {min(late):.0%} of the rate in {len(late)} of {len(runs)}")
    disturbed = [cores for run in runs if (cores := run.get("cpu_cores", {}).get("others", 0)) > DISTURBED_CORES]
    if disturbed:
        found.append(f"others used up to {max(disturbed):.1f} cores in {len(disturbed)} of {len(runs)}")
    return found


def rounds(runs: list[Run], path: str) -> Spread | None:
    return spread(value for run in runs if (value := figure(run, path)) is not None)


def cautions(record: dict) -> list[str]:
    """Why this comparison as a whole is not to be quoted."""
    found = []
    if not record["complete"]:
        found.append("It was interrupted: rounds are missing.")
    if record["rounds"] < ROUNDS_LEAST or record["duration_ms"] < DURATION_LEAST_MS:
        found.append(f"{record['rounds']} round(s) of {record['duration_ms'] / 1000:g} s: a smoke test and no measurement; "
                     f"that takes {ROUNDS_LEAST} rounds of {DURATION_LEAST_MS / 1000:g} s at least.")
    disturbed = sum(run.get("cpu_cores", {}).get("others", 0) > DISTURBED_CORES for run in record["runs"])
    if disturbed:
        found.append(f"During {disturbed} of {len(record['runs'])} runs other processes used more than {DISTURBED_CORES} cores.")
    return found


def ratios(record: dict, rows: tuple[Row, ...]) -> list[dict]:
    """For the JSON."""
    found = []
    for each in (ratio(record["runs"], row) for row in rows):
        row = each.row
        found.append({"title": row.title, "floor": row.floor, "goal": row.goal, "lower_is_better": row.lower, "unit": row.unit,
                      "median": each.spread.median if each.spread else None, "min": each.spread.least if each.spread else None,
                      "max": each.spread.most if each.spread else None, "by_round": each.by_round, "verdict": each.verdict,
                      "suspicious": each.suspicious})
    return found


def _ratio_line(found: Ratio) -> list[str]:
    row, seen = found.row, found.spread
    return [row.title, with_unit(seen.median if seen else None, row.unit), range_of(seen, row.unit), bound(row, row.floor),
            bound(row, row.goal), VERDICTS[found.verdict] + (" (!)" if found.suspicious else "")]


def _run_line(record: dict, shape: dict, broker: dict) -> list[str] | None:
    runs = runs_of(record["runs"], shape["name"], broker["name"])
    if not runs:
        return None
    delivered = rounds(runs, DELIVERED)
    bare = None if shape["rate"] else rounds(runs_of(record["runs"], shape["name"], "bare"), DELIVERED)
    return [shape["name"], broker["name"], f"{delivered.median:,.0f}" if delivered else "–", range_of(delivered, "", 0),
            share_of(delivered, bare), *latencies(broker, runs), "; ".join(remarks(runs))]


def _program_lines(record: dict) -> list[list[str]]:
    lines = []
    for program in record["programs"]:
        runs = runs_of(record["runs"], program["name"], "fenliu")
        for name in sorted({name for run in runs for name in run.get("figures", {})}):
            if seen := rounds(runs, name):
                lines.append([program["name"], name, with_unit(seen.median, ""), range_of(seen, ""), "; ".join(remarks(runs))])
    return lines


def text(record: dict, rows: tuple[Row, ...]) -> str:
    """What compare.sh prints at its end."""
    machine = record["machine"]
    lines = [line for shape in record["shapes"] for broker in record["brokers"] if (line := _run_line(record, shape, broker))]
    parts = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['kernel']}, a synced 4 KiB append "
        f"{', '.join(f'{each:.2f}' for each in machine['sync_ms'])} ms; medians of {record['rounds']} rounds",
        *cautions(record), "",
    ]
    if lines:
        parts += [table(RUN_HEAD, lines, 2), ""]
    if programs := _program_lines(record):
        parts += [table(["program", "figure", "median", "min … max", ""], programs, 2), ""]
    found = [ratio(record["runs"], row) for row in rows]
    if found:
        parts.append(table(["ratio in one round", "median", "min … max", "floor", "goal", ""], [_ratio_line(each) for each in found]))
    if any(each.suspicious for each in found):
        parts.append(f"(!) {SUSPICIOUS}")
    for name, why in record["skipped"].items():
        parts.append(f"{name} is left out: {why}")
    for run in record["runs"]:
        if "failure" in run:
            parts.append(f"failed: {run['broker']} at {run['shape']}, round {run['round']}: {run['failure']}")
    return "\n".join(parts)
