#!/usr/bin/env python3
"""What `dunlin run develop` costs: wall time and CPU of the whole job on loopback, beside the two bars it has to pass.

    bench/job.py [--rounds N]     $DUNLIN names the program, build/release/dunlin unless set

PostgreSQL (verify-full, SCRAM, fsync on), sshd and Secrets Manager (moto) are real servers of this machine, the
deploy key is RSA-4096.  The database is made anew for each round; then the same branch is run again, with nothing to do.
The exit code is 1 when a median misses its bar.
"""
import argparse
import logging
import os
import resource
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from support.aws import SecretsManager  # noqa: E402
from support.job import DEPLOY_KEY, Job  # noqa: E402
from support.postgresql import PostgreSQL  # noqa: E402
from support.sshd import Sshd, make_key  # noqa: E402


# What the median of a first run may take, in ms.
BARS = {"wall": 1000, "CPU": 150}


def measured(job):
    """{"wall": ms, "CPU": ms} of one run, user and system together; the run has to succeed."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    said = job("develop")
    if said.code:
        sys.exit("the job failed\n%s" % said)
    return {"wall": said.seconds * 1000, "CPU": (used() - before) * 1000}


def show(name, runs):
    """Prints both figures; whether their medians pass the bars."""
    passed = True
    for what, bar in BARS.items():
        values = [run[what] for run in runs]
        median = statistics.median(values)
        passed = passed and median <= bar
        print("%-12s %-4s %7.1f %7.1f %7.1f ms   bar %4d ms: %s" % (
            name, what, min(values), median, max(values), bar, "passed" if median <= bar else "MISSED"))
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error("--rounds is 1 at least")
    os.environ.setdefault("DUNLIN", str(ROOT / "build/release/dunlin"))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="dunlin-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("postgresql", "sshd", "job"):
            (folder / part).mkdir()
        with PostgreSQL(folder / "postgresql", fsync="on") as server, Sshd(folder / "sshd") as sshd, SecretsManager() as aws:
            keys = {kind: make_key(folder / kind, kind, *options)
                    for kind, options in (("rsa", ["-m", "PEM", "-b", "4096"]), ("ed25519", []))}
            sshd.trust(folder / "rsa.pub")
            job = Job(server, sshd, aws, keys, folder / "job")
            aws.put(DEPLOY_KEY, keys["rsa"])
            first, again = [], []
            for _ in range(rounds):
                job.fresh_database()
                first.append(measured(job))
                again.append(measured(job))
    print("%d rounds" % rounds + " " * 10 + "min  median     max")
    passed = [show("first run", first), show("nothing new", again)]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
