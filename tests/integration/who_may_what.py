"""Every role by every kind and every verb, in its own shop and in another's, against the table below; and what guessing another
shop's ids tells: the same as ids that nobody has."""
import unittest

import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory
from tokens import Issuer

# role: words of `fenliu token issue`, wire role, options of hello.
SESSIONS = {
    "frontend of acme": (["--role", "frontend", "--shop", "acme"], "frontend", {}),
    "agent": (["--role", "agent", "--account", "acme:amy"], "agent", {"account": "acme:amy"}),
    "senior": (["--role", "senior", "--account", "acme:sue"], "agent", {"account": "acme:sue"}),
    "main": (["--role", "agent", "--account", "acme"], "agent", {"account": "acme"}),
    "admin of acme": (["--role", "admin", "--shop", "acme"], "admin", {}),
    "auditor of acme": (["--role", "auditor", "--shop", "acme"], "admin", {}),
    "admin": (["--role", "admin"], "admin", {}),
    "auditor": (["--role", "auditor"], "admin", {}),
}
AGENTS = ("agent", "senior", "main")
KINDS = {  # who may send it
    10: ["frontend of acme"], 11: ["frontend of acme"], 12: ["frontend of acme"], 13: ["frontend of acme"], 14: ["frontend of acme"],
    30: AGENTS, 31: AGENTS, 32: AGENTS, 33: AGENTS, 35: AGENTS, 36: AGENTS,
    34: (*AGENTS, "admin of acme", "auditor of acme", "admin", "auditor"),
}
FROM_THE_BROKER = (2, 20, 21, 22, 23, 24, 40, 41, 42, 43, 44, 45, 46, 51)
READERS = ("senior", "main", "admin of acme", "auditor of acme", "admin", "auditor")
WRITERS = ("senior", "main", "admin of acme", "admin")
VERBS = {  # who may ask for it
    "stats": READERS, "shop.list": READERS, "agents": READERS, "queue": ("agent", *READERS), "buyer.get": READERS,
    "policy.get": READERS, "policy.check": READERS, "policy.history": READERS, "policy.test": READERS, "explain": READERS,
    "explain.waiting": READERS, "explain.agent": READERS, "audit": READERS,
    "shop.set": WRITERS, "agent.set": WRITERS, "assign": WRITERS, "buyer.set": WRITERS, "policy.put": WRITERS,
    "policy.rollback": WRITERS,
    "token.list": ("admin", "auditor"), "token.revoke": ("admin",), "drain": ("admin",),
    "buyer.erase": ("admin of acme", "admin"), "shop.prune": ("admin of acme", "admin"), "audit.verify": ("admin", "auditor"),
}
UNBOUND = ("admin", "auditor")
NOWHERE = "c00000000000zz"


