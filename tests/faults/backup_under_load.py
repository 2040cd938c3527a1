"""`fenliu backup` of a broker at work, `fenliu doctor` and `fenliu restore` of what it made, and a broker on that: everything that was
acknowledged before the backup began is there. Also what doctor says of a store in use, and of a damaged one. FENLIUD and FENLIU
name the programs."""
import json
import os
import random
import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from foreign_client import ForeignClient  # noqa: E402
from kill_load import OUTSTANDING, Load, Told, wait_until_archived  # noqa: E402
from running_broker import RunningBroker, in_temporary_directory  # noqa: E402

DEADLINE_S = 100
BACKUPS = 2


def fenliu(*words):
    done = subprocess.run([os.environ["FENLIU"], *map(str, words)], capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    return done.returncode, done.stdout, done.stderr


class BackupUnderLoad(unittest.TestCase):
    def setUp(self):
        self.directory = Path(in_temporary_directory(self))
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, 0)

    def work(self, load, until):
        most = load.answered + 600  # what follows has to be archived before the test ends
        while not until():
            while len(load.pending["publish"]) < OUTSTANDING and load.answered < most:
                self.published += 1
                load.publish(self.published)
            load.pump(5)

    def stored_in(self, directory):
        """What a broker that starts on the directory has in its archive once it stops."""
        place = self.directory / ("on-" + directory.name)
        place.mkdir()
        directory.rename(place / "data")
        broker = RunningBroker(place).start()
        wait_until_archived(self.context, broker.bus)
        self.assertEqual(broker.stop(), 0)
        archive = sqlite3.connect(f"file:{place}/data/archive.sqlite?mode=ro", uri=True)
        rows = archive.execute("SELECT msg_id, seq FROM message WHERE msg_id <> ''").fetchall()
        archive.close()
        self.assertEqual(len({msg_id for msg_id, _ in rows}), len(rows), "each once")
        return dict(rows)

    def test_a_backup_has_everything_that_was_acknowledged_before(self):
        broker = RunningBroker(self.directory).start()
        data = self.directory / "data"
        told, pending, self.published = Told(), {"publish": {}, "say": {}, "number": 0}, 0
        load = Load(self.context, broker.bus, random.Random(4), told, pending)
        before = []
        for number in range(BACKUPS):
            self.work(load, lambda: load.answered >= 400 * (number + 1))
            before.append(dict(told.stored))
            running = subprocess.Popen([os.environ["FENLIU"], "backup", data, self.directory / f"copy{number}"], stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True)
            self.work(load, lambda: running.poll() is not None)
            self.assertEqual(running.returncode, 0, running.communicate()[0])
            running.stdout.close()
        load.settle()
        load.close()
        status, _, told_in_use = fenliu("doctor", data)
        self.assertEqual(status, 2)
        self.assertIn(f"in use by process {broker.process.pid}", told_in_use)
        wait_until_archived(self.context, broker.bus)  # on a busy machine its last pass takes long
        self.assertEqual(broker.stop(), 0)
        self.assertEqual(told.wrong, [])
        for number in range(BACKUPS):
            status, text, error = fenliu("restore", self.directory / f"copy{number}", self.directory / f"back{number}", "--json")
            self.assertEqual(status, 0, error)
            self.assertTrue(json.loads(text)["found"]["whole"])
            stored = self.stored_in(self.directory / f"back{number}")
            for msg_id, (_, _, _, seq) in before[number].items():
                self.assertEqual(stored.get(msg_id), seq, msg_id)

    def test_doctor_names_what_is_damaged_in_both_languages(self):
        broker = RunningBroker(self.directory, "--demo").start()
        frontend = ForeignClient(self.context, broker.bus, "frontend")
        frontend.send([10, "m1", "demo", "alice", "红色的还有货吗？", {}])
        frontend.take(20)
        frontend.close()
        self.assertEqual(broker.stop(), 0)
        data = self.directory / "data"
        status, text, _ = fenliu("doctor", data, "--lang", "en")
        self.assertEqual(status, 0, text)
        self.assertIn(f"{data} is whole", text)
        self.assertIn("完好", fenliu("doctor", data, "--lang", "zh")[1])
        archive = data / "archive.sqlite"
        bytes_ = archive.read_bytes()
        archive.write_bytes(bytes_.replace("红色的".encode(), "蓝色的".encode(), 1))
        status, text, _ = fenliu("doctor", data, "--lang", "en")
        self.assertEqual(status, 1, text)
        self.assertIn("the rows of its table conversation are not those that were written; restore the data directory from a backup", text)
        self.assertIn("表 conversation 的内容与写入时不一致", fenliu("doctor", data, "--lang", "zh")[1])
        finding = json.loads(fenliu("doctor", data, "--json")[1])["findings"][0]
        self.assertEqual((finding["kind"], finding["file"], finding["table"]), ("rows", str(archive), "conversation"))
        with self.assertRaisesRegex(AssertionError, "table conversation"):
            RunningBroker(self.directory).start()

    def test_what_was_acknowledged_and_then_cut_off_is_reported_when_its_agent_comes_back(self):
        broker = RunningBroker(self.directory, "--demo").start()
        amy = ForeignClient(self.context, broker.bus, "agent", shop="demo", account="demo:amy")
        amy.send([30, "online", "p"])
        amy.take(44)
        frontend = ForeignClient(self.context, broker.bus, "frontend")
        for number in range(3):
            frontend.send([10, f"m{number}", "demo", "alice", f"line {number}", {}])
            conversation = frontend.take(20)[2]
            amy.take(42)
        broker.kill()
        for each in (amy, frontend):
            each.close()
        segment = max((self.directory / "data").glob("*.log"), key=lambda path: path.read_bytes()[:8] == b"fenliulg")
        bytes_ = bytearray(segment.read_bytes())
        bytes_[bytes_.rindex(b"line 2")] ^= 1  # in the newest group, which nothing vouches for
        segment.write_bytes(bytes_)
        broker.start()
        amy = ForeignClient(self.context, broker.bus, "agent", shop="demo", account="demo:amy", seen=[[conversation, 3]])
        amy.take(40)
        amy.close()
        broker.process.terminate()
        self.assertIn("data loss: account demo:amy", broker.process.communicate(timeout=DEADLINE_S)[1])


if __name__ == "__main__":
    unittest.main()
