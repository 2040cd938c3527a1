"""What is measured, as data: the loads, who takes part in each, and the ratios that are looked at. Nothing else names a shape."""
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Who can be measured, in the order of tables and legends; servers.py knows how to run each.
BROKERS = ("bare", "fenliu", "fenliu-memory", "fenliu-curve", "nats", "jetstream", "redis", "rabbitmq", "mosquitto")
OURS_AND_BARE = ("bare", "fenliu")
OPEN_LOOP = ("bare", "fenliu", "nats", "jetstream", "redis", "rabbitmq", "mosquitto")

DELIVERED = "delivered_per_s"


@dataclass(frozen=True)
class Shape:
    """One load, the same for every broker. Without a rate the loop is closed: each connection keeps its window full."""
    name: str
    title: str
    brokers: tuple[str, ...]
    publishers: int = 16
    consumers: int = 64
    channels: int = 512
    shops: int = 64
    frame: int = 1
    rate: int | None = None
    size: int = 200
    window: int = 1024
    threads: int = 1
    new_buyers: bool = False  # every message is the first of another buyer: an assignment

    def files(self) -> int:
        """That the load holds open: libzmq takes two for a connection."""
        return 2 * (self.publishers + self.consumers) + 256

    def options(self, warm_up_ms: int, duration_ms: int) -> list[str]:
        """As compare_load reads them."""
        numbers = {"publishers": self.publishers, "consumers": self.consumers, "channels": self.channels, "shops": self.shops,
                   "size": self.size, "frame": self.frame, "window": self.window, "ramp": warm_up_ms if self.rate else 0,
                   "warm-up": warm_up_ms, "duration": duration_ms, "threads": self.threads}
        if self.rate:
            numbers["rate"] = self.rate
        words = [word for name, number in numbers.items() for word in (f"--{name}", str(number))]
        return words + ["--new-buyers"] * self.new_buyers


SHAPES = (
    Shape("few-1", "4 frontends, 4 agents, 1 message a frame",
          ("bare", "fenliu", "fenliu-memory", "fenliu-curve", "nats"), publishers=4, consumers=4, channels=64, shops=4),
    Shape("few-16", "4 frontends, 4 agents, 16 messages a frame",
          ("bare", "fenliu", "fenliu-memory", "fenliu-curve", "nats"), publishers=4, consumers=4, channels=64, shops=4, frame=16),
    Shape("saturated-1", "16 frontends, 64 agents, 1 message a frame", BROKERS),
    Shape("saturated-16", "16 frontends, 64 agents, 16 messages a frame", BROKERS, frame=16),
    Shape("many-1", "16 frontends, 256 agents, 1 message a frame", ("bare", "fenliu", "nats"), consumers=256),
    Shape("many-16", "16 frontends, 256 agents, 16 messages a frame", ("bare", "fenliu", "nats"), consumers=256, frame=16),
    Shape("many-64", "16 frontends, 256 agents, 64 messages a frame", ("bare", "fenliu", "nats"), consumers=256, frame=64),
    Shape("scattered-1", "32,000 open conversations at random, 1 a frame", OURS_AND_BARE, channels=32_000),
    Shape("scattered-16", "32,000 open conversations at random, 16 a frame", OURS_AND_BARE, channels=32_000, frame=16),
    Shape("one-shop", "one shop has everything: 16 frontends, 64 agents", OURS_AND_BARE, shops=1),
    Shape("shops-10000", "10,000 shops with one agent each", OURS_AND_BARE, consumers=10_000, channels=10_000, shops=10_000),
    *(Shape(f"assign-{agents}", f"assignments in one shop with {agents:,} agents, 16 a frame", ("fenliu",), consumers=agents,
            channels=16, shops=1, frame=16, new_buyers=True) for agents in (10, 1_000, 9_800)),
    Shape("rate-5000", "5,000 messages/s, open loop", OPEN_LOOP, rate=5_000),
    Shape("rate-20000", "20,000 messages/s, open loop", OPEN_LOOP, rate=20_000),
)


@dataclass(frozen=True)
class Program:
    """A measurement that isn't a load on a broker, with a program of its own: it prints one line of JSON,
    {"figures": {NAME: NUMBER}}. `{bin}` in the command is the folder of the programs, `{work}` an empty directory. Its
    figures are those of the broker "fenliu" in a shape of its name."""
    name: str
    title: str
    command: tuple[str, ...]
    timeout_s: int = 600


CAPACITY = (sys.executable, str(Path(__file__).with_name("capacity.py")), "{bin}", "{work}")

PROGRAMS = (
    Program("start", "start-up", (*CAPACITY, "start")),
    Program("idle", "10,000 idle connections", (*CAPACITY, "idle", "10000")),
    Program("memory", "memory for each of 100,000 buyers", (*CAPACITY, "memory", "100000")),
    Program("known", "1,000,000 buyers known, 100,000 conversations open", (*CAPACITY, "known", "1000", "1000000", "100000")),
)


@dataclass(frozen=True)
class Figure:
    """One number of one run: `name` is a path into its figures."""
    shape: str
    broker: str
    name: str = DELIVERED


