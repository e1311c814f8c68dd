#!/usr/bin/env python3
"""Holds dunlin against the bars of its own: round trips, CPU, memory, and wall beside psql.

    bars.py [--rounds 7] [-o FILE.json]

Prints a Markdown table and writes it and a JSON beside -o; ends with 1 if a bar is missed. Counts
are exact, ratios are of the minimum of interleaved rounds in one run, CPU and memory the smallest
and the largest of the rounds. The database is `script/bench`'s own (pg_own.sh), TLS off.
"""
import argparse
import dataclasses
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import job_bench

MIB = 1024  # KiB


@dataclasses.dataclass
class Bar:
    """One row: what was measured, the bar it must not pass, and the two as people read them."""

    what: str
    measured: float
    bar: float
    unit: str

    @property
    def holds(self):
        return self.measured <= self.bar

    def row(self):
        number = "{:.0f}" if self.unit == "" else "{:.2f}" if self.unit == "×" else "{:.1f}"
        shown = [number.format(v) + (f" {self.unit}" if self.unit else "") for v in (self.measured, self.bar)]
        return f"| {self.what} | {shown[0]} | ≤ {shown[1]} | {'yes' if self.holds else '**no**'} |"


def measured(words, folder=None, environment=None):
    """What meas says of one command, without a shell around it, which would cost a millisecond or two."""
    with tempfile.TemporaryDirectory() as scratch:
        figures, log = Path(scratch) / "figures", Path(scratch) / "log"
        with log.open("wb") as output:
            subprocess.run([job_bench.BENCH.parent / "build/bench/meas", "-o", figures, "--", *words], cwd=folder,
                           env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=output,
                           stderr=output)
        found = json.loads(figures.read_text())
        if found["rc"]:
            sys.exit(f"bars: {words[0]} ended with {found['rc']}: {log.read_text(errors='replace')[-600:]}")
        return found


class Workload:
    """N generated migrations in a folder, and the databases they go to."""

    def __init__(self, folder, n, tools, paths):
        self.n, self.tools, self.paths, self.folder = n, tools, paths, Path(folder) / str(n)
        generate = [sys.executable, str(job_bench.BENCH / "gen.py"), "-n", str(n), "-o", str(self.folder)]
        subprocess.run([*generate, "--formats", "flyway,psql"], check=True)

    def run(self, tool, noop=False, port=None, user=None):
        """One run in the tool's database, which stays as it is; its figures as meas gives them."""
        spec, user = self.tools[tool], user or job_bench.PG["user"]
        folder = str(self.folder / spec["format"])
        fill = job_bench.substituter(self.paths, self.n, folder, self.database(tool), port or job_bench.PG["port"])
        [command] = spec.get("noop", spec["job"]) if noop else spec["job"]
        words = [fill(word.replace("{user}", user)) for word in shlex.split(command)]
        return measured(words, folder, {name: fill(value) for name, value in spec.get("env", {}).items()})

    def fresh(self, tool):
        job_bench.fresh(self.database(tool))

    @staticmethod
    def database(tool):
        return "bars_" + tool.replace("-", "_")


def cpu(figures):
    return 1000 * (figures["user_s"] + figures["sys_s"])


def peak(figures):
    """KiB: the kernel's own figure for the process, which sees what a sample misses, or the sampled one of the tree."""
    return max(figures["maxrss_kb"], figures["tree_rss_kb"])


def walls(work, rounds, rtt):
    """The smallest wall of dunlin over the smallest of psql with a transaction each."""
    seen = {"dunlin": [], "psql-per-tx": []}
    proxy = job_bench.Proxy(rtt) if rtt else None
    try:
        for _ in range(rounds):
            for tool, found in seen.items():
                work.fresh(tool)
                found.append(work.run(tool, port=proxy.port if proxy else None)["wall_s"])
    finally:
        if proxy:
            proxy.close()
    return min(seen["dunlin"]) / min(seen["psql-per-tx"])


