"""A search_path in which no schema exists yet: currentSchema of the url, or a setting of the role."""
import pytest

from support.postgresql import ADMIN
from support.project import DATABASE

pytestmark = pytest.mark.server


@pytest.fixture
def one(project):
    return project({"V1__a.sql": "CREATE TABLE a (i int);"})


def tables(one):
    return one.rows("SELECT schemaname, tablename FROM pg_tables WHERE tablename = 'a' OR tablename LIKE 'flyway%' ORDER BY 2")


@pytest.mark.parametrize("path, schema", [("app", "app"), ("APP", "app"), ('"App"', "App"), ("'a\"b'", 'a"b')])
def test_the_one_schema_that_it_names_is_made(one, path, schema):
    """As Flyway 11 does it for a plain name; a quoted one it takes with its quotes."""
    one.server.run("ALTER ROLE %s IN DATABASE %s SET search_path = %s" % (ADMIN, DATABASE, path))
    said = one.dunlin("info", "migrate", "migrate")
    assert tables(one) == [(schema, "a"), (schema, "flyway_schema_history")], said


def test_it_may_stand_in_the_url(one):
    said = one.program("migrate", "-url=%s&currentSchema=app" % one.url(), "-locations=filesystem:sql")
    assert said.code == 0 and tables(one) == [("app", "a"), ("app", "flyway_schema_history")], said


@pytest.mark.parametrize("path", ["app, other", "''", '"$user"'])
def test_which_of_several_is_for_the_user_to_say(one, path):
    one.server.run("ALTER ROLE %s IN DATABASE %s SET search_path = %s" % (ADMIN, DATABASE, path))
    said = one.dunlin("migrate", code=2)
    assert "no schema of the search_path exists" in said.err and "defaultSchema" in said.err, said
    assert tables(one) == []
    said = one.dunlin("migrate", "-defaultSchema=app")
    assert tables(one) == [("app", "a"), ("app", "flyway_schema_history")], said
