"""Keys and tokens for tests, made as their users make them: with `fenliu keygen` and `fenliu token`."""
import os
import pathlib
import subprocess

DEADLINE_S = 30


def fenliu(*words, env=None):
    done = subprocess.run([os.environ["FENLIU"], *map(str, words)], text=True, timeout=DEADLINE_S, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})
    return done.returncode, done.stdout, done.stderr


class Issuer:
    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.made("keygen", self.directory)
        self.issued = []

    def made(self, *words):
        status, out, err = fenliu(*words)
        if status != 0:
            raise AssertionError(err)
        return out

    def file(self, name):
        return self.directory / name

    def key_of(self, name):
        return self.file(name).read_text().split()[1].encode()

    def client(self, name):
        """Makes a client's pair; its secret file, public file."""
        self.made("keygen", self.directory, "--client", name)
        return self.file(name + ".key"), self.file(name + ".pub")

    def token(self, *words):
        token = self.made("token", "issue", "--issuer-key", self.file("issuer.key"), *words).strip()
        self.issued.append(token)
        return token

    def token_file(self, name, *words):
        path = self.file(name + ".token")
        path.write_text(self.token(*words) + "\n")
        return path
