"""The fenliu program against a live broker: what its users type, and what they read."""
import json
import os
import pathlib
import re
import signal
import subprocess
import unittest

from running_broker import RunningBroker, in_temporary_directory

DEADLINE_S = 20


def contents(directory):
    """Of all files, read while none was renamed: the broker makes the log's next segment meanwhile."""
    while True:
        try:
            return {file.name: file.read_bytes() for file in directory.iterdir()}
        except FileNotFoundError:
            pass


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(in_temporary_directory(self))
        self.broker = RunningBroker(self.directory, "--demo").start()
        self.addCleanup(lambda: self.assertEqual(self.broker.stop(), 0))

    def fenliu(self, *words, said=None):
        done = subprocess.run([os.environ["FENLIU"], *words, "--url", self.broker.bus], input=said, text=True, timeout=DEADLINE_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout

    def ok(self, *words, said=None):
        status, text = self.fenliu(*words, said=said)
        self.assertEqual(status, 0, text)
        return text

    def start(self, *words):
        running = subprocess.Popen([os.environ["FENLIU"], *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)

        def end():
            if running.poll() is None:
                running.kill()
            running.communicate()
        self.addCleanup(end)
        return running

    def agent(self, *options, account="demo:amy"):
        agent = self.start("agent", "demo", account, "--url", self.broker.bus, *options)
        self.read_until(agent, "online: done")
        return agent

    def policy_file(self, text):
        file = pathlib.Path(in_temporary_directory(self)) / "policy.toml"
        file.write_text(text)
        return str(file)

    def version_of(self, text):
        return int(re.search(r"(?m)^version (\d+) of demo is in force", text)[1])

    def conversation_of(self, buyer, text):
        return json.loads(self.ok("publish", "demo", buyer, text, "--json").splitlines()[0])["conversation"]

    def read_until(self, running, wanted):
        signal.alarm(DEADLINE_S)  # ends the test run: the broker or the program hangs
        for line in running.stdout:
            if wanted in line:
                signal.alarm(0)
                return line
        self.fail(f"it ended before it printed {wanted!r}")

    def test_a_buyer_is_answered_and_the_decision_explained(self):
        self.agent("--echo")
        text = self.ok("publish", "demo", "alice", "红色的还有货吗？", "--wait")
        self.assertIn("ASSIGNED_ANY to demo:amy", text)
        self.assertIn("reply   demo:amy: 红色的还有货吗？", text)
        stored = json.loads(self.ok("publish", "demo", "bob", "-", "--json", said="from a pipe").splitlines()[0])
        self.assertEqual(stored["seq"], 1)
        self.assertIn("from a pipe", self.ok("history", "demo", "bob"))
        self.assertIn("owned by demo:amy", self.ok("explain", stored["conversation"]))
        self.assertIn("demo:amy   online", self.ok("agents", "demo"))
        self.assertIn("nobody waits", self.ok("queue", "demo"))
        self.assertRegex(self.ok("status"), r"\nopen +2\n")

    def test_an_agent_says_and_closes_by_typing(self):
        amy = self.agent()
        self.ok("publish", "demo", "alice", "hello")
        self.read_until(amy, "alice: hello")
        amy.stdin.write("good day\n/close\n")
        amy.stdin.flush()
        self.read_until(amy, "closed")
        self.assertIn("good day", self.ok("history", "demo", "alice"))
        self.assertIn("closed", self.ok("explain", "c0000000000001"))

    def test_a_policy_is_put_in_force_compared_and_rolled_back(self):
        self.agent()
        manual = 'shop = "demo"\nmode = "manual" # 手动\n'
        before = self.ok("policy", "get", "demo")
        version = self.version_of(self.ok("policy", "put", "demo", self.policy_file(manual), "--note", "by hand"))
        self.assertEqual(self.ok("policy", "get", "demo"), manual)
        self.assertEqual(self.ok("policy", "get", "demo", "--version", str(version - 1)), before)
        self.assertIn('\n+mode = "manual" # 手动\n', self.ok("policy", "diff", "demo"))
        self.assertIn(f"by policy version {version}: AWAIT_MANUAL", self.ok("policy", "test", "demo", "--text", "hello"))
        status, text = self.fenliu("policy", "put", "demo", self.policy_file(manual), "--base", str(version - 1))
        self.assertEqual(status, 1)
        self.assertIn("STALE_EPOCH", text)
        self.assertEqual(self.version_of(self.ok("policy", "rollback", "demo", str(version - 1))), version + 1)
        self.assertEqual(self.ok("policy", "get", "demo"), before)
        self.assertRegex(self.ok("policy", "history", "demo"), rf"\n +{version + 1} +yes .*\n +{version} .*by hand\n")
        self.assertIn("policy.put", self.ok("audit", "demo"))

    def test_a_policy_of_many_parts_comes_back_as_it_went(self):
        words = "".join(f'  "第{number}号商品的说明书",\n' for number in range(10_000, 14_000))
        text = f'shop = "demo"\n[[group]]\nid = "a"\nmembers = ["demo:amy"]\nkeywords = [\n{words}]\n'
        self.ok("policy", "put", "demo", self.policy_file(text))
        self.assertEqual(self.ok("policy", "get", "demo"), text)

    def test_a_policy_with_errors_changes_nothing(self):
        file = self.policy_file('shop = "demo"\nmodee = "auto"\n')
        before = self.ok("policy", "get", "demo")
        status, text = self.fenliu("policy", "put", "demo", file)
        self.assertEqual(status, 1)
        self.assertIn(f'{file}:2:1: unknown key "modee" in the file, did you mean "mode"?', text)
        self.assertEqual(self.ok("policy", "get", "demo"), before)

    def test_agents_buyers_and_the_shop_are_set_by_hand(self):
        self.agent()
        self.agent(account="demo:bob")
        self.ok("policy", "put", "demo", self.policy_file('shop = "demo"\n[[group]]\nid = "vip"\nmembers = []\ntags = "VIP"\n'))
        row = self.ok("agents", "set", "demo", "amy", "--cap", "3", "--groups", "vip").splitlines()[1]
        self.assertRegex(row, r"^demo:amy +online .* 3 .* vip$")
        self.assertIn('members = ["demo:amy"]', self.ok("policy", "get", "demo"))
        conversation = self.conversation_of("alice", "hello")
        known = self.ok("buyer", "demo", "alice", "--member", "yes", "--tags", "VIP,老客户")
        self.assertRegex(known, r"\nmember +yes\n")
        self.assertRegex(known, r"\ntags +VIP, 老客户\n")
        self.assertIn("rating gold", self.ok("shop", "demo", "--rating", "gold", "--now"))
        owner = "demo:bob" if "owned by demo:amy" in self.ok("explain", conversation) else "demo:amy"
        self.assertIn(f"{conversation} is owned by {owner}", self.ok("assign", conversation, owner))
        audit = self.ok("audit", "demo")
        for verb in ("assign", "shop.set", "buyer.set", "agent.set"):
            self.assertIn(verb, audit)

    def test_what_a_buyer_said_is_erased_and_the_audit_still_holds(self):
        self.agent()
        for buyer in ("xantippe", "bystander"):
            self.conversation_of(buyer, f"words of {buyer}")
            self.ok("buyer", "demo", buyer, "--tags", "VIP")
        status, text = self.fenliu("erase", "demo", "xantippe")
        self.assertEqual((status, "--yes" in text), (2, True), text)
        self.assertIn("words of xantippe", self.ok("history", "demo", "xantippe"))
        self.assertEqual(self.ok("erase", "demo", "xantippe", "--yes", "--note", "ticket 7"),
                         "erased xantippe of demo, conversations: 1\n")
        self.assertNotIn("words", self.ok("history", "demo", "xantippe"))
        self.assertIn("words of bystander", self.ok("history", "demo", "bystander"))
        self.assertEqual(self.ok("erase", "demo", "xantippe", "--yes"), "erased xantippe of demo, conversations: 0\n")
        for name, bytes_ in contents(self.directory / "data").items():
            self.assertNotIn(b"xantippe", bytes_, name)
        audit = self.ok("audit", "demo")
        self.assertIn("ticket 7", audit)
        self.assertIn("bystander", audit)
        whole = self.ok("audit", "verify")
        self.assertRegex(whole, r"^the audit is whole: 3 actions, details erased: 1\nhead [0-9a-f]{64}\n$")
        self.assertEqual(self.ok("audit", "verify", "--head", whole.split()[-1]), whole)
        self.assertEqual(self.fenliu("audit", "verify", "--head", "00")[0], 1)

    def test_a_shop_is_pruned_of_what_it_no_longer_keeps(self):
        self.conversation_of("alice", "hello")
        told = self.ok("prune", "demo", "--older-than", "1d")
        self.assertRegex(told, r"^pruned demo: nothing that ended before .* is left; buyers forgotten: 0\n$")
        self.assertIn("hello", self.ok("history", "demo", "alice"))
        self.assertEqual(self.fenliu("prune", "demo", "--older-than", "6h")[0], 2)
        self.assertIn("shop.prune", self.ok("audit", "demo"))

    def test_it_explains_who_got_a_buyer_who_waits_and_who_gets_nobody(self):
        self.agent()
        conversation = self.conversation_of("alice", "hello")
        text = self.ok("explain", conversation, "--full")
        self.assertIn("ASSIGNED_ANY to demo:amy - the only candidate in the whole shop", text)
        self.assertRegex(text, r"\ndemo:bob +offline +offline ")
        self.assertIn("转给 demo:amy", self.ok("explain", conversation, "--lang", "zh"))
        self.assertIn("It gets the next buyer: the first of 1 candidate.", self.ok("explain", "--agent", "demo:amy"))
        self.assertIn("It gets no new buyers: offline.", self.ok("explain", "--agent", "demo:bob"))
        self.ok("agents", "set", "demo", "amy", "--cap", "1")
        self.conversation_of("ben", "hello")
        text = self.ok("explain", "--waiting", "ben", "--shop", "demo")
        self.assertIn("ben waits in the line of demo", text)
        self.assertIn("QUEUED, into the waiting line", text)

    def test_a_copy_of_the_store_is_for_its_owner_alone_and_a_failed_one_is_told(self):
        self.conversation_of("alice", "hello")
        copy, back = self.directory / "copy", self.directory / "back"
        before = os.umask(0o022)
        self.addCleanup(os.umask, before)
        self.ok("backup", str(self.directory / "data"), str(copy))
        self.ok("restore", str(copy), str(back))
        for path in (copy, *copy.iterdir(), back, *back.iterdir()):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        for words in (("backup", str(self.directory / "data"), str(copy)), ("restore", str(copy), str(back))):
            status, text = self.fenliu(*words, "--lang", "zh", "--json")
            self.assertEqual((status, "未能" in text), (1, True), text)
            told = json.loads(next(line for line in text.splitlines() if line.startswith("{")))
            self.assertEqual((told["to"], told["bytes"], "is not empty" in told["text"]), (words[2], None, True))
        self.assertIn("无法检查", self.fenliu("doctor", str(self.directory / "nowhere"), "--lang", "zh")[1])

    def test_the_feed_ends_in_order_when_it_is_told_to(self):
        feed = self.start("feed", "demo", "--feed-url", self.broker.feed)
        self.read_until(feed, "following")
        feed.send_signal(signal.SIGTERM)
        rest = feed.communicate(timeout=DEADLINE_S)[0]
        self.assertEqual((feed.returncode, rest), (0, ""))

    def test_what_the_broker_refuses_is_said_with_its_code(self):
        status, text = self.fenliu("explain", "c0000000000099")
        self.assertEqual(status, 1)
        self.assertIn("NOT_FOUND", text)
        status, text = self.fenliu("publish", "demo", "alice", "hi", "--to", "demo：amy")
        self.assertEqual(status, 1)
        self.assertIn("half-width", text)


if __name__ == "__main__":
    unittest.main()
