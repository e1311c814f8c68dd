"""Plays a sequence with dunlin and the real Flyway on twin databases, and says after which step they differ."""
import json
import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import run_oracle

# dunlin reads all scripts before it changes anything, Flyway while it does: what is wrong with their names or bytes
# leaves dunlin's database as it was, so after such an error the two need not be alike.
BEFORE_ANYTHING = re.compile("Found more than (one|1) |Unable to calculate checksum|Invalid SQL filenames found|No value provided")
OPEN = re.compile("that never ends begins")  # found by dunlin before it sends anything, and told in its own words
AROUND = re.compile("^ERROR: Failed to execute operation in non-transactional context")  # and then the error itself
CONTRACT = SimpleNamespace(exact=False, strict=False, no_text=False)  # of ../CONTRACT.md


class Pair:
    """Both tools, each with its database. `folder` is theirs alone; `flyway` and `dunlin` are called with arguments."""

    def __init__(self, folder, flyway, dunlin, twins):
        self.folder, self.tools, self.twins = folder, (flyway, dunlin), twins
        self.cut_short = 0  # sequences that came to a difference on purpose: what follows it is not compared

    def play(self, sequence):
        """The differences after the first step that has any, with its index; ([], None) if there is none."""
        for name in ("sql", "more"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
        for twin in self.twins:
            twin.fresh()
        for index, step in enumerate(sequence.steps):
            self.change(step)
            if step.sql:
                for twin in self.twins:
                    twin.run(step.sql)
            if not step.run:
                continue
            flyway, dunlin = (self.seen(tool, twin, sequence, step) for tool, twin in zip(self.tools, self.twins))
            found = differences(flyway, dunlin)
            if found and is_deliberate(flyway, dunlin):
                self.cut_short += 1
                return [], None
            if found:
                return found, index
        return [], None

    def change(self, step):
        for path in step.delete:
            (self.folder / path).unlink(missing_ok=True)
        for path, content in step.write.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)

    def seen(self, tool, twin, sequence, step):
        """What a command did: in the form of the recorded cases, with `dump` and `info` besides."""
        common = [argument.replace("{DIR}", str(self.folder)) for argument in sequence.common] + twin.arguments
        said = tool(*without_repeated(common, step.run), *step.run)
        seen = {"exit_code": said.code, "text": said, "run": step.run}
        out, err = self.alike(said.out, twin), self.alike(said.err, twin)
        if "-outputType=json" in step.run:
            seen["json"] = document(out)
        else:
            seen["stdout"], seen["stderr"] = run_oracle.lines(out), run_oracle.lines(err)
        table, schema = place_of_history(sequence.common)
        seen["history"] = twin.history(schema, table)
        seen["info"] = document(self.alike(tool(*common, "-outputType=json", "info").out, twin))
        seen["dump"] = twin.dump(table)
        return seen

    def alike(self, text, twin):
        for name in twin.names:
            text = text.replace(name, "<DB>")
        text = text.replace(str(self.folder), "<DIR>").replace("\r\n", "\n")
        text = re.sub(r"\(SQLite [\d.]+\)", "(SQLite <V>)", text)
        text = re.sub(r"execution time \d\d:\d\d\.\d+s", "execution time <TIME>", text)
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?= *\|)", lambda m: "<TIME>".ljust(len(m[0])), text)
        text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "<TIME>", text)
        text = re.sub(r"https?://[^\s\"'\\]+", "<URL>", text)
        text = re.sub(r'("(?:executionTime|totalMigrationTime)"\s*:\s*)\d+', r"\1 0", text)
        # the settings table is as wide as its folder's name is long, which differs where dunlin runs
        text = re.sub(r"(?m)^\|-{20,}\|-+\|$", "|---|---|", text)
        text = re.sub(r"(?m)^\| (?:Setting|\w*[lL]ocations|workingDirectory|\w+Migration\w+) +\|.*\|$", lambda m: re.sub(" +", " ", m[0]), text)
        # files of one folder come in the folder's own order
        return re.sub(r"(?m)(?:^-> .* \(SQL\w*\)\n?){2,}", lambda m: "\n".join(sorted(m[0].split("\n"))), text)


def document(text):
    """The JSON that a command printed; text in its place."""
    start = text.find("{")
    try:
        whole = json.JSONDecoder().raw_decode(text, start)[0] if start >= 0 else None
    except ValueError:
        return text
    return without(whole, ("stackTrace", "flywayVersion"))


