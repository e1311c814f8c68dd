"""One tool begins, the other goes on, the first finds nothing to complain of and nothing to do.

Beside it Flyway does the same alone on the twin database: history and schema must be the same in the end.
"""
import shutil
from dataclasses import dataclass, field

import pytest

from play import document, place_of_history

pytestmark = pytest.mark.server
BOTH, POSTGRESQL = ("sqlite", "postgresql"), ("postgresql",)
DONE = {"Success", "Baseline", "Out of Order", "Deleted", "Superseded", "Ignored (Baseline)", "Below Baseline", "Available"}


@dataclass
class Half:
    """What changes in the folder and the database, and then the command lines of one tool."""
    runs: list  # of lists of arguments
    write: dict = field(default_factory=dict)  # name -> text
    delete: list = field(default_factory=list)
    sql: str = ""


@dataclass
class Story:
    why: str
    first: Half
    second: Half
    common: list = field(default_factory=list)
    databases: tuple = BOTH


TABLES = {"V1__customers.sql": "create table customers (id int, name text);\n",
          "V1.1__orders.sql": "\ufeffcreate table orders (id int);\r\ninsert into orders values (1);\r\n"}
MORE = {"V2__\u00e4nderung.sql": "create table more (s text);\ninsert into more values ('${x};\u20ac');\n",
        "V10__last.sql": "-- last\ncreate index by_id on orders (id);"}
VIEW = "drop view if exists totals;\ncreate view totals as select count(*) as %s from orders;\n"
STORIES = [
    Story("versioned scripts", Half([["migrate"]], TABLES), Half([["migrate"]], MORE)),
    Story("a repeatable script that changes", Half([["migrate"]], {**TABLES, "R__totals.sql": VIEW % "n"}),
          Half([["migrate"]], {"R__totals.sql": VIEW % "how_many", "R__other.sql": "select 1;"})),
    Story("callbacks, and all in one transaction", Half([["migrate"]], {**TABLES, "afterMigrate.sql": "update orders set id = 2;"}),
          Half([["migrate"]], MORE), common=["-group=true"]),
    Story("a baseline", Half([["baseline"]], {**TABLES, **MORE}, sql="create table orders (id int);\n"), Half([["migrate"]]),
          common=["-baselineVersion=1.1", "-baselineDescription=what was there"]),
    Story("a baseline while migrating", Half([["migrate"]], TABLES, sql="create table customers (id int);\n"), Half([["migrate"]], MORE),
          common=["-baselineOnMigrate=true", "-baselineVersion=1"]),
    Story("out of order", Half([["migrate"]], {**TABLES, **MORE}), Half([["migrate"]], {"V1.5__late.sql": "select 1;"}),
          common=["-outOfOrder=true"]),
    Story("an edited file, a deleted one, repair", Half([["migrate"]], {**TABLES, **MORE}),
          Half([["repair"], ["migrate"]], {"V1__customers.sql": "-- edited\n", "V11__x.sql": "select 1;"}, ["V2__\u00e4nderung.sql"])),
    Story("a script that failed", Half([["migrate"]], {**TABLES, "V3__bad.sql": "create table bad (i int);\ninsert into nowhere values (1);"}),
          Half([["repair"], ["migrate"]], {"V3__bad.sql": "create table good (i int);"})),
    Story("one that failed without a transaction", Half([["migrate"]], {**TABLES, "V3__bad.sql": "vacuum;\nvacuum nowhere;"}),
          Half([["repair"], ["migrate"]], {"V3__bad.sql": "vacuum;"}), databases=POSTGRESQL),
    Story("a table of another name", Half([["migrate"]], TABLES), Half([["migrate"]], MORE), common=["-table=The History"]),
    Story("schemas that the tool makes", Half([["migrate"]], TABLES), Half([["migrate"]], MORE),
          common=["-schemas=one,Two", "-defaultSchema=Two"], databases=POSTGRESQL),
    Story("schemas that the other tool cleans", Half([["migrate"]], TABLES), Half([["clean"], ["migrate"]], MORE),
          common=["-schemas=one,Two"], databases=POSTGRESQL),
    Story("a schema more", Half([["-schemas=one", "migrate"]], TABLES), Half([["migrate"]], MORE), common=["-schemas=one,two"],
          databases=POSTGRESQL),
]


@pytest.mark.parametrize("direction", ("Flyway begins", "dunlin begins"))
@pytest.mark.parametrize("database, story", [pytest.param(database, story, id="%s-%s" % (database, story.why))
                                             for story in STORIES for database in story.databases])
def test_either_tool_goes_on_where_the_other_stopped(both, database, story, direction):
    pair = both[database]
    flyway, dunlin = pair.tools
    first, second = (flyway, dunlin) if direction == "Flyway begins" else (dunlin, flyway)
    twin, other = pair.twins
    empty(pair)
    for half, tool in ((story.first, first), (story.second, second)):
        change(pair, half)
        for run in half.runs:
            crossed, alone = told(pair, tool, twin, story, run), told(pair, flyway, other, story, run)
            assert bool(crossed.code) == bool(alone.code), "%s\n%s\n%s" % (run, crossed, alone)
    schema_and_rows = seen(twin, story)
    assert schema_and_rows == seen(other, story)
    for tool in (first, second):
        finds_all_done(pair, tool, twin, story)
    assert seen(twin, story) == schema_and_rows


def empty(pair):
    shutil.rmtree(pair.folder / "sql", ignore_errors=True)
    (pair.folder / "sql").mkdir()
    for twin in pair.twins:
        twin.fresh()


def change(pair, half):
    for name in half.delete:
        (pair.folder / "sql" / name).unlink()
    for name, text in half.write.items():
        (pair.folder / "sql" / name).write_bytes(text.encode())
    for twin in pair.twins:
        if half.sql:
            twin.run(half.sql)


def told(pair, tool, twin, story, run):
    common = ["-locations=filesystem:%s/sql" % pair.folder, "-placeholders.x=one", "-cleanDisabled=false", *story.common]
    if story.databases is POSTGRESQL or "postgresql" in twin.arguments[0]:
        common.append("-postgresql.transactional.lock=false")
    names = {argument.split("=")[0] for argument in run}
    return tool(*[a for a in common if a.split("=")[0] not in names], *twin.arguments, *run)


def seen(twin, story):
    table, schema = place_of_history(story.common)
    return twin.history(schema, table), twin.dump(table)


def finds_all_done(pair, tool, twin, story):
    validated = told(pair, tool, twin, story, ["validate"])
    assert validated.code == 0, validated
    states = {row["state"] for row in document(told(pair, tool, twin, story, ["-outputType=json", "info"]).out)["migrations"]}
    assert states <= DONE
    migrated = told(pair, tool, twin, story, ["migrate"])
    assert migrated.code == 0 and "No migration necessary" in migrated.out, migrated
