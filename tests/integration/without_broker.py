"""What `fenliu` does without a broker: keys and tokens, also where a file can't be written or a token not be read."""
import os
import pathlib
import resource
import subprocess
import unittest

from running_broker import in_temporary_directory
from tokens import DEADLINE_S, Issuer, fenliu


def short_of_room(most_bytes, *words):
    """`fenliu` where no file gets longer than that."""
    done = subprocess.run([os.environ["FENLIU"], *map(str, words)], text=True, timeout=DEADLINE_S, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"},
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes)))
    return done.returncode, done.stdout, done.stderr


class WithoutBroker(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(in_temporary_directory(self))

    def test_no_token_and_no_key_is_read_for_it(self):
        issuer = Issuer(self.directory)
        token = self.directory / "amy.token"
        token.touch()  # as `> amy.token` does
        words = ["--issuer-key", issuer.file("issuer.key")]
        for named in ({"FENLIU_TOKEN_FILE": str(token)}, {"FENLIU_KEY": "nowhere", "FENLIU_SERVER_KEY": "nowhere"}):
            for command in (["token", "issue", "--role", "admin", "--unbound", *words], ["token", "list", "--offline", *words],
                            ["keygen", self.directory / next(iter(named))], ["policy", "example"]):
                status, _, err = fenliu(*command, env=named)
                self.assertEqual((status, err), (0, ""), command)
            self.assertEqual(fenliu("status", env=named)[0], 2, "it would connect")

    def test_a_line_that_does_not_fit_leaves_the_ledger_as_it_was(self):
        issuer = Issuer(self.directory)
        issuer.token("--role", "admin", "--unbound")
        ledger = issuer.file("issuer.ledger")
        before = ledger.read_text()
        status, out, err = short_of_room(len(before) + 10, "token", "issue", "--role", "admin", "--unbound", "--issuer-key",
                                         issuer.file("issuer.key"))
        self.assertEqual((status, out), (1, ""))
        self.assertIn(f"{ledger}: can't be written, so no token is issued: there is no room", err)
        self.assertEqual(ledger.read_text(), before)

    def test_keygen_keeps_all_keys_or_none(self):
        keys = self.directory / "keys"
        status, out, err = short_of_room(63, "keygen", keys)  # the broker's take 61 bytes, the issuer's more
        self.assertEqual((status, out), (1, ""))
        self.assertIn("none of the keys was kept", err)
        self.assertEqual(list(keys.iterdir()), [])
        self.assertEqual(fenliu("keygen", keys)[0], 0)


if __name__ == "__main__":
    unittest.main()
