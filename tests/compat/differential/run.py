#!/usr/bin/env python3
"""Runs random sequences of commands with dunlin and the real Flyway 11.14.1 and compares after each step.

    script/differential N                     N sequences on SQLite and N on PostgreSQL
    script/differential 1 --seed 7 --database sqlite   the seventh again
    script/differential 1 --seed 7 --database sqlite --shrink   and what is left of it when all is left out that can be

$DUNLIN names the program (default build/dev/dunlin). The real Flyway: see ../flyway/README.md.
"""
import argparse
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]
from play import Pair, shrunk  # noqa: E402
from sequence import DATABASES, generate  # noqa: E402
from support.flyway import Flyway, what_is_missing  # noqa: E402
from support.postgresql import PostgreSQL  # noqa: E402
from support.program import Program  # noqa: E402
from twins import Postgresql, Sqlite  # noqa: E402


@contextmanager
def pairs(databases):
    """Database -> a Pair, for as long as it is open: one Java process, and one server if it is needed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dunlin-differential-", dir="/tmp")))
        folder.chmod(0o755)
        for name in ("work", "home", "server"):
            (folder / name).mkdir()
        flyway, dunlin = stack.enter_context(Flyway(folder / "home")), Program(folder / "home")
        twins = {}
        if "sqlite" in databases:
            twins["sqlite"] = [Sqlite(folder, name) for name in ("by_flyway", "by_dunlin")]
        if "postgresql" in databases:
            server = stack.enter_context(PostgreSQL(folder / "server", admin="root", connections="host"))
            twins["postgresql"] = [Postgresql(server, name) for name in ("by_flyway", "by_dunlin")]
            for twin in twins["postgresql"]:
                stack.callback(twin.close)
        yield {name: Pair(folder / "work", flyway, dunlin, both) for name, both in twins.items()}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="of the first sequence; the next has the next number")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--shrink", action="store_true")
    return parser.parse_args()


def main():
    wanted = arguments()
    missing = what_is_missing()
    if missing:
        sys.exit(missing)
    databases = wanted.database or DATABASES
    played = steps = 0
    failed = []
    begin = time.monotonic()
    with pairs(databases) as all_pairs:
        for seed in range(wanted.seed, wanted.seed + wanted.count):
            for database in databases:
                sequence = generate(seed, database)
                differences, last = all_pairs[database].play(sequence)
                played, steps = played + 1, steps + (len(sequence.steps) if last is None else last + 1)
                if differences:
                    failed.append((seed, database))
                    tell(all_pairs[database], sequence, differences, last, wanted.shrink)
        cut_short = sum(pair.cut_short for pair in all_pairs.values())
    for seed, database in failed:
        print("again: script/differential 1 --seed %d --database %s --shrink" % (seed, database))
    print("%d sequences of %d steps in %.0f s, %d differ, %d end at a difference on purpose"
          % (played, steps, time.monotonic() - begin, len(failed), cut_short))
    return 1 if failed else 0


def tell(pair, sequence, differences, last, shrink):
    if shrink:
        sequence = shrunk(pair, sequence)
        differences, last = pair.play(sequence)
    print("DIFFERENT after step %d of\n%s" % (last + 1, sequence))
    for difference in differences:
        print("    " + difference)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
