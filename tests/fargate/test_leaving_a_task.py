"""What becomes of the task when dunlin fargate run is ended: by Ctrl-C at a terminal, by a signal elsewhere."""
import signal
import threading

import pytest

from support.server import wait_until
from support.terminal import Terminal

pytestmark = pytest.mark.server


class Long:
    """A task that runs until it is asked to stop, or until the test lets it go."""

    def __init__(self):
        self.started, self.left = threading.Event(), threading.Event()

    def __call__(self, task):
        task.starts()
        task.prints(["applying"])
        self.started.set()
        wait_until(lambda: task.asked_to_stop.is_set() or self.left.is_set(), 60, "an end of the task")
        if task.asked_to_stop.is_set():
            task.prints(["rolled back"])
            task.stops(143, "UserInitiated", task.stop_reason)


@pytest.fixture
def long(fargate):
    fargate.does = Long()
    yield fargate.does
    fargate.does.left.set()


@pytest.mark.parametrize("answer", ["y", "Yes"])
def test_ctrl_c_and_yes_stops_the_task_and_shows_its_end(fargate, dunlin, long, answer):
    terminal = Terminal(dunlin, "fargate", "run")
    terminal.waits_for("RUNNING")
    terminal.presses_ctrl_c()
    terminal.waits_for("Stop task %s?" % fargate.task.id)
    terminal.types(answer + "\n")
    said = terminal.ends()
    assert said.code == 130 and said.out == "applying\nrolled back\n", said
    assert "ended by SIGINT: task %s was stopped" % fargate.task.id in said.err, said
    asked, = fargate.asked("StopTask")
    assert asked["task"] == fargate.task.arn and "dunlin" in asked["reason"]


@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_ctrl_c_and_anything_else_leaves_it(fargate, dunlin, long, answer):
    terminal = Terminal(dunlin, "fargate", "run")
    terminal.waits_for("RUNNING")
    terminal.presses_ctrl_c()
    terminal.waits_for("Stop task")
    terminal.types(answer + "\n")
    said = terminal.ends()
    assert said.code == 130 and "task %s goes on" % fargate.task.id in said.err, said
    assert "dunlin fargate logs %s --follow" % fargate.task.id in said.err
    assert fargate.asked("StopTask") == []


def test_a_second_ctrl_c_leaves_it(fargate, dunlin, long):
    terminal = Terminal(dunlin, "fargate", "run")
    terminal.waits_for("RUNNING")
    terminal.presses_ctrl_c()
    terminal.waits_for("Stop task")
    terminal.presses_ctrl_c()
    assert terminal.ends().code == 130
    assert fargate.asked("StopTask") == []


@pytest.mark.parametrize("sig, code", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_without_a_terminal_it_goes_on(fargate, dunlin, long, sig, code):
    process = dunlin.start("fargate", "run")
    assert long.started.wait(30)
    process.send_signal(sig)
    said = dunlin.finish(process)
    assert said.code == code, said
    assert "ended by %s: task %s goes on" % (signal.Signals(sig).name, fargate.task.id) in said.err, said
    assert fargate.asked("StopTask") == []


def test_without_a_terminal_it_is_stopped_if_so_configured(fargate, dunlin, long):
    process = dunlin.start("fargate", "run", "-fargate.stopWhenInterrupted=true")
    assert long.started.wait(30)
    process.send_signal(signal.SIGTERM)
    said = dunlin.finish(process)
    assert said.code == 143 and said.out.endswith("rolled back\n"), said
    assert "ended by SIGTERM: task %s was stopped" % fargate.task.id in said.err


def test_the_deadline_leaves_it_too(fargate, dunlin, long):
    said = dunlin("fargate", "run", "-deadline=4")
    assert said.code == 1, said
    assert "the deadline of 4 s has passed: task %s goes on" % fargate.task.id in said.err, said
    assert fargate.asked("StopTask") == []


def test_a_stop_before_the_task_is_started_starts_none(fargate, dunlin):
    """Here a signal comes while the task definition is looked up."""
    def waits(handler, asked):
        process.send_signal(signal.SIGTERM)
        return fargate.forward(handler, asked)
    fargate.on_DescribeTaskDefinition = waits
    process = dunlin.start("fargate", "run")
    said = dunlin.finish(process)
    assert said.code == 143 and "no task was started" in said.err, said
    assert fargate.asked("RunTask") == []
