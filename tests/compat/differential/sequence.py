"""Random sequences: files that come, change and go, statements by hand, and command lines. The seed decides all."""
import random
from dataclasses import dataclass, field

from scripts import Writer

DATABASES = ("sqlite", "postgresql")
VERSIONS = ["0.5", "1", "1.1", "1_5", "2", "2.0.1", "3", "4", "5", "6", "10", "11", "20240101", "20240101.12"]
DESCRIPTIONS = ["a", "create_it", "two_words", "b", "", "LongerName", "x-y", "\u00e4"]
EVENTS = ["beforeMigrate", "afterMigrate", "beforeEachMigrate", "afterEachMigrate", "afterMigrateError", "afterEachMigrateError",
          "afterMigrateApplied", "beforeVersioned", "afterVersioned", "beforeRepeatables", "beforeValidate", "afterValidate",
          "beforeInfo", "afterInfo", "beforeRepair", "afterRepair", "beforeBaseline", "afterBaseline", "beforeClean", "afterClean",
          "afterValidateError", "afterCleanError", "beforeEachMigrateStatement", "afterEachMigrateStatement", "createSchema"]
STATES = ["missing", "pending", "ignored", "future", "*"]


@dataclass
class Step:
    """What happens before a command line, and the command line (maybe none)."""
    write: dict = field(default_factory=dict)  # path -> bytes
    delete: list = field(default_factory=list)
    sql: str = ""
    run: list = field(default_factory=list)

    def __str__(self):
        lines = ["write %s %r" % item for item in self.write.items()] + ["delete %s" % path for path in self.delete]
        lines += ["sql %r" % self.sql] if self.sql else []
        return "\n".join(lines + (["run " + " ".join(self.run)] if self.run else []))


@dataclass
class Sequence:
    seed: int
    database: str
    common: list  # arguments of every command line
    steps: list

    def __str__(self):
        return "\n".join(["seed %d on %s" % (self.seed, self.database), "common " + " ".join(self.common), *map(str, self.steps)])


def generate(seed, database):
    return Generator(seed, database).sequence()


