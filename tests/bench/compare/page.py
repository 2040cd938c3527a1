"""A comparison as one self-contained HTML page."""
import math
from html import escape

import plots
import style
from report import SUSPICIOUS, VERDICTS, bound, cautions, latencies, range_of, remarks, rounds, share_of, with_unit
from results import Ratio, Spread, median_curve, ratio, runs_of, suspicious
from shapes import DELIVERED, Row

LEAST_SHARE = 0.25  # the fastest of all says nothing and takes half of the axis
SHARES = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
HOW_TO_READ = (
    "Everything is a ratio inside one run on one machine. Absolute figures are this machine's; ratios travel better, and not "
    "perfectly.",
    "Each round measures every broker with the same load, one server at a time on an empty directory. A figure is the median of the "
    "rounds, a ratio the median of the ratios that each round has in itself. Thin lines and brackets go from the worst round to the best.",
    "The load runs on the same cores as the broker: a broker whose protocol is cheap for its clients gains by it.",
    "Open loop: messages are due at fixed times whatever became of those before, and latency counts from when a message was due. A "
    "broker that falls behind shows it as latency, and as “behind”.",
    "The bare relay passes frames on and keeps nothing; nobody acknowledges anything. It is the floor of what ZeroMQ costs.",
)


def render(record: dict, rows: tuple[Row, ...]) -> str:
    found = [ratio(record["runs"], row) for row in rows]
    parts = [_head(record, found), _ratio_table(found), _throughput(record), _latencies(record), _over_time(record), _details(record),
             _programs(record), _failures(record), _facts(record)]
    return ("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
            f"<title>fenliu beside other brokers</title><style>{style.css()}</style></head>\n<body>\n" + "\n".join(filter(None, parts)) +
            "\n</body></html>\n")


def _cells(*cells: str, head: bool = False, numbers: range = range(0)) -> str:
    tag = "th" if head else "td"
    kinds = [" class=n" if place in numbers else "" for place in range(len(cells))]
    return "<tr>" + "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, cells)) + "</tr>"


def _table(title: str, about: str, head: str, lines: list[str]) -> str:
    if not lines:
        return ""
    return f'<h2>{title}</h2><p class="faint">{about}</p><div class="scroll"><table>{head}{"".join(lines)}</table></div>'


def _cards(title: str, about: str, charts: list[tuple[str, str]], kind: str = "card") -> str:
    """A section of charts, each with its title."""
    if not charts:
        return ""
    cards = "".join(f'<div class="{kind}"><h3>{escape(name)}</h3>{chart}</div>' for name, chart in charts)
    return f'<h2>{title}</h2><p class="faint">{about}</p><div class="grid">{cards}</div>'


def _chip(broker: dict) -> str:
    return f'<span class="name"><span class="chip of-{broker["name"]}"></span>{escape(broker["title"])}</span>'


def _head(record: dict, found: list[Ratio]) -> str:
    machine = record["machine"]
    tiles = []
    for verdict, words in (("goal", "reach their goal"), ("floor", "are above their floor"), ("below", "are below their floor"),
                           ("short", "have no floor and miss their goal"), ("unknown", "were not measured")):
        if count := sum(each.verdict == verdict for each in found):
            tiles.append(f'<div class="tile"><b>{count}</b>{words}</div>')
    warned = "".join(f'<p class="caution">{escape(each)}</p>' for each in cautions(record))
    bounded = sum(each.verdict != "none" for each in found)
    summary = f'<div class="tiles">{"".join(tiles)}</div><p class="faint">of {bounded} ratios that have a floor or a goal.</p>'
    return (f'<h1>fenliu beside other brokers</h1><p class="faint">{escape(record["begun"][:16].replace("T", " "))} · '
            f'revision {escape(record["revision"])} · {escape(str(machine["cpu"]))}, {machine["cores"]} cores · '
            f'{record["rounds"]} rounds of {record["duration_ms"] / 1000:g} s</p>{warned}'
            + (summary if found else ""))


def _ratio_table(found: list[Ratio]) -> str:
    lines = [_ratio_line(each, each.row, each.spread) for each in found]
    head = _cells("ratio, in one round", "median", "min … max", "floor", "goal", "on the way to the goal", "", head=True,
                  numbers=range(1, 5))
    return _table("The ratios that matter", "Durable before every ack unless it says otherwise. “/” stands between what is measured "
                  "and what it is measured against. In the pictures the green mark is the goal, the amber one the floor; right is "
                  "better.", head, lines)


