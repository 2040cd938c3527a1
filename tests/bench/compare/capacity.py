"""What a broker costs besides a load: starting, standing by, and knowing many buyers. One measurement a call, for compare.py.

   capacity.py BIN WORK start                the time from exec until it takes connections, with an empty store
   capacity.py BIN WORK idle CONNECTIONS     the share of a core that so many silent connections take
   capacity.py BIN WORK memory BUYERS        memory of an open conversation, and of a buyer who is known and no more
   capacity.py BIN WORK known FEW MANY OPEN  memory with MANY buyers known and OPEN conversations; a message's cost against FEW

It prints {"figures": {NAME: NUMBER}}."""
import json
import select
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from processes import Failed, Process
from servers import Fenliu

STARTS = 9
SETTLE_S = 2
IDLE_S = 20
LOAD = ["--publishers", "4", "--consumers", "4", "--shops", "4", "--channels", "64", "--frame", "16", "--warm-up", "2000", "--duration",
        "5000"]

GREETING = b"\xff\0\0\0\0\0\0\0\1\x7f\3\1NULL".ljust(64, b"\0")
READY = b"\4\x1c\5READY\x0bSocket-Type\0\0\0\6DEALER"
HELLO = b"\x95\x01\x01\xa8frontend\xa0\x80"  # [1, 1, "frontend", "", {}]


def resident_bytes(process: Process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def ready_s(command: list[str]) -> float:
    """From exec to the word that it is ready."""
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        line = process.stdout.readline()
        took = time.monotonic() - began
        process.terminate()
        said = process.communicate()[1].decode()
    if b" ready: " not in line:
        raise Failed("fenliud did not start", said)
    return took


def start(programs: Path, work: Path) -> dict[str, float]:
    """Medians: of the first start, which makes the files of a store, and of the next one, which finds them empty."""
    first, again = [], []
    for number in range(STARTS):
        broker = Fenliu(programs, work / str(number))
        broker.directory.mkdir()
        command = broker.command()
        first.append(ready_s(command))
        again.append(ready_s(command))
        shutil.rmtree(broker.directory)
    return {"first_ms": 1000 * statistics.median(first), "ready_ms": 1000 * statistics.median(again)}


class Crowd:
    """Connections that said hello and say no more than they have to."""

    def __init__(self, port: int, count: int):
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        for _ in range(count):
            made = socket.create_connection(("127.0.0.1", port))
            made.sendall(GREETING + READY)
            self._sockets[made.fileno()] = made
        for each in self._sockets.values():  # the broker's greeting and READY
            got = 0
            while got < len(GREETING) + 2:
                got += len(each.recv(4096))
            each.sendall(bytes([0, len(HELLO)]) + HELLO)
            each.setblocking(False)
            self._poll.register(each, select.EPOLLIN)

    def stand(self, seconds: float, every_s: float) -> int:
        """Reads what comes and says a heartbeat as often as agreed; returns how many connections were ended."""
        ended = 0
        order = list(self._sockets.values())
        end, said, began = time.monotonic() + seconds, 0, time.monotonic()
        while (now := time.monotonic()) < end:
            due = int((now - began) / every_s * len(order))
            for each in (order[number % len(order)] for number in range(said, due)):
                each.send(b"\0\2\x91\3")
            said = max(said, due)
            for number, _ in self._poll.poll(0.02):
                if not self._sockets[number].recv(65536):
                    self._poll.unregister(number)
                    ended += 1
        return ended

    def close(self) -> None:
        for each in self._sockets.values():
            each.close()
        self._poll.close()


class IdleFenliu(Fenliu):
    settings = "heartbeat_ms = 30000\n"


def idle(programs: Path, work: Path, connections: int) -> dict[str, float]:
    with IdleFenliu(programs, work / "idle") as broker:
        before = resident_bytes(broker.process)
        crowd = Crowd(broker.port, connections)
        try:
            crowd.stand(SETTLE_S, 30)
            used, began = broker.cpu_s(), time.monotonic()
            ended = crowd.stand(IDLE_S, 30)
            share = (broker.cpu_s() - used) / (time.monotonic() - began)
            if ended:
                raise Failed(f"{ended} connections were ended")
            return {"core_percent": 100 * share, "connection_bytes": (resident_bytes(broker.process) - before) / connections}
        finally:
            crowd.close()


def load(programs: Path, broker: Fenliu, *more: str) -> dict:
    done = subprocess.run([str(programs / "compare_load"), broker.target, broker.url(), *LOAD, *more], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise Failed(f"the load failed: {done.stderr}", broker.log_tail())
    return json.loads(done.stdout)["figures"]


class PopulatedFenliu(Fenliu):
    """On a store made beforehand."""

    def __init__(self, programs: Path, directory: Path, store: Path):
        super().__init__(programs, directory)
        self.options = ("--data", str(store))


def populate(programs: Path, store: Path, known: int, open_conversations: int) -> None:
    subprocess.run([str(programs / "populate"), str(store), str(known), str(open_conversations)], check=True)


def settled(broker: Fenliu) -> int:
    """Resident bytes, once what starting needed has been given back."""
    time.sleep(SETTLE_S)
    return resident_bytes(broker.process)


def memory(programs: Path, work: Path, buyers: int) -> dict[str, float]:
    """From starts on stores, so that what a load leaves behind doesn't count."""
    found = {}
    for name, (known, opened) in {"none": (0, 0), "passive": (buyers, 0), "open": (0, buyers)}.items():
        populate(programs, work / f"{name}.store", known, opened)
        with PopulatedFenliu(programs, work / name, work / f"{name}.store") as broker:
            found[name] = settled(broker)
    return {f"{name}_bytes": (found[name] - found["none"]) / buyers for name in ("passive", "open")}


def known(programs: Path, work: Path, few: int, many: int, opened: int) -> dict[str, float]:
    """A message's cost is the processor time of the broker."""
    resident, cost = {}, {}
    for name, count in {"few": few, "many": many}.items():
        store = work / f"{name}.store"
        populate(programs, store, count, opened if name == "many" else 0)
        with PopulatedFenliu(programs, work / name, store) as broker:
            resident[name] = settled(broker)
            before = broker.cpu_s()
            figures = load(programs, broker)
            cost[name] = (broker.cpu_s() - before) / (figures["acked_per_s"] * 7)  # with the warm-up
        shutil.rmtree(store)
    return {"resident_bytes": resident["many"], "cost_ratio": cost["many"] / cost["few"]}


MEASURES = {"start": start, "idle": idle, "memory": memory, "known": known}


def main() -> int:
    if len(sys.argv) < 4 or sys.argv[3] not in MEASURES:
        print(__doc__, file=sys.stderr)
        return 2
    programs, work = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    try:
        print(json.dumps({"figures": MEASURES[sys.argv[3]](programs, work, *map(int, sys.argv[4:]))}))
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        print(error, getattr(error, "log", ""), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
