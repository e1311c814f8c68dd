"""Runs each folder beside this file: see README.md."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.postgresql import ADMIN, ADMIN_PASSWORD
from support.program import binary

HERE = Path(__file__).parent
SCENARIOS = sorted(path.parent for path in HERE.glob("*/commands"))


def needs_server(folder):
    return (folder / "postgresql").exists()


@pytest.mark.parametrize("folder", [
    pytest.param(f, id=f.name, marks=[pytest.mark.server] if needs_server(f) else []) for f in SCENARIOS])
def test_scenario(folder, request, tmp_path):
    place = tmp_path / "here"
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("commands", "expected", "postgresql"))
    variables = {"URL": "jdbc:sqlite:test.db"}
    if needs_server(folder):
        server = request.getfixturevalue("postgresql")
        server.run("DROP DATABASE IF EXISTS scenario WITH (FORCE)")
        server.run("CREATE DATABASE scenario")
        variables = {"URL": "jdbc:postgresql://localhost:%d/scenario" % server.port, "FLYWAY_USER": ADMIN,
                     "FLYWAY_PASSWORD": ADMIN_PASSWORD, "PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(server.authority)}
    seen = session((folder / "commands").read_text(), place, tmp_path, variables)
    if request.config.getoption("--update-golden"):
        (folder / "expected").write_text(seen)
    assert seen == (folder / "expected").read_text()


def session(commands, place, outside, variables):
    """The commands, each with what it printed."""
    programs = outside / "bin"
    programs.mkdir()
    (programs / "dunlin").symlink_to(Path(binary()).resolve())
    (outside / "home").mkdir()
    environment = {"PATH": "%s:%s" % (programs, os.environ["PATH"]), "HOME": str(outside / "home"), "LC_ALL": "C.UTF-8",
                   "TZ": "UTC", **variables}
    text = ""
    for command in re.findall(r"(?:.*\\\n)*.+", commands):
        run = subprocess.run(["sh", "-c", command], cwd=place, env=environment, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        text += "$ %s\n%s" % (command, run.stdout.decode(errors="replace"))
        if text[-1] != "\n":
            text += "\n"
        text += "[exit %d]\n" % run.returncode if run.returncode else ""
    return alike(text, place)


def alike(text, place):
    text = text.replace(str(place), "<DIR>")
    text = re.sub(r"localhost:\d{4,5}", "localhost:<PORT>", text)
    text = re.sub(r"\((PostgreSQL|SQLite) [\d.]+\)", r"(\1 <VERSION>)", text)
    text = re.sub(r"execution time \d\d:\d\d\.\d{3}s", "execution time <TIME>", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+", "yyyy-mm-ddThh:mm:ss", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", "yyyy-mm-dd hh:mm:ss", text)
    return re.sub(r'("(?:executionTime|totalMigrationTime)": )\d+', r"\g<1>0", text)
