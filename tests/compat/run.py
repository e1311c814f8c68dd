#!/usr/bin/env python3
"""Holds dunlin against the recorded behaviour of the real Flyway, on a PostgreSQL of its own.

    compat/run.py                the cases of passing.txt; one that fails is a failure
    compat/run.py --all          every case; says which could be added to passing.txt
    compat/run.py --all --write  and writes passing.txt anew: never with a case less
    compat/run.py CASE...        those whose id or tags hold one of the words, every difference shown

$DUNLIN names the program (default build/dev/dunlin). --junit FILE writes the results there.
"""
import argparse
import concurrent.futures
import os
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from support.postgresql import ADMIN_PASSWORD, PostgreSQL  # noqa: E402
from support.program import binary  # noqa: E402

PASSING = HERE / "passing.txt"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="CASE")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--junit")
    parser.add_argument("-j", type=int, default=3)
    return parser.parse_args()


def run_cases(cases, jobs, show):
    """Case id -> (differences, seconds), in the order of the cases."""
    import run_oracle  # reads PGHOST and the like when it is imported
    options = SimpleNamespace(keep=False, variant=None, exact=False, strict=False, no_text=False)

    def one(case):
        begin = time.monotonic()
        return run_oracle.run(case, [binary()], options), time.monotonic() - begin
    results = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for case, (differences, seconds) in zip(cases, pool.map(one, cases)):
            results[case["id"]] = differences, seconds
            if differences and show:
                print("FAIL %s (%s)" % (case["id"], case["description"]))
                for difference in differences if show == "all" else differences[:6]:
                    print("     " + difference)
                sys.stdout.flush()
    return results


def write_junit(path, results):
    suite = ET.Element("testsuite", name="compat", tests=str(len(results)))
    for case, (differences, seconds) in results.items():
        entry = ET.SubElement(suite, "testcase", classname="compat", name=case, time="%.3f" % seconds)
        if differences:
            ET.SubElement(entry, "failure", message=differences[0])
    ET.ElementTree(suite).write(path)


def load():
    import run_oracle
    cases = run_oracle.load([str(HERE)]) + run_oracle.checksum_cases([str(HERE)])
    for case in cases:
        case.setdefault("deliberate", {})
    return [case for case in cases if "skip" not in case["deliberate"]]


def main():
    wanted = arguments()
    passing = [line for line in PASSING.read_text().splitlines() if line and not line.startswith("#")]
    with tempfile.TemporaryDirectory(prefix="dunlin-compat-", dir="/tmp") as name:
        folder = Path(name) / "server"
        folder.mkdir()
        folder.parent.chmod(0o755)
        folder.chmod(0o755)
        # As when the cases were recorded: a superuser of this name, and TLS is not asked for.
        with PostgreSQL(folder, admin="root", connections="host") as server:
            os.environ.update(PGHOST="127.0.0.1", PGPORT=str(server.port), PGUSER=server.admin, PGPASSWORD=ADMIN_PASSWORD)
            cases = load()
            unknown = set(passing) - {case["id"] for case in cases}
            if unknown:
                sys.exit("passing.txt names cases that are not there: " + ", ".join(sorted(unknown)))
            if wanted.words:
                cases = [c for c in cases if any(w in c["id"] or w in c.get("tags", []) for w in wanted.words)]
            elif not wanted.all:
                cases = [c for c in cases if c["id"] in passing]
            results = run_cases(cases, wanted.j, "all" if wanted.words else "some")
    failed = [case for case, (differences, _) in results.items() if differences]
    news = [case for case in results if case not in failed and case not in passing]
    lost = [case for case in failed if case in passing]
    if wanted.junit:
        write_junit(wanted.junit, results)
    if wanted.write:
        head = "".join(line + "\n" for line in PASSING.read_text().splitlines() if line.startswith("#"))
        PASSING.write_text(head + "".join(case + "\n" for case in sorted({*passing, *news})))
    elif news:
        print("not yet in passing.txt: " + " ".join(news))
    print("%d passed, %d failed" % (len(results) - len(failed), len(failed)))
    return 1 if (failed if wanted.words or not wanted.all else lost) else 0


if __name__ == "__main__":
    sys.exit(main())