def round_trips(work):
    """Of info, migrate and info on a new database, after authentication."""
    proxy = job_bench.Proxy(0)
    try:
        work.fresh("dunlin")
        proxy.reset()
        work.run("dunlin", port=proxy.port)
        return proxy.read()["waits"]
    finally:
        proxy.close()


def nothing_to_do(work, rounds, user=None):
    work.fresh("dunlin")
    work.run("dunlin", user=user)
    found = [work.run("dunlin", noop=True, user=user) for _ in range(rounds)]
    return min(map(cpu, found)), max(map(peak, found)) / MIB


def pending(work):
    work.fresh("dunlin")
    figures = work.run("dunlin")
    return cpu(figures), peak(figures) / MIB


def version(binary, rounds):
    found = [measured([binary, "version"]) for _ in range(rounds)]
    return min(map(cpu, found)), max(map(peak, found)) / MIB


def measure(folder, rounds, tools, paths):
    work = {n: Workload(folder, n, tools, paths) for n in (10, 100, 1000, 5000, 10000)}
    for n in (10, 100, 1000):
        yield Bar(f"round trips, {n} pending, after authentication", round_trips(work[n]), 8, "")
    yield Bar("wall, 1,000 pending, loopback, to psql with a transaction each", walls(work[1000], rounds, 0), 0.85, "×")
    yield Bar("wall, 100 pending, 20 ms, to psql with a transaction each", walls(work[100], 3, 20), 0.08, "×")
    for user, bar, how in (("root", 8, "SCRAM"), ("trusted", 3.5, "trust")):
        milliseconds, memory = nothing_to_do(work[100], rounds, user)
        yield Bar(f"CPU, nothing to do, 100 scripts, {how}", milliseconds, bar, "ms")
        yield Bar(f"peak memory, nothing to do, 100 scripts, {how}", memory, 10, "MiB")
    milliseconds, memory = nothing_to_do(work[5000], rounds)
    yield Bar("CPU, nothing to do, 5,000 scripts", milliseconds, 80, "ms")
    yield Bar("peak memory, nothing to do, 5,000 scripts", memory, 32, "MiB")
    yield Bar("CPU, 1,000 pending", min(pending(work[1000])[0] for _ in range(3)), 100, "ms")
    memory = pending(work[5000])[1]
    yield Bar("peak memory, 5,000 pending", memory, 48, "MiB")
    yield Bar("peak memory, 10,000 pending", pending(work[10000])[1], 48, "MiB")
    milliseconds, memory = version(paths["dunlin"], rounds)
    yield Bar("CPU of dunlin version", milliseconds, 5, "ms")
    yield Bar("peak memory of dunlin version", memory, 8, "MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("-o", "--output", default=str(job_bench.BENCH.parent / "build/bench/results/bars.json"))
    arguments = parser.parse_args()
    subprocess.run(["make", "-s", "-C", str(job_bench.BENCH / "src")], check=True)
    config = json.loads((job_bench.BENCH / "tools.json").read_text())
    paths = {name: job_bench.lookup(spec) for name, spec in config["paths"].items()}
    lines = ["| measure | measured | bar | holds |", "| --- | --- | --- | --- |"]
    print("\n".join(lines), flush=True)
    bars = []
    with tempfile.TemporaryDirectory() as folder:
        for bar in measure(folder, arguments.rounds, config["tools"], paths):
            bars.append(bar)
            lines.append(bar.row())
            print(lines[-1], flush=True)
    output = Path(arguments.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": job_bench.machine(), "load": os.getloadavg(), "bars": [dataclasses.asdict(bar) for bar in bars]}
    output.write_text(json.dumps(found, indent=1) + "\n")
    output.with_suffix(".md").write_text("\n".join(lines) + "\n")
    sys.exit(any(not bar.holds for bar in bars))


if __name__ == "__main__":
    main()