def without(value, keys):
    if isinstance(value, dict):
        return {k: without(v, keys) for k, v in value.items() if k not in keys}
    if isinstance(value, str):
        # Flyway hides a statement that writes data, dunlin what is secret in it; and sends the comment above it too
        return re.sub(r"(?s)\nStatement  : .*", "", re.sub(r"\n  Position: \d+", "", value))
    return [without(v, keys) for v in value] if isinstance(value, list) else value


def without_repeated(common, run):
    """An option may stand in a command line once."""
    names = {argument.split("=")[0] for argument in run}
    return [argument for argument in common if argument.split("=")[0] not in names]


def option(common, name, otherwise=None):
    return next((a.split("=", 1)[1] for a in common if a.startswith("-%s=" % name)), otherwise)


def place_of_history(common):
    schema = option(common, "defaultSchema") or option(common, "schemas", "public").split(",")[0]
    return option(common, "table", "flyway_schema_history"), schema


def is_deliberate(flyway, dunlin):
    """May the two databases differ from here on, on purpose?"""
    if "json" in flyway and dunlin["exit_code"] and "validate" in dunlin["run"][:-1]:
        return True  # Flyway goes on with what stands behind a validate that found something, if it is told in JSON
    if flyway["exit_code"] and re.search(r"Unable to commit transaction|\[SQLITE_BUSY\]", flyway["text"].all):
        return True  # on SQLite, at callbacks between versioned and repeatable scripts: its two connections lock each other out
    around = "Error while executing (before|after)Each"  # a callback of a script without a transaction, whose row stays
    if re.search(around, flyway["text"].all) and len(dunlin["history"] or []) > len(flyway["history"] or []):
        return True
    return flyway["exit_code"] and dunlin["exit_code"] and BEFORE_ANYTHING.search(dunlin["text"].all)


def differences(flyway, dunlin):
    """What is not as with Flyway, by the contract: ../CONTRACT.md."""
    if "json" in flyway and "validate" in flyway["run"]:
        flyway = {**flyway, "exit_code": 1 if dunlin["exit_code"] else 0}  # Flyway ends well, whatever it finds
    if flyway.get("json") and flyway["json"].get("success") is False and dunlin["json"].get("migrations") == []:
        flyway["json"]["migrations"] = []  # of a group that was rolled back Flyway lists what it had begun with
    expected = {key: flyway[key] for key in ("exit_code", "history", "json", "stdout", "stderr") if key in flyway}
    refused = OPEN.search(dunlin["text"].all)
    if refused and "json" in expected:
        expected["json"] = without(expected["json"], ("exception", "error"))
    if "json" in expected and re.search("Error while executing .*Statement callback", flyway["text"].all):
        expected["json"] = without(expected["json"], ("error",))  # Flyway names no state and no line, and the script for the callback
    if "json" not in expected:
        expected["key_lines"] = [line for line in run_oracle.key_lines(flyway) if not AROUND.search(line)]
        if refused:
            expected["key_lines"] = [line for line in expected["key_lines"] if not re.match("(WARNING: )?DB: |Executing SQL callback: ", line)]
    found = run_oracle.compare(expected, dunlin, CONTRACT)
    run_oracle.subset(flyway["info"], dunlin["info"], "info.json", CONTRACT, found, False)
    if flyway["dump"] != dunlin["dump"]:
        found += ["dump: only %s: %s" % (who, line) for who, lines, others in (
            ("Flyway", flyway["dump"], dunlin["dump"]), ("dunlin", dunlin["dump"], flyway["dump"])) for line in lines if line not in others]
    if found:
        found += ["--- Flyway: %s" % flyway["text"], "--- dunlin: %s" % dunlin["text"]]
    return found


def shrunk(pair, sequence):
    """A sequence with a difference, from which nothing more can be left out."""
    _, last = pair.play(sequence)
    best = replace(sequence, steps=sequence.steps[:last + 1])
    smaller = True
    while smaller:
        smaller = next((each for each in with_less(best) if pair.play(each)[0]), None)
        best = smaller or best
    return best


def with_less(sequence):
    """The sequence with one thing left out: a step, its command line, an argument, a file."""
    for i, step in enumerate(sequence.steps):
        others = sequence.steps[:i], sequence.steps[i + 1:]
        yield replace(sequence, steps=others[0] + others[1])
        less = [replace(step, run=[])] if step.run else []
        less += [replace(step, run=[a for a in step.run if a != option]) for option in step.run if option.startswith("-")]
        less += [replace(step, write={p: c for p, c in step.write.items() if p != path}) for path in step.write]
        for each in less:
            yield replace(sequence, steps=others[0] + [each] + others[1])
    for argument in sequence.common[1:]:
        yield replace(sequence, common=[a for a in sequence.common if a != argument])
