"""A client written from protocol.md alone, on plain ZeroMQ and msgpack."""
import time

import msgpack
import zmq

DEADLINE_S = 20


class ForeignClient:
    def __init__(self, context, url, role=None, token="", curve=None, **options):
        """`curve`: the broker's public key and this client's pair, as Z85 bytes."""
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        if curve:
            self.socket.curve_serverkey, self.socket.curve_publickey, self.socket.curve_secretkey = curve
        self.socket.connect(url)
        self.token = token
        self.inbox, self.received, self.welcome = [], 0, None
        if role:
            self.hello(role, **options)

    def hello(self, role, **options):
        self.send([1, 1, role, self.token, options])
        self.welcome = self.take(2)
        return self.welcome

    def send(self, *messages):
        self.socket.send(b"".join(msgpack.packb(each) for each in messages))

    def send_bytes(self, frame):
        self.socket.send(frame)

    def take(self, kind, deadline_s=DEADLINE_S):
        """The oldest message of that kind; others stay."""
        end = time.monotonic() + deadline_s
        while True:
            for index, each in enumerate(self.inbox):
                if each[0] == kind:
                    return self.inbox.pop(index)
            if not self.socket.poll(max(0, int((end - time.monotonic()) * 1000))):
                raise AssertionError(f"no message of kind {kind} in time; there are {self.inbox}")
            self.read()

    def answer(self, ref, deadline_s=DEADLINE_S):
        """What answers the message with that id: its kind's answer, or an error."""
        end = time.monotonic() + deadline_s
        while True:
            for index, each in enumerate(self.inbox):
                if (each[0] in (20, 43, 44, 45, 51) and each[1] == ref) or (each[0] == 6 and each[4] == ref):
                    return self.inbox.pop(index)
            if not self.socket.poll(max(0, int((end - time.monotonic()) * 1000))):
                raise AssertionError(f"no answer to {ref} in time; there are {self.inbox}")
            self.read()

    def read(self):
        unpacker = msgpack.Unpacker(raw=False)
        unpacker.feed(self.socket.recv())
        for each in unpacker:
            self.received += each[0] >= 10 or (each[0] == 6 and each[4] is not None)
            self.inbox.append(each)

    def close(self):
        self.socket.close()
