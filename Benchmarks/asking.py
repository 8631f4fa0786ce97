"""Asks a server by the program `load`, and takes its report apart."""
import dataclasses
import itertools
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = HERE / ".build" / "release" / "load"
SEEDS = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Request:
    """`{name}` in path, fields and body stands for one of the list of that name, `{key}` for a text of its own."""

    method: str
    path: str
    fields: dict = dataclasses.field(default_factory=dict)
    body: str | None = None
    weight: int = 1

    def names(self, name):
        return "{" + name + "}" in self.path + (self.body or "")


@dataclasses.dataclass(frozen=True)
class Sample:
    """One measurement. Times are microseconds; `None` for what was not looked at."""

    rate: float
    #: Processor time of the server for each answer.
    cpu: float | None = None
    p50: float | None = None
    p99: float | None = None
    p999: float | None = None
    #: How long the disk took for one block, just before and just after.
    fdatasync: float | None = None
    #: Processor time of whoever asked, for each answer.
    own: float | None = None

    def times(self, factor):
        """The same where each answer counts as so many."""
        return dataclasses.replace(self, rate=self.rate * factor, cpu=self.cpu and self.cpu / factor)


def ask(
    ports, requests, lists, *, connections, seconds, warmup=0.3, rate=None, limit=None, processes=(), authority=None,
    wrapper=(),
):  # fmt: skip
    """
    - rate: requests a second, at random moments; otherwise each connection asks again once it is answered.
    - limit: ends after so many answers.
    - processes: those that answer.
    """
    plan = {
        "ports": list(ports),
        "authority": authority,
        "connections": connections,
        "rate": rate,
        "warmup": warmup,
        "seconds": seconds,
        "limit": limit,
        "seed": next(SEEDS),
        "lists": {name: str(path) for name, path in lists.items() if any(request.names(name) for request in requests)},
        "requests": [dataclasses.asdict(request) for request in requests],
        "processes": list(processes),
    }
    done = subprocess.run(
        [*wrapper, PROGRAM], input=json.dumps(plan), capture_output=True, text=True, timeout=warmup + seconds + 60
    )
    if done.returncode != 0:
        raise RuntimeError(f"load ended with {done.returncode}: {done.stderr}")
    return sample(json.loads(done.stdout))


def sample(report):
    statuses = {}
    for kind in report["requests"]:
        for status, count in kind["statuses"].items():
            statuses[status] = statuses.get(status, 0) + count
    odd = {status: count for status, count in statuses.items() if not status.startswith("2")}
    if odd or report["broken"] or report["unanswered"]:
        raise RuntimeError(
            f"not everything was answered well: {statuses}, {report['broken']} broken, {report['unanswered']} unanswered"
        )
    answers = sum(kind["answers"] for kind in report["requests"])
    if not report["seconds"] or not answers:
        return Sample(rate=0)
    # Of several kinds of requests, the one that comes most often.
    latency = max(report["requests"], key=lambda kind: kind["answers"])["latency"]
    return Sample(
        rate=answers / report["seconds"],
        cpu=sum(report["processorSeconds"]) / answers * 1e6,
        p50=latency["p50"] / 1e3,
        p99=latency["p99"] / 1e3,
        p999=latency["p999"] / 1e3,
        own=report["ownProcessorSeconds"] / answers * 1e6,
    )
