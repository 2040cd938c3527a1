"""The brokers that are measured, one class each: how it is configured, started on ports of its own with an empty directory, found
ready, and stopped. To add one: a class here, its name in shapes.BROKERS, a target in compare_load."""
import getpass
import os
import shutil
import subprocess
from pathlib import Path

from processes import Failed, Process, free_ports, tail, wait_until_answers, wait_until_says

START_S = 120


class Server:
    """One broker of one run. Used with `with`: started on the way in, stopped on the way out."""
    name = ""
    title = ""
    target = ""               # as compare_load calls it
    program = ""              # what has to be installed; ours stand in the folder of the programs
    package = ""              # of Debian, for the version
    acks = True               # whether publishers are told that a message is taken
    durable = ""              # what is on disk when it acknowledges
    ports = 1
    says = ""                 # what it prints when it is ready; else
    say, answer = b"", b""    # a first word that it answers, and how

    def __init__(self, programs: Path, directory: Path):
        self.programs = programs
        self.directory = directory
        self.numbers = free_ports(self.ports)
        self.process: Process | None = None

    @classmethod
    def missing(cls, programs: Path) -> str | None:
        """Why it can't be started here."""
        return None if cls.installed() else f"{cls.program} is not installed (Debian's {cls.package})"

    @classmethod
    def installed(cls) -> str | None:
        return shutil.which(cls.program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")

    @classmethod
    def version(cls, programs: Path) -> str:
        found = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", cls.package], capture_output=True, text=True,
                               check=False) if shutil.which("dpkg-query") else None
        return f"{cls.package} {found.stdout}" if found and found.stdout else "unknown"

    @property
    def port(self) -> int:
        return self.numbers[0]

    @property
    def log(self) -> Path:
        return self.directory / "log"

    def url(self) -> str:
        raise NotImplementedError

    def load_options(self) -> list[str]:
        return []

    def command(self) -> list[str]:
        """Writes what files it needs and says how to start it."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {}

    def wait(self) -> None:
        """Until it is ready."""
        assert self.process is not None
        if self.says:
            wait_until_says(self.process, self.says, START_S)
        else:
            wait_until_answers(self.process, self.port, self.say, self.answer, START_S)

    def __enter__(self) -> "Server":
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        os.sync()  # what the one before left to be written is not this one's burden
        try:
            self.process = Process(self.command(), self.log, self.environment())
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if self.process:
            self.process.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def log_tail(self) -> str:
        return tail(self.log)

    def cpu_s(self) -> float:
        return self.process.cpu_s() if self.process else 0.0


class OwnProgram(Server):
    """A program of this repository."""

    @classmethod
    def missing(cls, programs: Path) -> str | None:
        return None if (programs / cls.program).exists() else f"there is no {cls.program} in {programs}"


class BareRelay(OwnProgram):
    name, title, target, program = "bare", "bare relay", "bare", "bare_relay"
    package, acks, durable, says, ports = "libzmq5", False, "nothing, and no acks", "ready", 2

    def url(self) -> str:
        return f"{self.numbers[0]}:{self.numbers[1]}"

    def command(self) -> list[str]:
        return [str(self.programs / self.program), *map(str, self.numbers)]


class Fenliu(OwnProgram):
    name, title, target, program = "fenliu", "fenliu", "fenliu", "fenliud"
    durable, says = "journal synced before every ack", " ready: "
    settings = ""
    options: tuple[str, ...] = ()

    @classmethod
    def version(cls, programs: Path) -> str:
        return subprocess.run([str(programs / cls.program), "--version"], capture_output=True, text=True, check=False).stdout.strip()

    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        configuration = self.directory / "fenliud.toml"
        configuration.write_text(f'[bus]\nlisten = "{self.url()}"\nfeed = []\n{self.settings}', encoding="utf-8")
        where = self.options or ("--data", str(self.directory / "data"))
        return [str(self.programs / self.program), "-c", str(configuration), *where]


class FenliuMemory(Fenliu):
    name, title, durable = "fenliu-memory", "fenliu --memory", "nothing"
    options = ("--memory",)


class FenliuCurve(Fenliu):
    name, title, durable = "fenliu-curve", "fenliu, CURVE", "journal synced before every ack"
    settings = '[security]\nsecret_key_file = "keys/broker.key"\nencrypt_loopback = true\nhandshakes_per_s = 100000\n'

    def command(self) -> list[str]:
        made = subprocess.run([str(self.programs / "fenliu"), "keygen", str(self.directory / "keys")], capture_output=True, text=True,
                              check=False)
        if made.returncode:
            raise Failed("fenliu keygen makes no keys", made.stderr.strip())
        return super().command()

    def load_options(self) -> list[str]:
        return ["--server-key", (self.directory / "keys" / "broker.pub").read_text(encoding="utf-8").split()[-1]]


class Nats(Server):
    name, title, target, program, package = "nats", "NATS core", "nats", "nats-server", "nats-server"
    acks, durable = False, "nothing, and no acks"
    answer = b"INFO "
    settings = ""

    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        configuration = self.directory / "nats.conf"
        configuration.write_text(f'listen: "127.0.0.1:{self.port}"\n' + self.settings.format(directory=self.directory),
                                 encoding="utf-8")
        return [str(self.installed()), "-c", str(configuration)]


class JetStream(Nats):
    name, title, target, acks = "jetstream", "JetStream file", "jetstream", True
    durable = "written and not synced: its sync_interval is 2 minutes and can't be set in 2.9"
    settings = 'jetstream: {{ store_dir: "{directory}/jetstream" }}\n'


class Redis(Server):
    name, title, target, program, package = "redis", "Redis streams", "redis", "redis-server", "redis-server"
    durable = "synced before every answer (appendfsync always)"
    say, answer = b"PING\r\n", b"+PONG"

    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [str(self.installed()), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.directory),
                "--appendonly", "yes", "--appendfsync", "always", "--save", ""]


class RabbitMq(Server):
    """Started as whoever we are: Debian's own script wants to be root and becomes another user."""
    name, title, target, package = "rabbitmq", "RabbitMQ quorum", "rabbitmq", "rabbitmq-server"
    durable = "synced before every confirm (one node)"
    ports = 3
    says = "completed with"
    program = "/usr/lib/rabbitmq/bin/rabbitmq-server"

    def __init__(self, programs: Path, directory: Path):
        super().__init__(programs, directory)
        self.names: Process | None = None  # of Erlang's nodes: without one of our own a daemon would stay

    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        (self.directory / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\nlog.console = true\nlog.console.level = warning\n"
            "disk_free_limit.absolute = 50MB\n", encoding="utf-8")
        (self.directory / "enabled_plugins").write_text("[].\n", encoding="utf-8")
        epmd = shutil.which("epmd") or "epmd"
        self.names = Process([epmd, "-port", str(self.numbers[2]), "-address", "127.0.0.1"], self.directory / "epmd.log")
        wait_until_answers(self.names, self.numbers[2], b"", b"", START_S)
        return [self.program]

    def environment(self) -> dict[str, str]:
        here = str(self.directory)
        return {"HOME": here, "RABBITMQ_NODENAME": "compare@localhost", "RABBITMQ_DIST_PORT": str(self.numbers[1]),
                "ERL_EPMD_PORT": str(self.numbers[2]), "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_MNESIA_BASE": f"{here}/mnesia",
                "RABBITMQ_LOG_BASE": f"{here}/logs", "RABBITMQ_LOGS": "-", "RABBITMQ_CONFIG_FILE": f"{here}/rabbitmq.conf",
                "RABBITMQ_CONF_ENV_FILE": "/dev/null", "RABBITMQ_ENABLED_PLUGINS_FILE": f"{here}/enabled_plugins"}

    def stop(self) -> None:
        try:
            super().stop()
        finally:
            if self.names:
                self.names.stop()


class Mosquitto(Server):
    name, title, target, program, package = "mosquitto", "Mosquitto QoS 1", "mosquitto", "mosquitto", "mosquitto"
    durable = "nothing: it writes its file every 30 minutes and at its end"
    say = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05probe"  # CONNECT
    answer = b"\x20\x02\x00\x00"                                # CONNACK

    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        configuration = self.directory / "mosquitto.conf"
        configuration.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser {getpass.getuser()}\npersistence true\n"
            f"persistence_location {self.directory}/\nmax_queued_messages 0\nmax_inflight_messages 65535\nset_tcp_nodelay true\n"
            "log_dest stderr\nlog_type error\nlog_type warning\n", encoding="utf-8")
        return [str(self.installed()), "-c", str(configuration)]


SERVERS: dict[str, type[Server]] = {
    each.name: each
    for each in (BareRelay, Fenliu, FenliuMemory, FenliuCurve, Nats, JetStream, Redis, RabbitMq, Mosquitto)
}
