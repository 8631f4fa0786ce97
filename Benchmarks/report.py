"""Numbers as people read them."""
import dataclasses
import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

from asking import Sample
from lines import Value
from loads import LOADS

ROOT = pathlib.Path(__file__).resolve().parent.parent


def progress(text):
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)


def median(samples):
    """Of each figure for itself."""
    figures = {}
    for field in dataclasses.fields(Sample):
        known = [value for sample in samples if (value := getattr(sample, field.name)) is not None]
        figures[field.name] = statistics.median(known) if known else None
    return Sample(**figures)


def value_of(line, rounds, failures):
    """A line's value from the samples of each round; an exception where it has none."""
    values = [line.measure(*(samples[name] for name in line.needs)) for samples in rounds if set(line.needs) <= set(samples)]
    if values:
        return Value.of(values)
    return RuntimeError("; ".join(failures[name] for name in line.needs if name in failures) or "no round was finished")


def outcome(line, value):
    if value is None:
        return "not measured"
    if isinstance(value, Exception):
        return f"failed: {str(value).splitlines()[0][:80]}"
    if not line.holds(value.median, line.must):
        return f"MISSED by {missed(value.median, line.must)}"
    if line.holds(value.median, line.aim):
        return "pass, aim reached"
    return "pass"


def missed(value, bound):
    return f"{abs(value - bound) / bound * 100:.0f} %"


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def bound(line, value):
    return f"{'≤' if line.less else '≥'} {number(value)}"


def table(lines, values):
    """The lines, as Markdown."""
    rows = ["| # | ratio | measured | least–greatest | must | aim | |", "|---|---|---|---|---|---|---|"]
    for line in lines:
        value = values.get(line.text)
        known = isinstance(value, Value)
        text = f"{line.text} ({value.note})" if known and value.note else line.text
        spread = f"{number(value.least)}–{number(value.greatest)}" if known else "–"
        cells = [line.number, text, number(value.median) if known else "–", spread]
        cells += [bound(line, line.must), bound(line, line.aim), outcome(line, value)]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def loads(bench):
    """What was measured, as Markdown: medians of all rounds."""
    rows = ["| load | a second | least–greatest | CPU µs | p50 µs | p99 µs | p99.9 µs | fdatasync µs | rounds |"]
    rows.append("|" + "---|" * 9)
    for name in LOADS:
        if name in bench.failures:
            rows.append(f"| {name} | failed: {bench.failures[name].splitlines()[0][:80]} |" + " |" * 7)
        elif samples := bench.samples.get(name):
            middle, rates = median(samples), [sample.rate for sample in samples]
            cells = [name, number(middle.rate), f"{number(min(rates))}–{number(max(rates))}"]
            cells += [number(figure) for figure in (middle.cpu, middle.p50, middle.p99, middle.p999, middle.fdatasync)]
            rows.append("| " + " | ".join([*cells, str(len(samples))]) + " |")
    return "\n".join(rows)


def facts(bench, begin):
    """The machine, and what the server needs of its memory."""
    cpu = next(
        (line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    lines = [
        f"{os.cpu_count()} × {cpu}, {platform.system()} {platform.release()}, commit {commit or 'unknown'}, "
        f"{datetime.date.today()}, {(time.monotonic() - begin) / 60:.0f} minutes",
        f"load average {' '.join(f'{load:.1f}' for load in os.getloadavg())}; others on the machine make every number worse, ratios least",
    ]
    if "shop" in vars(bench):
        idle, loaded = bench.memory_idle, bench.shop.memory()
        lines.append(
            f"memory of the server: idle {idle[0] // 1024} MB resident, {idle[1] // 1024} MB of them anonymous; "
            f"after all this {loaded[0] // 1024} and {loaded[1] // 1024} MB"
        )
    return "\n".join(lines)


def record(lines, values, bench):
    """Everything, for programs."""
    return {
        "lines": [
            {"number": line.number, "text": line.text, "must": line.must, "aim": line.aim, "outcome": outcome(line, value)}
            | (dataclasses.asdict(value) if isinstance(value, Value) else {})
            for line in lines
            for value in [values.get(line.text)]
        ],
        "loads": {name: [dataclasses.asdict(sample) for sample in samples] for name, samples in bench.samples.items()},
    }


def verdict(lines, values):
    """0 if everything that was to be measured was, and holds."""
    bad = [line for line in lines if isinstance(values.get(line.text), Exception)]
    bad += [
        line
        for line in lines
        if isinstance(value := values.get(line.text), Value) and not line.holds(value.median, line.must)
    ]
    return 1 if bad else 0
