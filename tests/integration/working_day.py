"""A working day's verbs against fenliud, by a client in another language; then everything such a client may do wrong."""
import unittest

import msgpack
import zmq

from foreign_client import ForeignClient
from running_broker import RunningBroker, in_temporary_directory


class BrokerTest(unittest.TestCase):
    def setUp(self):
        self.context = zmq.Context()
        self.broker = RunningBroker(in_temporary_directory(self), "--demo").start()
        self.clients = []
        self.addCleanup(self.leave)

    def leave(self):
        for each in self.clients:
            each.close()
        self.context.term()
        self.assertEqual(self.broker.stop(), 0, "SIGTERM drains and exits 0")

    def client(self, role=None, **options):
        self.clients.append(ForeignClient(self.context, self.broker.bus, role, **options))
        return self.clients[-1]

    def agent(self, account):
        made = self.client("agent", shop=account.split(":")[0], account=account)
        made.send([30, "online", "p"])
        self.assertEqual(made.take(44)[2], "OK")
        return made

    def publish(self, frontend, msg_id, buyer, text, **options):
        frontend.send([10, msg_id, "demo", buyer, text, options])
        return frontend.take(20)


class WorkingDay(BrokerTest):
    def test_a_conversation_from_first_line_to_close(self):
        amy, shopfront = self.agent("demo:amy"), self.client("frontend")
        self.assertEqual(self.publish(shopfront, "m1", "alice", "红色的还有货吗？")[3:], [1, False])
        award, line = amy.take(40), amy.take(42)
        conversation, epoch = award[1], award[2]
        self.assertEqual((award[3], award[4]), ("alice", "ASSIGNED_ANY"))
        self.assertEqual(line[1:5], [conversation, 1, "alice", "红色的还有货吗？"])
        self.assertEqual(shopfront.take(21)[5], "demo:amy")
        amy.send([31, "s1", conversation, epoch, "有的"])
        self.assertEqual(amy.take(45)[3:], [2, False])
        self.assertEqual(shopfront.take(22)[5:7], ["demo:amy", "有的"])
        amy.send([36, "n1", conversation, "red", "call back"], [33, "c1", conversation, epoch])
        self.assertEqual([amy.take(44)[1:3] for _ in range(2)], [["n1", "OK"], ["c1", "OK"]])
        self.assertEqual(amy.take(41)[3], "closed")
        amy.send([34, "h1", "alice", None, 10, "own"])
        self.assertEqual([row[2] for row in amy.take(43)[2]], ["alice", "demo:amy"])
        shopfront.send([12, "demo", "alice", 5, "r1"], [13, "demo", "alice", "o1", "paid", 1990, "r2"])
        self.assertEqual([shopfront.take(44)[1:3] for _ in range(2)], [["r1", "OK"], ["r2", "OK"]])

    def test_a_forward_moves_the_history(self):
        amy, shopfront = self.agent("demo:amy"), self.client("frontend")
        self.publish(shopfront, "m1", "alice", "refund please")
        award = amy.take(40)
        bob = self.agent("demo:bob")
        amy.send([32, "f1", award[1], award[2], "demo:bob", "yours"])
        self.assertEqual(amy.take(44)[2], "OK")
        moved = bob.take(40)
        self.assertEqual((moved[2], moved[4]), (award[2] + 1, "FORWARDED"))
        self.assertEqual(moved[5]["tail"][0][2], "refund please")
        amy.send([31, "s1", award[1], award[2], "too late"])
        self.assertEqual(amy.take(6)[1], "STALE_EPOCH")

    def test_a_suspended_agent_keeps_who_comes_back(self):
        amy, shopfront = self.agent("demo:amy"), self.client("frontend")
        self.publish(shopfront, "m1", "alice", "one")
        award = amy.take(40)
        amy.send([33, "c", award[1], award[2]], [30, "suspended", "s"])
        self.assertEqual([amy.take(44)[2] for _ in range(2)], ["OK", "OK"])
        self.publish(shopfront, "m2", "alice", "two")
        self.assertEqual(amy.take(40)[4], "RECENT_SUSPENDED")
        self.publish(shopfront, "m3", "ben", "new")
        self.assertEqual([each[4] for each in (shopfront.take(21) for _ in range(4))][-1], "FALLBACK_MAIN")

    def test_attach_and_leaving(self):
        amy, shopfront = self.agent("demo:amy"), self.client("frontend")
        self.publish(shopfront, "m1", "alice", "one")
        award = amy.take(40)
        amy.send([31, "s1", award[1], award[2], "first"], [31, "s2", award[1], award[2], "second"])
        shopfront.take(22), shopfront.take(22)
        other = self.client("frontend")
        other.send([14, "demo", "alice", award[1], 2])
        self.assertEqual(other.take(22)[6], "second")
        other.send([11, "demo", "alice", "bye"])
        self.assertEqual(other.take(44)[1:3], ["bye", "OK"])
        self.assertEqual(amy.take(41)[3], "closed")

    def test_admin_verbs(self):
        amy, shopfront, admin = self.agent("demo:amy"), self.client("frontend"), self.client("admin")
        self.publish(shopfront, "m1", "alice", "one")
        conversation = amy.take(40)[1]
        for request, (verb, body) in enumerate([("stats", {}), ("shop.list", {}), ("agents", {"shop": "demo"}),
                                                ("queue", {"shop": "demo"}), ("explain", {"id": conversation}),
                                                ("buyer.get", {"shop": "demo", "buyer": "alice"}),
                                                ("agent.set", {"shop": "demo", "account": "demo:amy", "cap": 3})]):
            admin.send([50, str(request), verb, body])
            answer = admin.take(51)
            self.assertEqual(answer[1:3], [str(request), "OK"], answer)
        self.assertEqual(answer[3]["cap"], 3)
        admin.send([50, "x", "explain", {"id": "c00000000000zzz"}], [50, "y", "make.coffee", {}])
        self.assertEqual({tuple(admin.take(51)[1:3]) for _ in range(2)}, {("x", "NOT_FOUND"), ("y", "NOT_FOUND")})

    def test_the_feed_shows_what_happens(self):
        feed = self.context.socket(zmq.SUB)
        feed.linger = 0
        feed.setsockopt(zmq.SUBSCRIBE, b"shop/demo/")
        feed.connect(self.broker.feed)
        self.clients.append(feed)
        amy = self.agent("demo:amy")
        state, numbers = "suspended", []
        while len(numbers) < 3:  # until the subscription has arrived, events pass by
            amy.send([30, state, "p"])
            amy.take(44)
            state = "online" if state == "suspended" else "suspended"
            if feed.poll(100):
                topic, body = feed.recv_multipart()
                self.assertEqual(topic, b"shop/demo/presence")
                numbers.append(msgpack.unpackb(body)["n"])
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))


