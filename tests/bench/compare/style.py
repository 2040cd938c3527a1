"""The page's looks, and a colour for each broker that is told apart on a light and on a dark ground."""

# broker: (on light, on dark, dashes of its lines)
COLOURS = {
    "bare": ("#6b7280", "#a3acb9", "2 3"),
    "fenliu": ("#1d4ed8", "#6ea8fe", ""),
    "fenliu-memory": ("#0ea5e9", "#a5d8ff", "7 4"),
    "fenliu-curve": ("#7c3aed", "#b79cff", "7 3 2 3"),
    "nats": ("#0f9d76", "#34d3a6", ""),
    "jetstream": ("#d97706", "#fbb040", ""),
    "redis": ("#db2777", "#f783ac", ""),
    "rabbitmq": ("#7f4f24", "#c99a6b", ""),
    "mosquitto": ("#5c8a00", "#a9d64a", "7 4"),
}

_COMMON = """
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 1240px; font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); background: var(--ground) }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem } h2 { font-size: 1.3rem; margin: 2.8rem 0 .5rem }
h3 { font-size: 1rem; margin: 0 0 .6rem } p { max-width: 46rem; margin: .4rem 0 } .faint { color: var(--faint) }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.4rem 0 .6rem }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: .6rem 1.1rem; min-width: 8.5rem }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-weight: 650 }
.caution { border-left: 4px solid var(--bad); background: var(--card); padding: .5rem .9rem; margin: .5rem 0; max-width: none }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 570px), 1fr)); gap: 1rem; align-items: start }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: .9rem .9rem .6rem; overflow-x: auto }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem }
th { text-align: left; font-weight: 600; color: var(--faint); white-space: nowrap; vertical-align: bottom }
th, td { padding: .3rem .65rem .3rem 0; border-bottom: 1px solid var(--rule) } td { vertical-align: middle }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } th.n { text-align: right }
tr.part th { padding-top: 1.3rem; font-size: .95rem; color: var(--ink) }
.pill { display: inline-block; border-radius: 1rem; padding: .05rem .6rem; font-size: .82rem; font-weight: 600; white-space: nowrap;
  border: 1px solid currentColor }
.pill.goal { color: var(--good) } .pill.floor, .pill.short { color: var(--fair) } .pill.below { color: var(--bad) } .pill.unknown, .pill.none { color: var(--faint) }
.warning { color: var(--bad); fill: var(--bad); font-weight: 600 }
.name { white-space: nowrap } .chip { display: inline-block; width: .75rem; height: .75rem; border-radius: 2px; background: var(--colour); margin-right: .5rem;
  vertical-align: -1px }
pre { background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: .7rem; overflow-x: auto; font-size: .82rem }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .88em } dl { display: grid; grid-template-columns: max-content 1fr;
  gap: .25rem 1.2rem; margin: .6rem 0 } dt { color: var(--faint) } dd { margin: 0; overflow-wrap: anywhere } li { max-width: 46rem; margin: .3rem 0 }
svg { display: block; max-width: 100%; height: auto; font: 12px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif }
svg text { fill: var(--ink) } svg text.faint { fill: var(--faint) } svg text.number { font-variant-numeric: tabular-nums }
svg text.warning { fill: var(--bad) }
.bar { fill: var(--colour) } svg .range { fill: none; stroke: var(--ink); stroke-width: 1.2 } .reference { stroke: var(--ink);
  stroke-width: 1.3; stroke-dasharray: 4 3; fill: none } svg path.grid { stroke: var(--rule); fill: none; stroke-width: 1 }
.line { stroke: var(--colour); stroke-width: 2; stroke-linejoin: round; fill: none; stroke-dasharray: var(--dashes) }
.leader { stroke: var(--colour); stroke-width: .7; fill: none; opacity: .7 } .thin .line { stroke-width: 1.3 }
.track { stroke: var(--rule); stroke-width: 6; stroke-linecap: round } svg path.floor { stroke: var(--fair); stroke-width: 2.5 }
svg path.goal { stroke: var(--good); stroke-width: 2.5 }
g.goal circle { fill: var(--good) } g.floor circle, g.short circle { fill: var(--fair) } g.below circle { fill: var(--bad) } g.none circle { fill: var(--faint) }
g .range { stroke-width: 2 }
@media print { body { max-width: none } .card { break-inside: avoid } }
"""

_LIGHT = ("--ink: #1b2430; --faint: #5d6977; --ground: #f6f7f9; --card: #ffffff; --rule: #dde2e8; "
          "--good: #15803d; --fair: #b45309; --bad: #c81e1e; color-scheme: light;")
_DARK = ("--ink: #e6eaf0; --faint: #9aa6b4; --ground: #12161c; --card: #1a2028; --rule: #2f3843; "
         "--good: #4ade80; --fair: #fbbf24; --bad: #ff7b72; color-scheme: dark;")


def css() -> str:
    light = "".join(f".of-{name} {{ --colour: {on_light}; --dashes: {dashes or 'none'} }}\n"
                    for name, (on_light, _, dashes) in COLOURS.items())
    dark = "".join(f".of-{name} {{ --colour: {on_dark} }}\n" for name, (_, on_dark, _) in COLOURS.items())
    return f":root {{ {_LIGHT} }}{_COMMON}{light}@media (prefers-color-scheme: dark) {{ :root {{ {_DARK} }}\n{dark}}}"
