"""kill -9 of a broker under load, again and again on one data directory. After each restart: what was acknowledged is stored, once, in
order; owners and epochs are those that peers were told; nobody got the priority prompt twice. FENLIUD, FENLIU and DISK_FAULTS name the programs.

    kill_loop.py [--kills 200] [--seed 1] [--power]

--power cuts the power instead: the disk shim ends the broker at one of its calls and leaves its directory as a disk could.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from foreign_client import ForeignClient  # noqa: E402
from kill_load import OUTSTANDING, SHOPS, Load, Told, wait_until_archived  # noqa: E402
from running_broker import RunningBroker  # noqa: E402

CUT = 77  # the status with which the shim ends a process
POLICY = 'shop = "{shop}"\n[priority]\nrating = "gold"\ncrowds = ["vip"]\n'


class KillLoop:
    def __init__(self, directory, seed, power):
        self.random = random.Random(seed)
        self.power = power
        self.context = zmq.Context()
        self.broker = RunningBroker(directory)
        self.data = Path(directory) / "data"
        self.told = Told()
        self.pending = {"publish": {}, "say": {}, "number": 0}
        self.published = 0
        self.starts_s = []
        self.in_flight = 0
        self.checks = 0
        self.kills = 0

    def start(self, doomed=False):
        begin = time.monotonic()
        if self.power and doomed:
            shim = Path(os.environ["DISK_FAULTS"]).parent / "libdisk_shim.so"
            cut = {"LD_PRELOAD": str(shim), "DISK_UNDER": str(self.data), "DISK_SEED": str(self.random.randrange(1 << 31)),
                   "DISK_CUT_AT": str(self.random.randrange(1, 600))}
            shutil.rmtree(f"{self.data}.gone", ignore_errors=True)
            os.environ.update(cut)
        try:
            self.broker.start()
            self.starts_s.append(time.monotonic() - begin)
        except AssertionError:
            if self.broker.process.wait() != CUT:
                raise
            self.kills += 1
            os.environ.pop("LD_PRELOAD", None)
            self.start()
        finally:
            os.environ.pop("LD_PRELOAD", None)

    def ask(self, admin, verb, body):
        admin.send([50, "q", verb, body])
        return admin.take(51)

    def put_policies(self):
        admin = ForeignClient(self.context, self.broker.bus, "admin")
        for shop in range(SHOPS):
            text = POLICY.format(shop=f"kill{shop}")
            frontend = ForeignClient(self.context, self.broker.bus, "agent", shop=f"kill{shop}", account=f"kill{shop}")  # makes the shop
            frontend.close()
            answer = self.ask(admin, "policy.put", {"shop": f"kill{shop}", "part": 1, "parts": 1, "text": text})
            if answer[2] != "OK":
                raise AssertionError(answer)
        admin.close()

    def live(self, kill):
        """One life: peers come back, send again what was not answered, go on; then it is killed in the middle of it."""
        load = Load(self.context, self.broker.bus, self.random, self.told, self.pending)
        load.send_again()
        wanted = self.random.randrange(20, 500)
        end = time.monotonic() + 10
        cut = self.power and kill
        while kill and (cut or load.answered < wanted) and time.monotonic() < end and self.broker.process.poll() is None:
            while len(self.pending["publish"]) < OUTSTANDING:
                self.published += 1
                load.publish(self.published)
            load.pump(5)
            if cut and load.answered >= 5 * wanted:
                break  # a cut that comes late is a kill
        if kill:
            self.kills += 1
            self.in_flight += len(self.pending["publish"]) + len(self.pending["say"])
            self.broker.kill()
            load.pump(0)  # what had arrived by then was told
        else:
            load.settle()
        load.close()

    def check_conversations(self):
        """Asks the broker about every conversation that was touched since the last time."""
        admin = {shop: ForeignClient(self.context, self.broker.bus, "admin", shop=f"kill{shop}") for shop in range(SHOPS)}
        by_conversation = collections.defaultdict(dict)
        for msg_id, (_, sender, conversation, seq) in self.told.stored.items():
            if conversation in self.told.touched:
                by_conversation[conversation][seq] = (msg_id, sender)
        for conversation in self.told.touched:
            shop = int(self.told.shop[conversation][4:])
            answer = self.ask(admin[shop], "explain", {"id": conversation})
            if answer[2] != "OK":
                self.told.wrong.append(f"{conversation} is gone: {answer}")
                continue
            self.check_owner(conversation, answer[3])
            if by_conversation[conversation] and answer[3]["lines"] < max(by_conversation[conversation]):
                self.told.wrong.append(f"{conversation} has {answer[3]['lines']} lines, line {max(by_conversation[conversation])} "
                                       "was acknowledged")
            self.check_lines(admin[shop], conversation, answer[3]["buyer"], by_conversation[conversation])
            self.checks += 1
        self.told.touched.clear()
        for client in admin.values():
            client.close()

    def check_owner(self, conversation, found):
        epoch, account = self.told.owner.get(conversation, (0, None))
        if found["epoch"] < epoch:
            self.told.wrong.append(f"{conversation}: peers were told epoch {epoch}, the broker has {found['epoch']}")
        if found["epoch"] == epoch and account and found["state"] != "closed" and found["owner"] != account:
            self.told.wrong.append(f"{conversation}: {account} was told that it owns epoch {epoch}, the broker has {found}")

    def check_lines(self, admin, conversation, buyer, acked):
        """The newest page of the buyer's history against what was acknowledged."""
        admin.send([34, "h", buyer, None, 0, "all"])
        rows = [row for row in admin.take(43)[2] if row[0] == conversation]
        for row in rows:
            if row[1] in acked and row[3].split(" ")[0] != acked[row[1]][0]:
                self.told.wrong.append(f"{conversation} line {row[1]} is {row[3][:20]}, not {acked[row[1]][0]}")
        seqs = [row[1] for row in rows]
        if seqs and seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            self.told.wrong.append(f"{conversation} has lines {seqs}")

    def check_prompts(self):
        for who, count in self.told.prompts.items():
            if count > 1:
                self.told.wrong.append(f"{who} got the priority prompt {count} times")

    def check_archive(self):
        """After a stop in order everything is in SQLite: each line once, numbered without a gap, each sender's in its order."""
        archive = sqlite3.connect(f"file:{self.data}/archive.sqlite?mode=ro", uri=True)
        found, last_seq, last_sent = {}, {}, {}
        for shop, conversation, seq, sender, msg_id, text in archive.execute(
                "SELECT shop, conversation, seq, sender, msg_id, text FROM message ORDER BY conversation, seq"):
            if seq != last_seq.get(conversation, 0) + 1:
                self.told.wrong.append(f"conversation {conversation} goes from line {last_seq.get(conversation, 0)} to {seq}")
            last_seq[conversation] = seq
            if not re.fullmatch(r"[ps]\d+", msg_id):
                continue  # the built-in assistant's
            if msg_id in found:
                self.told.wrong.append(f"{msg_id} is there twice")
            if not text.startswith(msg_id + " "):
                self.told.wrong.append(f"{msg_id} has another text: {text[:20]}")
            found[msg_id] = (shop, sender, seq)
            if last_sent.get((conversation, sender), 0) >= int(msg_id[1:]):
                self.told.wrong.append(f"{msg_id} of {sender} is out of order")
            last_sent[(conversation, sender)] = int(msg_id[1:])
        for msg_id, (shop, sender, _, seq) in self.told.stored.items():
            if found.get(msg_id) != (shop, sender, seq):
                self.told.wrong.append(f"{msg_id} was acknowledged as line {seq}, the archive has {found.get(msg_id)}")
        archive.close()
        return len(found)

    def doctor(self):
        done = subprocess.run([os.environ["FENLIU"], "doctor", str(self.data), "--json"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.told.wrong.append(f"doctor: {done.stdout} {done.stderr}")
        return json.loads(done.stdout) if done.stdout else {}

    def run(self, kills):
        subprocess.run([os.environ["DISK_FAULTS"], "vips", str(self.data)], check=True)
        self.start()
        self.put_policies()
        for number in range(1, kills + 1):
            if self.power:
                self.broker.kill()
                self.start(doomed=True)
            try:
                self.live(kill=True)
            except AssertionError:
                if self.broker.process.poll() != CUT:
                    raise
                self.broker.kill()  # the power went while peers said hello
                self.kills += 1
            if number % 10 == 0:
                self.doctor()  # also finds a killed broker's directory whole
            self.start()
            self.check_conversations()
            self.check_prompts()
            if self.told.wrong:
                break
        self.live(kill=False)
        self.check_conversations()
        wait_until_archived(self.context, self.broker.bus)
        status = self.broker.stop()
        if status != 0:
            self.told.wrong.append(f"the broker ended with status {status}")
        rows = self.check_archive()
        self.check_prompts()
        self.doctor()
        if not self.told.prompts:
            self.told.wrong.append("nobody ever got the priority prompt: the check of it shows nothing")
        print(f"{self.kills} kills, {len(self.told.stored)} lines acknowledged, {rows} stored, {self.in_flight} not answered when the broker was "
              f"killed, {self.checks} looks at conversations, {len(self.told.prompts)} prompts; ready again after "
              f"{statistics.median(self.starts_s):.2f} s (median), {max(self.starts_s):.2f} s (longest); wrong: {len(self.told.wrong)}")
        for each in self.told.wrong[:20]:
            print("  " + each)
        self.context.destroy(linger=0)
        return 1 if self.told.wrong else 0


def main():
    parser = argparse.ArgumentParser(description="kill -9 under load")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--power", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fenliu-") as directory:
        return KillLoop(directory, given.seed, given.power).run(given.kills)


if __name__ == "__main__":
    sys.exit(main())
