"""Three hosts on this machine: network namespaces around a router that drops, or delays, what passes.

The kernel must know namespaces, virtual Ethernet (veth) and tc's token bucket (tbf): few containers may use
them. Delay and loss come from a slow line with a short queue, because many kernels lack netem.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from service.archive import Archive
from service.batch.jobs.job_tables import items
from service.config import Settings
from tests.helpers.batch import Place
from tests.helpers.processes import awaited, below
from tests.helpers.servers import S3, S3_ACCESS, PostgreSQL, Redis, serving

_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)
_PORT = "eth0"


@contextlib.contextmanager
def _inside(namespace) -> Iterator[None]:
    """This thread, with the processes and sockets that it starts, is in a network namespace meanwhile."""
    with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", namespace).open() as there:
        _set_namespace(there)
        try:
            yield
        finally:
            _set_namespace(home)


def _set_namespace(file):
    if _LIBC.setns(file.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=300)


def _tc(what, how, end, *words):
    """Calls tc(8) for an end of a line: its namespace and port."""
    command = ["tc", "-s", "-n", end[0], what, how, "dev", end[1], *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def missing():
    """Why there can be no hosts here; None where there can."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return "hosts are network namespaces, which need root and iproute2"
    try:
        with contextlib.closing(Network()) as network:
            network.host("try")
    except OSError as error:
        return f"no network namespaces here: {error}"
    except subprocess.CalledProcessError as error:
        return f"no network namespaces here: {error.stderr.decode().strip()}"
    return None


class Network:
    """A router in a namespace of its own, to which hosts are connected."""

    def __init__(self):
        """Raises OSError or subprocess.CalledProcessError where namespaces cannot be made, as `host` does."""
        self.router = f"kexie{os.getpid()}"
        self._spaces = []
        self._add(self.router)

    def _add(self, space):
        _ip("netns", "add", space)
        self._spaces.append(space)

    def host(self, name):
        """A new host."""
        with _inside(self.router):
            Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        space = f"{self.router}-{name}"
        self._add(space)
        return Host(self.router, space, len(self._spaces))

    def close(self):
        """Removes all; what still runs on a host has no network any more."""
        for space in self._spaces:
            _ip("netns", "del", space)


class Host:
    """A host with an address and one line to the router."""

    def __init__(self, router, namespace, number):
        self.namespace = namespace
        self.address = f"192.0.2.{4 * number + 2}"  # a network of documentation (RFC 5737)
        self._router, line, gateway = router, f"line{number}", f"192.0.2.{4 * number + 1}"
        self._ends = (router, line), (namespace, _PORT)
        _ip("-n", router, "link", "add", line, "type", "veth", "peer", _PORT, "netns", namespace)
        for (space, port), address in zip(self._ends, (gateway, self.address), strict=True):
            _ip("-n", space, "address", "add", f"{address}/30", "dev", port)
            _ip("-n", space, "link", "set", port, "up")
        _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("-n", namespace, "route", "add", "default", "via", gateway)

    def inside(self):
        """A context in which this thread, with the processes and sockets that it starts, is on the host."""
        return _inside(self.namespace)

    def cut(self):
        """From now on the router drops what the host sends and is sent; nobody is informed."""
        for way in ("from", "to"):
            _ip("-n", self._router, "rule", "add", way, self.address, "blackhole")

    def connect(self):
        """Undoes `cut`."""
        for way in ("from", "to"):
            _ip("-n", self._router, "rule", "del", way, self.address, "blackhole")

    def slow(self, rate, delay):
        """Limits the line to `rate` (as tc(8) has it); what would wait longer than `delay` is dropped."""
        for end in self._ends:
            _tc("qdisc", "add", end, "root", "tbf", "rate", rate, "burst", "8kb", "latency", delay)

    def fast(self):
        """Undoes `slow`; returns how many packets were dropped."""
        shown = [_tc("qdisc", "show", end) for end in self._ends]
        for end in self._ends:
            _tc("qdisc", "del", end, "root")
        return sum(int(text.partition("dropped ")[2].partition(",")[0]) for text in shown)


class HostPlace(Place):
    """A place whose commands run on a host, with all that they start in a namespace of process ids."""

    prefix = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
    options = ()  # the settings name all that the hosts share

    def __init__(self, host, root, looking, **settings):
        """`looking` is the URL by which the test itself reaches the database."""
        self.host = host
        self._looked_at = looking
        self.worker = None
        super().__init__(root, **settings)

    def start(self, *arguments):
        with self.host.inside():
            return super().start(*arguments)

    def work(self):
        """Starts the host's `worker`, with one process."""
        self.worker = self.start("worker", "--workers", 1)
        assert awaited(lambda: below(self.worker.pid)[1:])
        inside = below(self.worker.pid)[1]
        self._processes = Path(f"/proc/{inside}/ns/pid").stat().st_ino  # in the names of its processes

    def claimed(self, since=0.0):
        """The items that the processes of `work` hold, by claims or renewals since then (s since 1970)."""
        theirs = items.c.worker.contains(f"/{self._processes}/"), items.c.heartbeat >= since
        with self.looking().reading() as connection:
            return set(connection.scalars(select(items.c.id).where(*theirs)))

    def opened(self):
        """The archive; its objects are out of reach from outside the host."""
        values = {"KEXIE_DATABASE_URL": self._looked_at, "KEXIE_ARCHIVE": str(self.archive)}
        return Archive.open(Settings.from_env(values))


@dataclass(frozen=True)
class ThreeHosts:
    """`tables` has PostgreSQL, Redis and, where wanted, S3; `one` and `two` are for workers."""

    tables: Host
    one: HostPlace
    two: HostPlace


@contextlib.contextmanager
def three_hosts(root, *, s3=True, **settings):
    """Hosts with their servers, and settings by which commands reach them; all is ended afterwards.

    Objects are in S3, or without it in a folder that the hosts share.
    """
    user = "postgres"
    with contextlib.ExitStack() as held:
        network = held.enter_context(contextlib.closing(Network()))
        tables, *others = (network.host(name) for name in ("tables", "one", "two"))
        with tables.inside():  # the servers listen at all addresses of the host
            postgresql = held.enter_context(serving(lambda root: PostgreSQL(root, user, "*"), user))
            redis = held.enter_context(serving(lambda root: Redis(root, "0.0.0.0")))
            reached = {"KEXIE_DATABASE_URL": postgresql.database(), "KEXIE_BROKER_URL": redis.url}
            if s3:
                objects = held.enter_context(serving(lambda root: S3(root, "0.0.0.0")))
                reached["AWS_ENDPOINT_URL"] = objects.url
                settings |= {"KEXIE_OBJECTS_URL": objects.bucket(), **S3_ACCESS}
        settings |= {name: url.replace("127.0.0.1", tables.address) for name, url in reached.items()}
        settings["KEXIE_ARCHIVE"] = str(root / "archive")
        places = [
            HostPlace(host, root / host.namespace, postgresql.beside_network(), **settings) for host in others
        ]
        for place in places:
            held.callback(place.end)
        yield ThreeHosts(tables, *places)