def _ratio_line(found: Ratio, row: Row, seen: Spread | None) -> str:
    title = escape(row.title)
    if found.suspicious:
        title += f' <span class="warning" title="{SUSPICIOUS}">⚠</span>'
    said = VERDICTS[found.verdict].lower()
    return _cells(title, f"<b>{with_unit(seen.median if seen else None, row.unit)}</b>", range_of(seen, row.unit),
                  bound(row, row.floor), bound(row, row.goal), _gauge(found) if seen and row.goal and seen.least > 0 else "",
                  f'<span class="pill {found.verdict}">{said}</span>' if said else "", numbers=range(1, 5))


def _gauge(found: Ratio) -> str:
    row, seen = found.row, found.spread
    if row.lower:  # turned round: right is better
        floor = 1 / row.floor if row.floor else None
        return plots.gauge(1 / seen.median, 1 / seen.most, 1 / seen.least, floor, 1 / row.goal, found.verdict)
    return plots.gauge(seen.median, seen.least, seen.most, row.floor, row.goal, found.verdict)


def _shown(record: dict, shape: dict) -> list[tuple[dict, list[dict]]]:
    """Brokers that were measured in a shape, with their runs."""
    found = [(broker, runs_of(record["runs"], shape["name"], broker["name"])) for broker in record["brokers"]]
    return [(broker, runs) for broker, runs in found if runs]


def _throughput(record: dict) -> str:
    charts = []
    for shape in record["shapes"]:
        if shape["rate"]:
            continue
        bare = rounds(runs_of(record["runs"], shape["name"], "bare"), DELIVERED)
        bars = []
        for broker, runs in _shown(record, shape):
            seen = rounds(runs, DELIVERED)
            values = (seen.median, seen.least, seen.most) if seen else (0, 0, 0)
            bars.append(plots.Bar(broker["name"], broker["title"], *values, said=f"{seen.median:,.0f}" if seen else "failed",
                                  share=share_of(seen, bare), warning="; ".join(remarks(runs)) if any(map(suspicious, runs)) else ""))
        if bars:
            charts.append((shape["title"], plots.bar_chart(shape["title"], bars, bare.median if bare else None, "bare relay")))
    return _cards("Throughput", "Messages delivered a second, as many as go, and how much that is of the bare relay in the same "
                  "shape, the dashed line.", charts)


def _latencies(record: dict) -> str:
    charts = []
    for shape in record["shapes"]:
        if not shape["rate"]:
            continue
        for name, words in (("ack_ms", "until the ack"), ("delivery_ms", "until the delivery")):
            lines = []
            for broker, runs in _shown(record, shape):
                curve = median_curve(runs, name) if name != "ack_ms" or broker["acks"] else []
                points = [(_nines(share), latency) for share, latency in curve if LEAST_SHARE <= share < 1]
                if points:
                    lines.append(plots.Line(broker["name"], broker["title"], points))
            reach = max((line.points[-1][0] for line in lines), default=0)
            ticks = [(_nines(share), f"{100 * share:g}") for share in SHARES if _nines(share) <= reach + 1e-9]
            if lines:
                title = f"{shape['title']}: {words}"
                charts.append((title, plots.line_chart(title, lines, ticks, "percentile", "ms, from when a message was due")))
    return _cards("Latency at a steady rate", "Each point is the median of the rounds. The axis below leaves as much room to each "
                  "further nine; a broker that can’t keep the rate has a latency of seconds.", charts)


def _nines(share: float) -> float:
    return -math.log10(1 - share)


def _over_time(record: dict) -> str:
    charts = []
    for shape in record["shapes"]:
        lines = []
        for broker, runs in _shown(record, shape):
            drawn = [points for points in map(_by_second, runs) if len(points) > 1]
            lines += [plots.Line(broker["name"], "" if place else broker["title"], points) for place, points in enumerate(drawn)]
        if lines:
            reach = max(line.points[-1][0] for line in lines)
            step = plots.nice_step(reach)
            ticks = [(step * number, f"{step * number:g}") for number in range(int(reach / step) + 1)]
            charts.append((shape["title"], plots.line_chart(shape["title"], lines, ticks, "seconds measured", "delivered a second")))
    return _cards("Throughput over time", "Each line is one run, a point a second: what stalls, or slows down as it fills, shows "
                  "here.", charts, "card thin")


