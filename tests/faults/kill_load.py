"""The load of kill_loop.py: buyers who write, agents who answer, forward and close, all in one thread, and a record of what the broker
told them. Written from protocol/PROTOCOL.md; what was not answered is sent again after a restart, with the same id."""
import collections
import sys
import time
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from foreign_client import ForeignClient  # noqa: E402

SHOPS, AGENTS, BUYERS = 2, 3, 10
OUTSTANDING = 150  # publishes of a life that are not answered yet
CLOSE_AFTER = 12   # lines that an agent has seen of a conversation


def wait_until_archived(context, bus, deadline_s=120):
    """A stop leaves to the log what the archive has not got within 5 s; who reads SQLite afterwards waits for it first."""
    admin = ForeignClient(context, bus, "admin")
    end = time.monotonic() + deadline_s
    while True:
        admin.send([50, "a", "stats", {}])
        store = admin.take(51)[3]["store"]
        if store["archived_position"] == store["position"]:
            return admin.close()
        if time.monotonic() > end:
            raise AssertionError(f"the archive doesn't follow: {store}")
        admin.socket.poll(100)


class Told:
    """What peers were told; it stays true whatever happens to the broker."""

    def __init__(self):
        self.stored = {}                          # msg_id: (shop, sender, conversation, seq)
        self.owner = {}                           # conversation: (epoch, account, or None once it was taken away)
        self.shop = {}                            # conversation: its shop
        self.seen = collections.defaultdict(dict)  # account: {conversation: the highest seq of a buyer line}
        self.prompts = collections.Counter()      # (shop, buyer)
        self.touched = set()                      # conversations since the last check
        self.wrong = []

    def store(self, msg_id, shop, sender, conversation, seq):
        before = self.stored.setdefault(msg_id, (shop, sender, conversation, seq))
        if before[2:] != (conversation, seq):
            self.wrong.append(f"{msg_id} was stored as {before[2:]}, then as {(conversation, seq)}")
        self.touched.add(conversation)

    def own(self, conversation, epoch, account):
        before = self.owner.get(conversation, (0, None))
        if epoch < before[0]:
            return  # the word of another account's connection, read later
        if epoch == before[0] and account and before[1] not in (None, account):
            self.wrong.append(f"epoch {epoch} of {conversation} has two owners: {before[1]} and {account}")
        self.owner[conversation] = (epoch, account)
        self.touched.add(conversation)


class Load:
    """All clients of one life of the broker. What must survive it is in `told` and in `pending`."""

    def __init__(self, context, bus, random, told, pending):
        self.random, self.told, self.pending = random, told, pending
        self.frontend = ForeignClient(context, bus, "frontend")
        self.agents = {}
        for shop in range(SHOPS):
            for number in range(AGENTS):
                account = f"kill{shop}:a{number}"
                seen = [[c, s] for c, s in told.seen[account].items() if told.owner.get(c, (0, None))[1] == account]
                self.agents[account] = ForeignClient(context, bus, "agent", shop=f"kill{shop}", account=account, seen=seen[-500:])
                self.agents[account].send([30, "online", "presence"])
        self.poller = zmq.Poller()
        for client in self.clients():
            self.poller.register(client.socket, zmq.POLLIN)
        self.acked = {id(client): 0 for client in self.clients()}
        self.answered = 0

    def clients(self):
        return [self.frontend, *self.agents.values()]

    def close(self):
        for client in self.clients():
            client.close()

    def send_again(self):
        for message in list(self.pending["publish"].values()):
            self.frontend.send(message)
        for account, message in list(self.pending["say"].values()):
            self.agents[account].send(message)

    def publish(self, number):
        shop, buyer = self.random.randrange(SHOPS), self.random.randrange(BUYERS)
        msg_id = f"p{number}"
        options = {"entry": "lit_icon"} if buyer % 2 == 0 else {}
        message = [10, msg_id, f"kill{shop}", f"b{buyer}", f"{msg_id} 第 {number} 句" + "x" * self.random.randrange(200), options]
        self.pending["publish"][msg_id] = message
        self.frontend.send(message)

    def pump(self, wait_ms):
        """Reads what there is; answers, and acknowledges it."""
        self.poller.poll(wait_ms)
        for account, client in [(None, self.frontend), *self.agents.items()]:
            while client.socket.poll(0):
                client.read()
            for message in client.inbox:
                self.take(account, client, message)
            client.inbox = []
            if client.received > self.acked[id(client)]:
                client.send([4, client.received])
                self.acked[id(client)] = client.received

    def take(self, account, client, message):
        kind = message[0]
        if kind == 20:
            sent = self.pending["publish"].pop(message[1], None)
            if sent:
                self.told.store(message[1], sent[2], sent[3], message[2], message[3])
                self.told.shop[message[2]] = sent[2]
                self.answered += 1
        elif kind == 45:
            sent = self.pending["say"].pop(message[1], None)
            if sent:
                self.told.store(message[1], account.split(":")[0], account, message[2], message[3])
                self.answered += 1
        elif kind == 23:
            self.told.prompts[(message[1], message[2])] += 1
        elif kind == 40:
            self.told.shop[message[1]] = account.split(":")[0]
            self.told.own(message[1], message[2], account)
        elif kind == 41:
            self.told.own(message[1], message[2], None)
            self.told.seen[account].pop(message[1], None)
        elif kind == 42:
            self.answer_line(account, client, message)
        elif kind == 6 and message[4] is not None:
            self.refused(message)

    def refused(self, message):
        """A say that came too late is over; whatever else is refused is a fault of this program or of the broker."""
        if message[4] in self.pending["say"] and message[1] in ("STALE_EPOCH", "EXPIRED", "NOT_FOUND"):
            del self.pending["say"][message[4]]
        else:
            self.told.wrong.append(f"refused: {message}")

    def answer_line(self, account, client, message):
        conversation, seq = message[1], message[2]
        self.told.seen[account][conversation] = max(seq, self.told.seen[account].get(conversation, 0))
        epoch, owner = self.told.owner.get(conversation, (0, None))
        if owner != account:
            return
        chance = self.random.random()
        if chance < 0.3:
            self.pending["number"] += 1
            msg_id = f"s{self.pending['number']}"
            say = [31, msg_id, conversation, epoch, f"{msg_id} 好的"]
            self.pending["say"][msg_id] = (account, say)
            client.send(say)
        elif chance < 0.33:
            other = f"{account.split(':')[0]}:a{self.random.randrange(AGENTS)}"
            if other != account:
                client.send([32, f"f{conversation}.{epoch}", conversation, epoch, other, "yours"])
        elif seq > CLOSE_AFTER and chance < 0.5:
            client.send([33, f"c{conversation}", conversation, epoch])

    def settle(self, deadline_s=20):
        """Until everything that was sent is answered."""
        end = time.monotonic() + deadline_s
        while self.pending["publish"] or self.pending["say"]:
            if time.monotonic() > end:
                raise AssertionError(f"not answered: {list(self.pending['publish'])[:5]} {list(self.pending['say'])[:5]}")
            self.pump(20)
