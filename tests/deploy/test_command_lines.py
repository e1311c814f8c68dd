"""What the documentation and the files to deploy tell people to type is what the program understands."""
import subprocess
from pathlib import Path

import pytest

from support.command_lines import command_lines, language, words_of
from support.program import ROOT, binary

LEFT_OUT = {"docs/reference.md", "docs/coming-from-flyway.md"}  # they name what there is not
PLACES = ["README.md", "HACKING.md", "docs", "deploy", "examples"]
KINDS = {".md", ".yaml", ".yml", ".sh", ".json", ".tf"}


def files():
    all_of_it = [f for place in PLACES for f in ([ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*")))]
    return [f for f in all_of_it if f.suffix in KINDS and str(f.relative_to(ROOT)) not in LEFT_OUT]


@pytest.mark.parametrize("path", [f for f in files() if any(True for _ in command_lines(f))], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_line_is_understood(path):
    wrong = ["%s:%d: %s" % (path.relative_to(ROOT), line, each)
             for line, _, words in command_lines(path) for each in language().mistakes(words)]
    assert wrong == []


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_variable_set_before_a_command_is_read(path):
    from support.command_lines import FOREIGN
    assert [name for _, names, _ in command_lines(path) for name in names
            if name not in language().variables and not FOREIGN.match(name)
            and not name.startswith(("FLYWAY_", "DUNLIN_"))] == []


@pytest.mark.parametrize("line, wrong", [
    ("dunlin -url=jdbc:sqlite:a.db --out-of-order migrate", []),
    ("dunlin run develop", []),
    ("dunlin run develop master", ["no command master"]),
    ("dunlin migrat", ["no command migrat"]),
    ("dunlin -outOfOrdr=true migrate", ["no option -outOfOrdr=true"]),
    ("dunlin --into README.md docs", []),
    ("dunlin --into=README.md docs", ["--into=README.md: the value is a word of its own"]),
    ("dunlin -placeholders.A=1 migrate", []),
    ("dunlin -url migrate", ["no option -url"]),
    ("dunlin [options] [command ...]", []),
])
def test_mistakes_are_found(line, wrong):
    assert language().mistakes(words_of(line)[1:]) == wrong


def test_calls_are_found_wherever_they_stand(tmp_path):
    (tmp_path / "a.md").write_text("Say `dunlin info`, or\n\n    A=1 dunlin migrate \\\n      -X > log && dunlin docs\n\ndunlin reads it.\n")
    assert [(line, names, words) for line, names, words in command_lines(tmp_path / "a.md")] == [
        (1, [], ["info"]), (3, ["A"], ["migrate", "-X"]), (3, [], ["docs"])]
    (tmp_path / "a.yaml").write_text("# dunlin, as a job\njobs:\n  - run: dunlin migrate\n  - run: |\n      dunlin info --url ${{ inputs.url }}\n")
    assert [words for _, _, words in command_lines(tmp_path / "a.yaml")] == [["migrate"], ["info", "--url", "X"]]


def test_the_program_knows_every_command_of_the_reference():
    for command in sorted(language().commands):
        said = subprocess.run([binary(), "help", *command.split()], capture_output=True, text=True, cwd=Path("/"))
        assert said.returncode == 0, command + said.stdout + said.stderr
