#!/usr/bin/env python3
"""Resident memory of fenliud: idle, per active buyer session (open conversation), per idle one (closed, passive).
   FENLIUD=build/release/bin/fenliud tests/bench/memory.py [SESSIONS]"""
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import zmq  # noqa: E402

from foreign_client import ForeignClient  # noqa: E402
from running_broker import RunningBroker  # noqa: E402

BATCH = 128  # messages a frame; well within the window
TEXT = "x" * 200


def resident_kib(broker):
    status = pathlib.Path(f"/proc/{broker.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def take_many(client, kind, count):
    taken = []
    while len(taken) < count:
        taken.append(client.take(kind, 60))
        if len(taken) % BATCH == 0:
            client.send([4, client.received])
    client.send([4, client.received])
    client.inbox = [each for each in client.inbox if each[0] in (40, 51)]
    return taken


def main():
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="fenliu-") as directory:
        context = zmq.Context()
        broker = RunningBroker(directory).start()
        idle = resident_kib(broker)
        agent = ForeignClient(context, broker.bus, "agent", shop="demo", account="demo:amy")
        admin = ForeignClient(context, broker.bus, "admin")
        admin.send([50, "cap", "agent.set", {"shop": "demo", "account": "demo:amy", "cap": 100_000}])
        admin.take(51)
        agent.send([30, "online", "p"])
        agent.take(44)
        frontend = ForeignClient(context, broker.bus, "frontend")
        conversations = []
        for first in range(0, sessions, BATCH):
            count = min(BATCH, sessions - first)
            frontend.send(*[[10, f"m{n}", "demo", f"buyer{n}", TEXT, {}] for n in range(first, first + count)])
            take_many(frontend, 20, count)
            conversations += [(each[1], each[2]) for each in take_many(agent, 40, count)]
        active = resident_kib(broker)
        for first in range(0, sessions, BATCH):
            part = conversations[first:first + BATCH]
            agent.send(*[[33, f"c{first + n}", conversation, epoch] for n, (conversation, epoch) in enumerate(part)])
            take_many(agent, 44, len(part))
        end = time.monotonic() + 60
        while time.monotonic() < end:  # until the archive has them
            admin.send([4, admin.received], [50, "s", "stats", {}])
            store = admin.take(51)[3]["store"]
            if store["archived_position"] == store["position"]:
                break
            time.sleep(0.2)
        else:
            print("the archive is behind:", store)
        closed = resident_kib(broker)
        print(f"idle broker                      {idle / 1024:8.1f} MiB")
        print(f"{sessions} open conversations      {active / 1024:8.1f} MiB, {(active - idle) / sessions:6.2f} KiB each (200-byte text)")
        print(f"the same closed, held for dedupe {closed / 1024:8.1f} MiB, {(closed - idle) / sessions:6.2f} KiB each")
        for each in (agent, admin, frontend):
            each.close()
        context.term()
        broker.stop()
        started = time.monotonic()
        broker.start()
        print(f"start-up with {sessions} known buyers {time.monotonic() - started:6.2f} s, {resident_kib(broker) / 1024:8.1f} MiB")
        broker.stop()


if __name__ == "__main__":
    main()
