"""Every admin verb with every field of a wrong type, for an admin and for an agent: each is answered, and the broker goes on."""
import unittest

import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory

FIELDS = {
    "stats": [], "shop.list": ["limit", "cursor", "shop"], "shop.set": ["shop", "rating", "now"],
    "agents": ["shop", "limit", "cursor"], "agent.set": ["shop", "account", "cap", "participating", "groups"],
    "queue": ["shop", "limit", "cursor"], "assign": ["conversation", "to", "note"], "buyer.get": ["shop", "buyer"],
    "buyer.set": ["shop", "buyer", "member", "private", "dedicated", "tags"], "policy.get": ["shop", "version", "part"],
    "policy.check": ["shop", "part", "parts", "text"], "policy.put": ["shop", "part", "parts", "text", "base", "note"],
    "policy.history": ["shop", "limit", "cursor"], "policy.rollback": ["shop", "version", "note"],
    "policy.test": ["shop", "buyer", "text", "to", "entry", "group", "product", "order_state", "tags", "crowds", "at"],
    "explain": ["id", "shop", "full"], "explain.waiting": ["shop", "buyer"], "explain.agent": ["shop", "account"],
    "audit": ["shop", "limit", "cursor"], "audit.verify": ["head"], "token.list": ["limit", "cursor"],
    "token.revoke": ["id", "expires_at", "note"], "shop.prune": ["shop", "before", "note"],
    "buyer.erase": ["shop", "buyer", "note"],
}
GOOD = {
    "shop": "demo", "account": "demo:amy", "buyer": "b1", "rating": "gold", "now": True, "cap": 3, "participating": True,
    "groups": [], "limit": 1, "cursor": "1", "conversation": "C1", "to": "demo:amy", "note": "n", "member": True,
    "private": False, "dedicated": "", "tags": ["t"], "version": 1, "part": 1, "parts": 1, "text": "", "base": 1, "id": "m1",
    "full": True, "entry": "lit_icon", "group": "g", "product": "p", "order_state": "paid", "crowds": [], "at": 1, "head": "00", "before": 1,
    "expires_at": 4_000_000_000_000,
}
LONG = "x" * 16000
WRONG = [None, True, -1, 2**64 - 1, 1.5, "", "text", LONG, [], [1], ["x" * 200], [[]], {}, {"a": {"b": 1}}]
CODES = {"OK", "MALFORMED", "NOT_FOUND", "REJECT_ACCOUNT", "FORBIDDEN", "STALE_EPOCH", "TOO_LARGE"}


class BadRequests(unittest.TestCase):
    def setUp(self):
        self.broker = RunningBroker(in_temporary_directory(self), "--demo").start()
        self.addCleanup(lambda: self.assertEqual(self.broker.stop(), 0, "it must have lived until now"))
        self.context = zmq.Context()
        self.addCleanup(self.context.term)

    def ask_all(self, client):
        asked = 0
        for verb, fields in FIELDS.items():
            good = {key: GOOD[key] for key in fields}
            client.send([4, client.received])
            for key in fields:
                for value in WRONG:
                    asked += 1
                    client.send([50, str(asked), verb, {**good, key: value}])
                    answer = client.take(51)
                    self.assertEqual(answer[1], str(asked))
                    codes = {"MALFORMED"} if (key, value) == ("shop", LONG) else CODES
                    self.assertIn(answer[2], codes, f"{verb} {key}={value!r:.40}: {answer}")
        return asked

    def test_each_is_answered(self):
        admin = ForeignClient(self.context, self.broker.bus, "admin")
        frontend = ForeignClient(self.context, self.broker.bus, "frontend")
        frontend.send([10, "m1", "demo", "b1", "hello", {}])
        frontend.take(20)
        main = ForeignClient(self.context, self.broker.bus, "agent", shop="demo", account="demo")
        self.assertEqual(self.ask_all(admin), self.ask_all(main))
        for body, kind in ((None, 51), ({1: 2}, 51), (1, 6), ("text", 6), ([], 6)):
            admin.send([50, "body", "agents", body])
            self.assertIn("MALFORMED", admin.take(kind))
        for client in (admin, frontend, main):
            client.close()

    def test_what_is_no_shops_name_makes_no_shop(self):
        admin = ForeignClient(self.context, self.broker.bus, "admin")
        for name in ("a/b", "a:b", "a b", "a\x01", "x" * 65, LONG):
            for verb, body in (("shop.set", {"rating": "gold"}), ("buyer.set", {"buyer": "b1", "member": True}),
                               ("policy.put", {"text": ""}), ("agent.set", {"account": name}), ("shop.list", {}), ("stats", {})):
                admin.send([50, "q", verb, {**body, "shop": name}])
                answer = admin.take(51)
                self.assertEqual(answer[2], "MALFORMED", f"{verb} {name!r:.40}")
                self.assertIn("shop: the id", answer[3]["text"])
        admin.send([50, "q", "shop.list", {}])
        self.assertEqual([each["shop"] for each in admin.take(51)[3]["shops"]], ["demo"])
        admin.close()

    def test_what_is_done_leaves_one_record_and_what_is_refused_none(self):
        admin = ForeignClient(self.context, self.broker.bus, "admin")

        def ask(verb, **body):
            admin.send([50, verb, verb, body])
            return admin.take(51)

        def deeds():
            return [[each["shop"], each["verb"], each["detail"]] for each in ask("audit")[3]["actions"]]

        before = len(deeds())
        self.assertEqual(ask("buyer.set", shop="demo", buyer="new", dedicated="demo:nobody")[2], "NOT_FOUND")
        self.assertEqual(ask("buyer.get", shop="demo", buyer="new")[2], "NOT_FOUND")
        self.assertEqual(ask("agent.set", shop="demo", account="demo:amy", cap=7, groups=["no such group"])[2], "MALFORMED")
        self.assertEqual(ask("explain.agent", shop="demo", account="demo:amy")[3]["cap"], 5)
        self.assertEqual(len(deeds()), before)
        answer = ask("agent.set", shop="demo", account="demo:amy", cap=7, groups=[])
        self.assertEqual((answer[2], answer[3]["cap"]), ("OK", 7))
        self.assertEqual([row[:2] for row in deeds()[:len(deeds()) - before]], [["demo", "agent.set"]])
        self.assertEqual(ask("drain")[2], "OK")
        self.assertEqual(deeds()[0], ["", "drain", {}])
        admin.close()


if __name__ == "__main__":
    unittest.main()