def _by_second(run: dict) -> list[tuple[float, float]]:
    points, before = [], 0.0
    for moment in run.get("figures", {}).get("moments", []):
        if moment["second"] > before:
            points.append((moment["second"], moment["delivered"] / (moment["second"] - before)))
        before = moment["second"]
    return points


def _details(record: dict) -> str:
    lines = []
    for shape in record["shapes"]:
        shown = _shown(record, shape)
        if not shown:
            continue
        bare = None if shape["rate"] else rounds(runs_of(record["runs"], shape["name"], "bare"), DELIVERED)
        lines.append(f'<tr class="part"><th colspan="11">{escape(shape["title"])} <span class="faint">({escape(shape["name"])}: '
                     f'{shape["channels"]:,} channels, {shape["shops"]:,} shops)</span></th></tr>')
        for broker, runs in shown:
            seen = rounds(runs, DELIVERED)
            kind = "warning" if any(map(suspicious, runs)) else "faint"
            lines.append(_cells(
                _chip(broker), f"{seen.median:,.0f}" if seen else "–", range_of(seen, "", 0), share_of(seen, bare), *latencies(broker, runs),
                _cores(runs, "server"), _cores(runs, "load"), f'<span class="{kind}">{escape("; ".join(remarks(runs)))}</span>',
                numbers=range(1, 10)))
    head = _cells("", "delivered/s", "min … max", "× bare", "ack p50", "p99", "delivery p50", "p99", "server", "load", "", head=True,
                  numbers=range(1, 10))
    return _table("All figures", "Latencies in ms; in a closed loop they are the queue that the load itself keeps full. “Server” and "
                  "“load” are the cores that each kept busy, from connecting to draining.", head, lines)


def _cores(runs: list[dict], who: str) -> str:
    found = sorted(run["cpu_cores"][who] for run in runs if "cpu_cores" in run)
    return f"{found[len(found) // 2]:.2f}" if found else "–"


def _programs(record: dict) -> str:
    lines = []
    for program in record["programs"]:
        runs = runs_of(record["runs"], program["name"], "fenliu")
        for name in sorted({name for run in runs for name in run.get("figures", {})}):
            if seen := rounds(runs, name):
                lines.append(_cells(escape(program["title"]), escape(name), with_unit(seen.median, ""), range_of(seen, ""),
                                    numbers=range(2, 4)))
    head = _cells("", "", "median", "min … max", head=True, numbers=range(2, 4))
    return _table("Other programs", "Figures that are no load on a broker.", head, lines)


def _failures(record: dict) -> str:
    parts = [f"<p>{escape(name)} is left out: {escape(why)}</p>" for name, why in record["skipped"].items()]
    for run in record["runs"]:
        if "failure" in run:
            what = f"{run['broker']} at {run['shape']}, round {run['round']}: {run['failure']}"
            parts.append(f'<p class="warning">{escape(what)}</p>')
            if run["log"]:
                parts.append(f'<details><summary>the end of the server’s log</summary><pre>{escape(run["log"])}</pre></details>')
    return "<h2>What was not measured</h2>" + "".join(parts) if parts else ""


def _facts(record: dict) -> str:
    machine = record["machine"]
    syncs = ", ".join(f"{each:.2f}" for each in machine["sync_ms"])
    facts = [("Processor", f"{machine['cpu']}, {machine['cores']} cores"), ("Memory", f"{machine['memory_mib']:,} MiB"),
             ("System", f"{machine['system']}, Linux {machine['kernel']}"),
             ("Disk", f"an append of 4 KiB with fdatasync takes {syncs} ms (median of 100, at the begin of each round)"),
             ("Begun", record["begun"]), ("Command", record["command"]), ("fenliu", f"revision {record['revision']}")]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    brokers = [_cells(_chip(each), escape(each["version"]), escape(each["durable"])) for each in record["brokers"]]
    notes = "".join(f"<li>{escape(each)}</li>" for each in HOW_TO_READ)
    return (f"<h2>How to read this</h2><ul>{notes}</ul>" +
            _table("Who takes part", "Whoever acknowledges before anything is on disk has an easier task.",
                   _cells("", "version", "on disk when it acknowledges", head=True), brokers) +
            f"<h2>Machine</h2><dl>{listed}</dl>")
