"""A broker that listens for other machines, from the first key to the revoked token, as its users do it; a client in another language;
and that no secret and nothing anybody wrote stands in what the broker prints."""
import os
import pathlib
import subprocess
import time
import unittest

import msgpack
import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory
from tokens import Issuer, fenliu

DEADLINE_S = 30
DIALOGUE = ["Is the red one in stock? 4111-1111", "红色的还有货吗？我的电话是 13800138000", "my password is hunter2-hunter2"]


class BeyondThisMachine(unittest.TestCase):
    def setUp(self):
        directory = in_temporary_directory(self)
        self.issuer = Issuer(directory)
        self.broker = RunningBroker(directory, host="0.0.0.0", settings='[security]\nsecret_key_file = "broker.key"\n'
                                    'issuer_key_file = "issuer.pub"\n[log]\nlevel = "debug"\n').start()
        self.context = zmq.Context()
        self.addCleanup(self.context.term)
        self.addCleanup(lambda: self.broker.process.poll() is None and self.broker.stop())

    def run_as(self, who, *words):
        """The program with that client's key and token."""
        return fenliu("--url", self.broker.bus, "--server-key", self.issuer.file("broker.pub"), "--key", self.issuer.file(who + ".key"),
                      "--token-file", self.issuer.file(who + ".token"), *words)

    def made(self, who, *words):
        """A client with a token that is bound to its key."""
        _, public = self.issuer.client(who)
        self.issuer.token_file(who, "--for-key", public, *words)

    def ok(self, who, *words):
        status, out, err = self.run_as(who, *words)
        self.assertEqual(status, 0, err)
        return out

    def peer(self, who, role, **options):
        curve = tuple(self.issuer.key_of(name) for name in ("broker.pub", who + ".pub", who + ".key"))
        client = ForeignClient(self.context, self.broker.bus, token=self.issuer.file(who + ".token").read_text().strip(), curve=curve)
        self.addCleanup(client.close)
        if role:
            client.hello(role, **options)
        return client

    def test_from_the_first_key_to_a_message_and_its_answer(self):
        self.made("shop", "--role", "frontend", "--shop", "demo")
        self.made("amy", "--role", "agent", "--account", "demo:amy")
        self.made("boss", "--role", "admin")
        agent = self.peer("amy", "agent", account="demo:amy")
        agent.send([30, "online", "r-1"])
        self.assertEqual(agent.take(44)[2], "OK")
        self.assertIn("routed  ASSIGNED_ANY to demo:amy", self.ok("shop", "publish", "demo", "alice", DIALOGUE[0]))
        _, conversation, epoch = agent.take(40)[:3]
        self.assertEqual(agent.take(42)[4], DIALOGUE[0])
        agent.send([31, "m-1", conversation, epoch, DIALOGUE[1]])
        agent.take(45)
        self.assertIn(DIALOGUE[1], self.ok("boss", "history", "demo", "alice"))
        self.assertIn("sessions", self.ok("boss", "status"))
        status, _, err = self.run_as("shop", "publish", "other", "alice", "hi")
        self.assertEqual(status, 4, err)
        status, _, err = self.run_as("shop", "audit", "demo")
        self.assertEqual(status, 4, err)

    def test_in_clear_or_without_the_key_nobody_gets_an_answer(self):
        self.made("boss", "--role", "admin")
        token = self.issuer.file("boss.token")
        url = ["--url", self.broker.bus, "--timeout", "1"]
        self.assertEqual(fenliu(*url, "status")[0], 3)
        self.assertEqual(fenliu(*url, "--token-file", token, "status")[0], 3)
        self.assertEqual(fenliu(*url, "--server-key", self.issuer.file("boss.pub"), "--token-file", token, "status")[0], 3)
        thief = fenliu(*url, "--server-key", self.issuer.file("broker.pub"), "--token-file", token, "status")
        self.assertEqual(thief[0], 4, "a copied token without its key: " + thief[2])

    def test_a_revoked_token_ends_its_session_at_once_and_stays_revoked_after_kill_9(self):
        self.made("amy", "--role", "agent", "--account", "demo:amy")
        self.made("boss", "--role", "admin")
        agent = self.peer("amy", "agent", account="demo:amy")
        issuer_key = ["--issuer-key", self.issuer.file("issuer.key")]
        rows = self.ok("boss", "token", "list", *issuer_key).splitlines()
        amy = next(row.split() for row in rows if "demo:amy" in row)
        self.assertEqual(amy[1], "good")
        self.ok("boss", "token", "revoke", amy[0], "--note", "left", *issuer_key)
        self.assertEqual(agent.take(5)[1], "UNAUTHENTICATED")
        for _ in range(2):
            again = self.peer("amy", None)
            again.send([1, 1, "agent", again.token, {"account": "demo:amy"}])
            self.assertEqual(again.take(6)[1], "UNAUTHENTICATED")
            self.broker.kill()
            self.broker.start()
        rows = self.ok("boss", "token", "list", *issuer_key).splitlines()
        self.assertEqual(next(row.split() for row in rows if "demo:amy" in row)[1], "revoked")
        audit = self.ok("boss", "audit")
        self.assertIn("token.revoke", audit)
        self.assertIn("left", audit)

    def test_the_feed_is_encrypted_and_for_those_with_a_session_that_may_follow_it(self):
        self.made("watch", "--role", "auditor", "--shop", "demo")
        self.made("shop", "--role", "frontend")
        feed = self.context.socket(zmq.SUB)
        feed.linger = 0
        self.addCleanup(feed.close)
        feed.curve_serverkey, feed.curve_publickey, feed.curve_secretkey = (
            self.issuer.key_of(name) for name in ("broker.pub", "watch.pub", "watch.key"))
        session = self.peer("watch", "admin")
        feed.subscribe("shop/")
        feed.subscribe("shop/demo/")
        feed.connect(self.broker.feed)
        shop = self.peer("shop", "frontend")
        end = time.monotonic() + DEADLINE_S
        for number in range(1000):  # until the subscription has arrived
            shop.send([10, f"o-{number}", "other", "alice", "hi"], [10, f"m-{number}", "demo", "alice", "hi"])
            shop.answer(f"m-{number}")
            if feed.poll(20) or time.monotonic() > end:
                break
        topic, body = feed.recv_multipart(zmq.NOBLOCK)
        self.assertTrue(topic.startswith(b"shop/demo/"), topic)
        self.assertIn("conversation", msgpack.unpackb(body))
        self.assertIsNotNone(session.welcome)

    def test_nothing_that_was_said_and_no_secret_is_in_what_the_broker_prints(self):
        self.made("shop", "--role", "frontend")
        self.made("amy", "--role", "agent", "--account", "demo:amy")
        self.made("boss", "--role", "admin")
        agent = self.peer("amy", "agent", account="demo:amy")
        agent.send([30, "online", "r-1"])
        agent.answer("r-1")
        shop = self.peer("shop", "frontend")
        for number, text in enumerate(DIALOGUE):
            shop.send([10, f"m-{number}", "demo", "alice", text])
            shop.answer(f"m-{number}")
        _, conversation, epoch = agent.take(40)[:3]
        for number, text in enumerate(DIALOGUE):
            agent.send([31, f"a-{number}", conversation, epoch, text])
            agent.answer(f"a-{number}")
        # What goes wrong is where texts end up in logs.
        shop.send([10, "m-0", "demo", "alice", DIALOGUE[2]], [10, "m-9", "demo", "alice", DIALOGUE[2] * 1000], [99, DIALOGUE[2]])
        answers = [shop.answer("m-0"), shop.answer("m-9"), shop.take(6)]
        agent.send([31, "a-9", "c00000000000zz", 1, DIALOGUE[2]], [32, "f-9", conversation, 99, "demo:bob", DIALOGUE[2]],
                   [36, "n-9", conversation, "flag", DIALOGUE[2]])
        answers += [agent.answer("a-9"), agent.answer("f-9"), agent.answer("n-9")]
        wrong = self.peer("shop", None)
        wrong.send([1, 1, "agent", wrong.token, {"account": "demo:amy"}])
        answers += [wrong.take(6)]
        boss = self.peer("boss", "admin")
        for number, (verb, body) in enumerate([("stats", {}), ("audit", {}), ("queue", {"shop": "demo"}), ("agents", {"shop": "demo"}),
                                               ("token.list", {}), ("explain", {"id": conversation, "full": True}),
                                               ("buyer.set", {"shop": "demo", "buyer": "alice", "tags": 5}), ("nothing", {})]):
            boss.send([50, f"b-{number}", verb, body])
            answers += [boss.answer(f"b-{number}")]
        # A frame that can't be read, with a text in it.
        shop.send_bytes(msgpack.packb([10, "m-x", "demo", "alice", DIALOGUE[2]]) + b"\xc1" + DIALOGUE[2].encode())
        answers += [shop.take(6)]
        self.assertEqual(self.broker.stop(), 0)
        secrets = [*DIALOGUE, "hunter2", *self.issuer.issued]
        secrets += [self.issuer.key_of(name).decode() for name in ("broker.key", "issuer.key", "shop.key", "amy.key", "boss.key")]
        for place, text in (("what the broker prints", self.broker.printed), ("its answers", repr(answers))):
            for secret in secrets:
                with self.subTest(place=place):
                    self.assertNotIn(secret, text)
        self.assertIn("ready", self.broker.printed)

    def test_it_does_not_start_with_a_secret_that_others_may_read_or_without_keys(self):
        directory = pathlib.Path(in_temporary_directory(self))
        Issuer(directory / "keys")
        def start(text, *options):
            (directory / "f.toml").write_text(text)
            done = subprocess.run([os.environ["FENLIUD"], "-c", str(directory / "f.toml"), "--check-config", *options], text=True,
                                  timeout=DEADLINE_S, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            return done.returncode, done.stdout
        bus = '[bus]\nlisten = "tcp://0.0.0.0:0"\nfeed = []\n'
        security = '[security]\nsecret_key_file = "keys/broker.key"\nissuer_key_file = "keys/issuer.pub"\n'
        status, said = start(bus)
        self.assertEqual(status, 1)
        self.assertIn("secret_key_file", said)
        self.assertEqual(start(bus, "--insecure")[0], 0)
        self.assertEqual(start(bus + security)[0], 0)
        (directory / "keys/broker.key").chmod(0o644)
        status, said = start(bus + security)
        self.assertEqual(status, 1)
        self.assertIn("chmod 600", said)
        self.assertEqual(start(bus + security.replace("issuer.pub", "broker.pub"))[0], 1, "another kind of key")

    def test_keys_are_never_written_over_and_tokens_are_issued_with_care(self):
        status, _, err = fenliu("keygen", self.issuer.directory)
        self.assertEqual(status, 1)
        self.assertIn("not written over", err)
        before = self.issuer.file("issuer.key").read_text()
        _, public = self.issuer.client("amy")
        self.assertEqual(fenliu("keygen", self.issuer.directory, "--client", "amy")[0], 1)
        issuer = ["token", "issue", "--issuer-key", self.issuer.file("issuer.key")]
        for wrong in (["--role", "root", "--unbound"], ["--role", "admin"], ["--role", "admin", "--unbound", "--for-key", public],
                      ["--role", "agent", "--unbound"], ["--role", "admin", "--account", "demo:amy", "--unbound"],
                      ["--role", "agent", "--shop", "demo", "--account", "other:amy", "--unbound"],
                      ["--role", "admin", "--unbound", "--days", "0"],
                      ["--role", "admin", "--for-key", self.issuer.file("amy.key")]):
            with self.subTest(wrong=wrong):
                status, out, err = fenliu(*issuer, *wrong)
                self.assertEqual((status, out), (2, ""), err)
        token = self.issuer.token("--role", "admin", "--for-key", public)
        ledger = self.issuer.file("issuer.ledger").read_text()
        self.assertEqual(len(ledger.splitlines()), 1, "one line for one token")
        for part in token.split(".")[1:]:
            self.assertNotIn(part, ledger)
        for file in self.issuer.directory.iterdir():
            if file.suffix in (".key", ".pub", ".ledger"):
                self.assertEqual(file.stat().st_mode & 0o777, 0o600, file)
        self.assertEqual(self.issuer.file("issuer.key").read_text(), before)


if __name__ == "__main__":
    unittest.main()