class Generator:
    def __init__(self, seed, database):
        self.random = random.Random("%d %s" % (seed, database))  # the same on every machine and Python
        self.seed, self.database = seed, database
        self.writer = Writer(self.random, database)
        self.files, self.broken = {}, set()

    def sequence(self):
        common = self.common()
        steps = [Step(write=self.first_files(), run=self.command())]
        for _ in range(self.random.randint(4, 9)):
            steps.append(self.step())
        return Sequence(self.seed, self.database, common, steps)

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *values):
        return self.random.choice(values)

    # -- arguments

    def common(self):
        chosen = ["-locations=filesystem:{DIR}/sql" + (",filesystem:{DIR}/more" if self.chance(0.2) else ""),
                  "-placeholders.x=" + self.pick("one", "two;", ""), "-cleanDisabled=false"]
        for share, argument in [
                (0.25, "-outOfOrder=true"), (0.15, "-group=true"), (0.15, "-mixed=true"), (0.15, "-validateOnMigrate=false"),
                (0.15, "-baselineOnMigrate=true"), (0.1, "-baselineVersion=" + self.pick("0", "1", "2", "2.0.1", "3")),
                (0.1, "-table=" + self.pick("h", "My History", "flyway")), (0.1, "-installedBy=somebody"),
                (0.1, "-baselineDescription=" + self.pick("start", "a much longer description")),
                (0.1, "-validateMigrationNaming=true"), (0.05, "-placeholderReplacement=false"), (0.05, "-placeholderPrefix=#{"),
                (0.05, "-sqlMigrationPrefix=M"), (0.05, "-repeatableSqlMigrationPrefix=REP"), (0.05, "-sqlMigrationSeparator=_"),
                (0.05, "-sqlMigrationSuffixes=.sql,.pgsql"), (0.05, "-skipDefaultCallbacks=true"), (0.05, "-executeInTransaction=false"),
                (0.15, "-ignoreMigrationPatterns=" + self.patterns())]:
            if self.chance(share):
                chosen.append(argument)
        if self.database == "postgresql":
            chosen += self.schemas()
        return chosen

    def schemas(self):
        # Flyway's other lock leaves no row of a failed migration without a transaction, and CONCURRENTLY waits for it for ever.
        chosen = ["-postgresql.transactional.lock=false"]
        if self.chance(0.3):
            chosen.append("-schemas=" + self.pick("one", "one,two", "public,one", "One"))
        if self.chance(0.15):
            chosen.append("-defaultSchema=" + self.pick("one", "public", "three"))
        if self.chance(0.1):
            chosen.append("-createSchemas=false")
        return chosen

    def patterns(self):
        return ",".join("%s:%s" % (self.pick("*", "versioned", "repeatable"), self.random.choice(STATES))
                        for _ in range(self.random.randint(1, 2)))

    def command(self):
        run = [self.random.choice(["migrate"] * 10 + ["info"] + ["validate"] * 3 + ["repair"] * 3 + ["baseline"] * 2 + ["clean"])]
        if self.chance(0.1):
            run += self.pick(["info"], ["migrate"], ["validate"], ["migrate", "info"])
        options = []
        if self.chance(0.2):
            options.append("-target=" + self.pick("1", "1.1", "2", "3", "5", "10", "latest", "current", "next", "4?", "99", "99?"))
        if "migrate" in run and self.chance(0.15):
            options.append("-outOfOrder=" + self.pick("true", "false"))
        if "migrate" in run and self.chance(0.05):
            options.append("-skipExecutingMigrations=true")
        if self.chance(0.1):
            options.append("-ignoreMigrationPatterns=" + self.patterns())
        if "baseline" in run and self.chance(0.6):
            options.append("-baselineVersion=" + self.random.choice(VERSIONS))
        if run == ["info"]:
            options += self.filters()
        if self.chance(0.5):
            options.append("-outputType=json")
        return options + run

    def filters(self):
        return [argument for argument in (
            "-infoSinceVersion=" + self.random.choice(VERSIONS), "-infoUntilVersion=" + self.random.choice(VERSIONS),
            "-infoOfState=" + self.pick("success", "pending", "pending,success", "missing_success", "failed", "ignored"),
            "-infoSinceDate=" + self.pick("01/01/2020 00:00", "01/01/2099 00:00"),
            "-infoUntilDate=" + self.pick("01/01/2020 00:00", "01/01/2099 00:00"), "-migrationIds") if self.chance(0.3)]

    # -- files

    def first_files(self):
        files = {}
        for _ in range(self.random.randint(1, 4)):
            files.update(self.add_versioned())
        if self.chance(0.4):
            files.update(self.add_repeatable())
        if self.chance(0.3):
            files.update(self.add_callback())
        self.files.update(files)
        return files

    def step(self):
        step = Step()
        for _ in range(self.pick(0, 1, 1, 1, 2)):
            self.change(step)
        if self.chance(0.04):
            step.sql = self.writer.by_hand()
        step.run = self.command()
        return step

    def change(self, step):
        if self.broken and self.chance(0.6):
            path = self.random.choice(sorted(self.broken))
            self.broken.discard(path)
            self.put(step, {path: self.writer.versioned(may_fail=False)[0].encode()})
            return
        kind = self.random.random()
        paths = sorted(self.files)
        if kind < 0.40 or not paths:
            self.put(step, self.add_versioned())
        elif kind < 0.52:
            self.put(step, self.add_repeatable())
        elif kind < 0.60:
            self.put(step, self.add_callback())
        elif kind < 0.80:
            path = self.random.choice(paths)
            self.put(step, {path: self.edited(self.files[path])})
        elif kind < 0.86:
            self.put(step, self.add_odd())
        else:
            self.drop(step, self.random.choice(paths))

    def put(self, step, files):
        self.files.update(files)
        step.write.update(files)
        step.delete = [path for path in step.delete if path not in files]

    def drop(self, step, path):
        content = self.files.pop(path)
        self.broken.discard(path)
        if path in step.write:
            del step.write[path]
        step.delete.append(path)
        if self.chance(0.3):  # it was renamed
            folder, name = path.rsplit("/", 1)
            self.put(step, {folder + "/" + name.replace("__", "__renamed_", 1): content})

    def folder(self):
        return self.pick("sql", "sql", "sql", "sql", "sql/below", "sql/below/deep", "more")

    def add_versioned(self):
        text, fails = self.writer.versioned()
        suffix = self.pick(".sql", ".sql", ".sql", ".sql", ".sql", ".sql", ".pgsql") if self.chance(0.3) else ".sql"
        prefix = self.pick("M", "B", "B") if self.chance(0.15) else "V"
        path = "%s/%s%s__%s%s" % (self.folder(), prefix, self.random.choice(VERSIONS), self.random.choice(DESCRIPTIONS), suffix)
        if fails:
            self.broken.add(path)
        files = {path: self.encoded(text)}
        if self.chance(0.08):
            files[path + ".conf"] = self.pick(b"executeInTransaction=false\n", b"executeInTransaction=true\n",
                                              b"placeholderReplacement=false\n", b"encoding=ISO-8859-1\n")
        return files

    def add_repeatable(self):
        name = self.pick("a", "b", "Z", "c_d")
        prefix = "REP" if self.chance(0.05) else "R"
        return {"%s/%s__%s.sql" % (self.folder(), prefix, name): self.encoded(self.writer.repeatable(name))}

    def add_callback(self):
        event = self.random.choice(EVENTS)
        name = event + self.pick("", "", "__x", "__another_one")
        return {"%s/%s.sql" % (self.folder(), name): self.writer.callback(event).encode()}

    def add_odd(self):
        """What is hardly a script."""
        return self.random.choice([
            {"sql/V1_x.sql": b"select 1;\n"}, {"sql/readme.txt": b"hello\n"}, {"sql/.hidden.sql": b"select 1;\n"},
            {"sql/V__no_version.sql": b"select 1;\n"}, {"sql/v7__small_letter.sql": b"select 1;\n"},
            {"sql/V007__zeros.sql": b"select 1;\n"}, {"sql/V8.sql": b"select 1;\n"}, {"sql/R.sql": b"select 1;\n"},
            {"sql/R__.sql": b"select 1;\n"}, {"sql/V9__a.SQL": b"select 1;\n"}, {"sql/Vx__letters.sql": b"select 1;\n"},
            {"sql/V9__not_utf8.sql": b"select '\xe4';\n"}, {"sql/V1.1.1__unknown_placeholder.sql": b"select '${unknown}';\n"},
            {"sql/afterMigrat.sql": b"select 1;\n"}, {"sql/V12__empty.sql": b""}, {"sql/V1..2__dots.sql": b"select 1;\n"}])

    def encoded(self, text):
        data = text.encode()
        kind = self.random.random()
        if kind < 0.08:
            return data.replace(b"\n", b"\r\n")
        return b"\xef\xbb\xbf" + data if kind < 0.12 else data

    def edited(self, content):
        return self.random.choice([
            lambda: content.replace(b"\n", b"\r\n"), lambda: content.replace(b"\r\n", b"\n"), lambda: content + b"\n\n",
            lambda: content.replace(b"\n", b" \n"), lambda: content + b"-- edited\n", lambda: content + b"select %d;\n" % self.random.randrange(9),
            lambda: b"\xef\xbb\xbf" + content, lambda: content.rstrip()])()
