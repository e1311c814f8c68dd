"""Command lines of dunlin as documentation, workflows and scripts write them, and what is wrong with one."""
import re
import shlex
from functools import cache

from support.program import ROOT

# Words that end one command of a shell and begin the next.
SEPARATORS = {"&&", "||", ";", "|", "&", "(", ")", "$(", "<(", ">(", "then", "do", "!", "if", "exec", "time", "nice"}
REDIRECTIONS = {">", ">>", "2>", "<", "&>", ">&", "2>&1"}
# Left for the reader to fill in, or "and so on": says nothing about the command.
OPEN = re.compile(r"^(…|\.\.\.|\[.*\]?|.*\])$")
VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*=")
# Variables that are not dunlin's own: libpq's, the AWS SDKs', the system's.
FOREIGN = re.compile(r"^(PG|AWS_|SSL_CERT_FILE$|TZ$|HOME$|SOURCE_DATE_EPOCH$|https?_proxy$|no_proxy$)")


def section(text, title):
    """The text below one heading, up to the next of its level or above."""
    level = len(title) - len(title.lstrip("#"))
    after = text.split("\n" + title + "\n", 1)[1]
    return re.split(r"\n#{1,%d} " % level, after)[0]


class Language:
    """Commands, options and variables, read off the reference, which is made of the program's own tables."""

    def __init__(self, reference):
        rows = re.compile(r"^\| (`.*?`) \|", re.MULTILINE)
        codes = re.compile(r"`([^`]+)`")
        shown = [c for row in rows.findall(section(reference, "## Commands")) for c in codes.findall(row)]
        self.commands = {" ".join(w for w in c.split() if is_plain(w)): how_many(c) for c in shown}
        self.flags = {f for row in rows.findall(section(reference, "## Flags")) for f in codes.findall(row)}
        options = section(reference, "## Options")
        self.options = {o for row in rows.findall(options) for o in codes.findall(row)}
        self.variables = set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\bREGION\b", options))
        self.truths = {o for o in self.options if re.search(r"^\| `%s` \|[^|]*\| true or false \|" % re.escape(o), options, re.M)}

    def option(self, key):
        """The key of the table that `key` names; None if there is none. `placeholders.X` is of `placeholders.NAME`."""
        if key in self.options:
            return key
        family = key.split(".")[0] + ".NAME"
        return family if family in self.options else None

    def option_of_dashes(self, word):
        """`--out-of-order` is outOfOrder, `--fargate-image` is fargate.image if that is how the table spells it."""
        plain = re.sub(r"[-.]", "", word.lower())
        return self.option(word) or next((o for o in self.options if re.sub(r"[-.]", "", o.lower()) == plain), None)

    def mistakes(self, words):
        """What is wrong with a line: a list of sentences, empty if nothing is. `words` begin after the program."""
        wrong, commands, operands, i = [], [], 0, 0
        while i < len(words):
            word = words[i]
            i += 1
            if OPEN.match(word) or word in self.flags:
                continue
            if word.startswith("--"):
                key = self.option_of_dashes(word[2:].split("=")[0])
                if key is None:
                    wrong.append("no option %s" % word)
                elif "=" in word:
                    wrong.append("%s: the value is a word of its own" % word)
                elif key not in self.truths or (i < len(words) and words[i] in ("true", "false")):
                    i += 1
            elif word.startswith("-"):
                key = word[1:].split("=")[0]
                if "=" not in word or self.option(key) is None:
                    wrong.append("no option %s" % word)
            elif (two := "%s %s" % (word, words[i] if i < len(words) else "")) in self.commands:
                commands.append(two)
                i += 1
            elif word in self.commands and not (commands and operands < self.commands[commands[-1]]):
                commands.append(word)
            elif commands and operands < self.commands[commands[-1]]:
                operands += 1
            else:
                wrong.append("no command %s" % word)
        return wrong


def is_plain(word):
    """True of a word that is typed as it stands, false of BRANCH, [branch] and ..."""
    return bool(re.fullmatch(r"[a-z][a-zA-Z-]*", word))


def how_many(shown):
    """How many words a command takes that are neither options nor commands, as the reference shows it."""
    operands = [w for w in shown.split() if not is_plain(w)]
    return 99 if any("..." in w or "…" in w for w in operands) else len(operands) + (shown in ("help", "completion"))


@cache
def language():
    return Language((ROOT / "docs/reference.md").read_text())


def logical_lines(text):
    """(number of its first line, text) of the lines, those that end in a backslash joined with the next."""
    joined, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        if line.endswith("\\"):
            joined += line[:-1] + " "
            continue
        yield first, joined + line
        joined, first = "", 0


def pieces(path):
    """(line, code) of what a file says to type: of Markdown its code, of anything else every line."""
    text = path.read_text()
    if path.suffix != ".md":
        for number, line in logical_lines(text):
            yield number, re.sub(r"^\s*(#\s*)?(- )?(run: )?", "", line)
        return
    fenced = False
    for number, line in logical_lines(text):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield number, line.strip()
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span


def words_of(code):
    """The words of a line of shell, or None if it is none."""
    code = re.sub(r"^\$ ", "", code)
    code = re.sub(r"\$\{\{.*?\}\}", "X", code)  # an expression of GitHub
    lexer = shlex.shlex(code, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:
        return None


def command_lines(path):
    """(line, variables, words) for each call of dunlin: the names set before it, and what follows the program."""
    for number, code in pieces(path):
        if "dunlin" not in code or code.startswith("<!--"):
            continue
        calls, call = [], []
        for word in words_of(code) or []:
            if word in SEPARATORS or set(word) <= set("();|&") or word.startswith("<("):
                calls.append(call)
                call = []
            else:
                call.append(word)
        for each in [*calls, call]:
            variables = []
            while each and VARIABLE.match(each[0]):
                variables.append(each.pop(0).split("=")[0])
            if not each or each[0] not in ("dunlin", "./dunlin", "build/release/dunlin", "build/dev/dunlin"):
                continue
            arguments = until_redirection(each[1:])
            if is_a_call(code, arguments):
                yield number, variables, arguments


def until_redirection(words):
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in REDIRECTIONS or (word and set(word) <= set("<>&")):
            skip = True
        else:
            kept.append(word)
    return kept


def is_a_call(code, words):
    """False for a sentence that happens to begin with the name; in a comment most do."""
    if not words:
        return False
    first = words[0]
    return first.startswith("-") or first.rstrip(":,") in {c.split()[0] for c in language().commands}