class Mistakes(BrokerTest):
    def refused(self, client, code, ref=None):
        answer = client.take(6)
        self.assertEqual((answer[1], answer[4]), (code, ref), answer)
        return answer

    def test_bytes_that_are_no_msgpack(self):
        client = self.client("frontend")
        client.send_bytes(msgpack.packb([10, "m1", "demo", "alice", "kept", {}]) + b"\xc1\xff")
        self.refused(client, "MALFORMED")
        self.assertEqual(client.take(5)[1], "MALFORMED")
        again = self.publish(self.client("frontend"), "m1", "alice", "kept")
        self.assertTrue(again[4], "the frame's earlier messages stand")

    def test_a_depth_bomb_and_a_false_length(self):
        for frame in (b"\x91" * 1000, b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff"):
            client = self.client("frontend")
            client.send_bytes(frame)
            self.refused(client, "MALFORMED")

    def test_an_oversize_frame_costs_the_connection_and_nothing_else(self):
        client, other = self.client("frontend"), self.client("frontend")
        client.send_bytes(b"\x00" * (300 * 1024))
        self.assertEqual(self.publish(other, "m1", "alice", "hello")[1], "m1")

    def test_a_wrong_type_and_an_unknown_kind_leave_the_session(self):
        client = self.client("frontend")
        client.send([10, "m1", "demo", 5, "text"], [99, "x"], [10, "m2", "demo", "alice", "text"])
        self.assertEqual({(each[1], each[4]) for each in (client.take(6), client.take(6))},
                         {("MALFORMED", "m1"), ("UNSUPPORTED_VERSION", None)})
        self.assertEqual(client.take(20)[1], "m2")

    def test_words_before_hello(self):
        client = self.client()
        client.send([10, "m1", "demo", "alice", "text", {}])
        self.assertTrue(self.refused(client, "SESSION_NOT_FOUND")[2], "try again after hello")
        client.hello("frontend")

    def test_another_version(self):
        client = self.client()
        client.send([1, 2, "frontend", "", {}])
        self.refused(client, "UNSUPPORTED_VERSION")

    def test_a_full_width_colon(self):
        client = self.client("frontend")
        client.send([10, "m1", "demo", "alice", "text", {"to": "demo：amy"}])
        self.refused(client, "REJECT_ACCOUNT", "m1")

    def test_an_id_for_other_words(self):
        client = self.client("frontend")
        self.publish(client, "m1", "alice", "one")
        self.assertTrue(self.publish(client, "m1", "alice", "one")[4])
        client.send([10, "m1", "demo", "alice", "two", {}])
        self.refused(client, "ID_REUSED", "m1")

    def test_a_kind_that_is_not_ones_own(self):
        client = self.client("frontend")
        client.send([31, "s1", "c0000000000001", 1, "text"])
        self.refused(client, "FORBIDDEN", "s1")

    def test_a_second_device_supersedes_the_first(self):
        first = self.agent("demo:amy")
        self.client("agent", shop="demo", account="demo:amy")
        self.assertEqual(first.take(5)[1], "SUPERSEDED")


if __name__ == "__main__":
    unittest.main()