@dataclass(frozen=True)
class Row:
    """A ratio that matters, of two figures of the same round. Where `lower` is set, less is better. Without `against` it is
    the figure itself, in `unit`."""
    title: str
    of: Figure
    against: Figure | None
    floor: float | None
    goal: float | None
    lower: bool = field(default=False, kw_only=True)
    unit: str = field(default="×", kw_only=True)


def _rows() -> tuple[Row, ...]:
    def throughput(title: str, shape: str, broker: str, against: str, floor: float | None, goal: float | None,
                   reference: str = "bare") -> Row:
        return Row(title, Figure(shape, broker), Figure(against, reference), floor, goal)

    rows = [
        throughput("4 agents, 1 a frame / bare relay", "few-1", "fenliu", "few-1", 0.40, 0.70),
        throughput("4 agents, 1 a frame / NATS core", "few-1", "fenliu", "few-1", None, 0.80, "nats"),
        throughput("4 agents, 16 a frame / bare relay, 1 a frame", "few-16", "fenliu", "few-1", 0.90, 1.30),
    ]
    for frame in (16, 64):
        for reference, title in (("bare", "bare relay"), ("nats", "NATS core")):
            shape = f"many-{frame}"
            rows.append(throughput(f"256 agents, {frame} a frame / {title}, the same", shape, "fenliu", shape, 1.20, 2.50, reference))
        rows.append(throughput(f"256 agents, {frame} a frame / bare relay, 1 a frame", shape, "fenliu", "many-1", None, None))
    rows += [
        throughput("--memory, 4 agents, 1 a frame / bare relay", "few-1", "fenliu-memory", "few-1", 0.45, 0.75),
        throughput("--memory, 4 agents, 16 a frame / bare relay, 1 a frame", "few-16", "fenliu-memory", "few-1", 1.00, 1.50),
        throughput("32,000 conversations, 1 a frame / bare relay", "scattered-1", "fenliu", "scattered-1", 0.35, 0.65),
        throughput("32,000 conversations, 16 a frame / bare relay, 1 a frame", "scattered-16", "fenliu", "scattered-1", 0.70, 1.20),
        throughput("CURVE, 4 agents, 1 a frame / plain bare relay", "few-1", "fenliu-curve", "few-1", 0.13, 0.18),
        throughput("CURVE, 4 agents, 16 a frame / plain bare relay, 1 a frame", "few-16", "fenliu-curve", "few-1", 0.44, 0.55),
    ]
    durable = (("jetstream", "JetStream file", 5, 10), ("redis", "Redis streams always", 4, 6),
               ("rabbitmq", "RabbitMQ quorum", 10, 20), ("mosquitto", "Mosquitto QoS 1", 12, 25))
    for frame in (1, 16):
        for broker, title, floor, goal in durable:
            shape = f"saturated-{frame}"
            rows.append(throughput(f"64 agents, {frame} a frame / {title}, the same", shape, "fenliu", shape, floor, goal, broker))

    def latency(title: str, rate: int, figure: str, against: str, against_figure: str, floor: float, goal: float) -> Row:
        shape = f"rate-{rate}"
        return Row(title, Figure(shape, "fenliu", figure), Figure(shape, against, against_figure), floor, goal, lower=True)

    rows += [
        latency("5,000/s, ack p50 / bare delivery p50", 5_000, "ack_ms.p50", "bare", "delivery_ms.p50", 3.6, 2.5),
        latency("20,000/s, ack p99 / bare delivery p99", 20_000, "ack_ms.p99", "bare", "delivery_ms.p99", 2.4, 2.0),
        latency("20,000/s, ack p99 / JetStream ack p99", 20_000, "ack_ms.p99", "jetstream", "ack_ms.p99", 0.5, 0.3),
    ]
    def itself(title: str, program: str, figure: str, floor: float, goal: float, unit: str, *, lower: bool = True) -> Row:
        return Row(title, Figure(program, "fenliu", figure), None, floor, goal, lower=lower, unit=unit)

    rows += [
        itself("assignments, 1,000 agents", "assign-1000", "acked_per_s", 50_000, 150_000, "/s", lower=False),
        Row("assignments, 9,800 agents / 10 agents", Figure("assign-9800", "fenliu", "acked_per_s"),
            Figure("assign-10", "fenliu", "acked_per_s"), 0.5, 0.8),
        itself("memory of a known, passive buyer", "memory", "passive_bytes", 1_536, 512, " B"),
        itself("memory of an open conversation", "memory", "open_bytes", 6_144, 3_072, " B"),
        itself("resident, 1,000,000 known, 100,000 open", "known", "resident_bytes", 2**31, 2**30, " B"),
        itself("a message's cost, 1,000,000 known / 1,000", "known", "cost_ratio", 1.5, 1.2, "×"),
        itself("start-up, empty store", "start", "ready_ms", 50, 10, " ms"),
        itself("idle with 10,000 connections", "idle", "core_percent", 0.5, 0.1, " % of a core"),
    ]
    return tuple(rows)


ROWS = _rows()