class WhoMayWhat(unittest.TestCase):
    def setUp(self):
        directory = in_temporary_directory(self)
        self.issuer = Issuer(directory)
        self.broker = RunningBroker(directory, settings=f'[security]\nissuer_key_file = "{self.issuer.file("issuer.pub")}"\n').start()
        self.addCleanup(lambda: self.assertEqual(self.broker.stop(), 0, "it must have lived until now"))
        self.context = zmq.Context()
        self.addCleanup(self.context.term)
        self.asked = 0
        world = self.session(["--role", "frontend"], "frontend", {})
        other_agent = self.session(["--role", "agent", "--account", "other:bob"], "agent", {"account": "other:bob"})
        other_agent.send([30, "online", "r-1"])
        self.assertEqual(other_agent.answer("r-1")[2], "OK")
        world.send([10, "m-other", "other", "olga", "hello"], [10, "m-acme", "acme", "anna", "hello"])
        self.others = world.answer("m-other")[2]
        world.answer("m-acme")
        self.sessions = {name: self.session(*how) for name, how in SESSIONS.items()}

    def session(self, words, role, options):
        client = ForeignClient(self.context, self.broker.bus, token=self.issuer.token("--unbound", *words))
        self.addCleanup(client.close)
        client.hello(role, **options)
        return client

    def ask(self, name, message, ref):
        self.asked += 1
        self.sessions[name].send(message)
        return self.sessions[name].answer(ref)

    def send_kind(self, name, kind, shop):
        ref = f"k-{self.asked}"
        return self.ask(name, self.message(kind, ref, shop, NOWHERE), ref)

    def attach(self, name, shop):
        """Its refusal, which is about no message."""
        self.asked += 1
        self.sessions[name].send([14, shop, "anna", None, 0])
        return self.sessions[name].take(6)

    def verb(self, name, verb, body):
        ref = f"v-{self.asked}"
        answer = self.ask(name, [50, ref, verb, body], ref)
        return (answer[1], {"text": answer[5]}) if answer[0] == 6 else (answer[2], answer[3])

    def code(self, answer):
        return {6: lambda: answer[1], 44: lambda: answer[2], 51: lambda: answer[2]}.get(answer[0], lambda: "OK")()

    def message(self, kind, ref, shop, conversation):
        return {
            10: [10, ref, shop, "anna", "hi"], 11: [11, shop, "zoe", ref], 12: [12, shop, "zoe", 5, ref],
            13: [13, shop, "zoe", "o-1", "paid", 100, ref], 30: [30, "online", ref], 31: [31, ref, conversation, 1, "hi"],
            32: [32, ref, conversation, 1, "acme:amy", ""], 33: [33, ref, conversation, 1], 34: [34, ref, "anna", None, 5, "exists"],
            35: [35, ref, conversation], 36: [36, ref, conversation, "", "n"],
        }[kind]

    def test_kinds(self):
        for kind, may in KINDS.items():
            for name in SESSIONS:
                for shop in ("acme", "other"):
                    if kind == 14 and name in may and shop == "acme":
                        continue  # attach has no answer of its own
                    code = self.code(self.attach(name, shop) if kind == 14 else self.send_kind(name, kind, shop))
                    with self.subTest(kind=kind, who=name, shop=shop):
                        if name not in may:
                            self.assertEqual(code, "FORBIDDEN")
                        elif name == "frontend of acme" and shop == "other":
                            self.assertEqual(code, "FORBIDDEN", "another shop, be it there or not")
                        elif kind == 34 and name in UNBOUND:
                            self.assertEqual(code, "MALFORMED", "hello names the shop")
                        else:
                            self.assertNotEqual(code, "FORBIDDEN")
        self.assertEqual(self.asked, len(KINDS) * len(SESSIONS) * 2 - 1)

    def test_the_brokers_own_kinds_are_nobodys(self):
        for kind in FROM_THE_BROKER:
            for name, client in self.sessions.items():
                client.send([kind, "x-1", "x-1", "x-1", "x-1", {}] if kind != 2 else [2, "s", 0, False, {}])
                with self.subTest(kind=kind, who=name):
                    self.assertIn(client.take(6)[1], ("FORBIDDEN", "MALFORMED"))

    def test_verbs(self):
        code, body = self.verb("admin", "no.such.verb", {})
        self.assertEqual(code, "NOT_FOUND")
        self.assertEqual(set(body["text"].split("there are: ")[1].split(", ")), set(VERBS), "a verb that is not in this table")
        for verb, may in VERBS.items():
            for name in SESSIONS:
                for shop in ("acme", "other", "nowhere"):
                    if verb == "drain" and name in may:
                        continue  # at the end
                    code, _ = self.verb(name, verb, {"shop": shop, "id": "t-none"})
                    with self.subTest(verb=verb, who=name, shop=shop):
                        if name not in may:
                            self.assertEqual(code, "FORBIDDEN")
                        elif shop != "acme" and name not in UNBOUND:
                            self.assertEqual(code, "FORBIDDEN", "another shop, be it there or not")
                        else:
                            self.assertNotEqual(code, "FORBIDDEN")
        self.assertEqual(self.verb("admin", "drain", {})[0], "OK")
        self.assertGreater(self.asked, 22 * 8 * 3 - 10)

    def test_ids_of_another_shop_are_as_good_as_none(self):
        def same(name, make):
            """The answers about the other shop's and about nothing, without what was asked for."""
            answers = []
            for guess, nothing in ((True, False), (False, True)):
                ref = f"g-{self.asked}"
                answer = self.ask(name, make(ref, guess), ref)
                answers.append([each for each in answer if each != ref])
            self.assertEqual(*answers, name)
            return answers[0]

        for name in AGENTS:
            for kind in (31, 32, 33, 35, 36):
                with self.subTest(who=name, kind=kind):
                    same(name, lambda ref, guess: self.message(kind, ref, "acme", self.others if guess else NOWHERE))
            for scope in ("own", "all", "exists"):
                with self.subTest(who=name, scope=scope):
                    page = same(name, lambda ref, guess: [34, ref, "olga" if guess else "nobody", None, 5, scope])
                    self.assertEqual(page[1], [])
                    same(name, lambda ref, guess: [34, ref, "olga", f"{self.others if guess else NOWHERE}.9", 5, scope])
        for name in ("senior", "main", "admin of acme"):
            for body in ({"to": "acme:amy"}, {"to": "acme:amy", "shop": "acme"}):
                with self.subTest(who=name, verb="assign"):
                    same(name, lambda ref, guess: [50, ref, "assign", {**body, "conversation": self.others if guess else NOWHERE}])
        for name in ("senior", "main", "admin of acme", "auditor of acme"):
            for verb, guessed, nobody in (("explain", {"id": self.others}, {"id": NOWHERE}), ("explain", {"id": "m-other"}, {"id": "m-none"}),
                                          ("explain.waiting", {"buyer": "olga"}, {"buyer": "nobody"}),
                                          ("buyer.get", {"buyer": "olga"}, {"buyer": "nobody"})):
                with self.subTest(who=name, verb=verb):
                    answer = same(name, lambda ref, guess: [50, ref, verb, guessed if guess else nobody])
                    self.assertEqual(answer[1], "NOT_FOUND")
            self.assertEqual([row["shop"] for row in self.verb(name, "shop.list", {})[1]["shops"]], ["acme"])
            self.assertEqual(self.verb(name, "stats", {})[1]["shops"], 1)
            self.assertNotIn("store", self.verb(name, "stats", {})[1])
            self.assertEqual({row["shop"] for row in self.verb(name, "audit", {})[1]["actions"]} - {"acme"}, set())

    def test_a_token_says_who_its_bearer_is_whatever_hello_says(self):
        attempts = [("agent", {"account": "acme:sue"}), ("agent", {"account": "other:bob"}), ("admin", {}), ("frontend", {}),
                    ("admin", {"shop": "acme"})]
        token = self.issuer.token("--unbound", "--role", "agent", "--account", "acme:amy")
        for role, options in attempts:
            with self.subTest(role=role, options=options):
                client = ForeignClient(self.context, self.broker.bus, token=token)
                self.addCleanup(client.close)
                client.send([1, 1, role, token, options])
                self.assertEqual(client.take(6)[1], "FORBIDDEN")
                self.assertEqual(client.take(5)[1], "FORBIDDEN")


if __name__ == "__main__":
    unittest.main()
