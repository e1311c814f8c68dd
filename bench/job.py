#!/usr/bin/env python3
"""What `dunlin run develop` costs: wall time, CPU and memory of the whole job, on loopback.

    bench/job.py [--rounds N]     $DUNLIN names the program, build/release/dunlin unless set

PostgreSQL (verify-full, SCRAM, fsync on), sshd and Secrets Manager (moto) are real servers of this machine, the
deploy key is RSA-4096.  The database is made anew for each round; then the same branch is run again, with nothing to do.
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


def measured(job):
    """(wall s, CPU s) of one run; the run has to succeed."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    said = job("develop")
    if said.code:
        sys.exit("the job failed\n%s" % said)
    return said.seconds, used() - before


def show(name, runs):
    for what, unit, column in (("wall", "s", 0), ("CPU", "s", 1)):
        values = [run[column] for run in runs]
        print("%-11s %-5s median %.3f %s   min %.3f   max %.3f   (%d runs)" % (
            name, what, statistics.median(values), unit, min(values), max(values), len(values)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
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
    show("first run", first)
    show("nothing new", again)


if __name__ == "__main__":
    main()
