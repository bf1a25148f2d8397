"""
A pytest plugin that runs the Python connector's own tests, unchanged, against the server that LOS_CONNECTOR names.
It stands in for their test/parameters.py (which every user of that repository writes), ends a test that hangs, and
writes what became of each test to LOS_CONNECTOR_REPORT. Tests that find their server by themselves (those of
SQLAlchemy's dialect) need the last two only, without LOS_CONNECTOR.
"""

import json
import os
import signal
import sys
import types

import pytest

SECONDS = 90

if "LOS_CONNECTOR" in os.environ:
    given = json.loads(os.environ["LOS_CONNECTOR"])
    parameters = types.ModuleType("test.parameters")
    parameters.CONNECTION_PARAMETERS = dict(given)
    parameters.CONNECTION_PARAMETERS_ADMIN = dict(given)
    sys.modules["test.parameters"] = parameters

tests = {}


def note(title, outcome, message):
    known = tests.get(title)
    # A test that passed and failed while it was tidied up has failed.
    if known is None or outcome == "failed":
        tests[title] = {"title": title, "outcome": outcome, "message": message}


def first_line(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else str(report.longrepr)
    # Some tests look for their cloud's keys in the environment; what else is there is nobody's business.
    return text.strip().split("\n")[0].split(" in environ(")[0][:200]


def pytest_configure(config):
    for name in ("flaky", "timeout"):
        config.addinivalue_line("markers", f"{name}: of a plugin that need not be installed")


def pytest_collectreport(report):
    if report.failed:
        note(f"{os.path.basename(report.nodeid)}::collecting", "failed", first_line(report))


def pytest_runtest_logreport(report):
    path, name = report.nodeid.split("::", 1)
    title = f"{os.path.basename(path)}::{name}"
    if report.failed:
        note(title, "failed", first_line(report))
    elif report.skipped:
        note(title, "skipped", "")
    elif report.when == "call":
        note(title, "passed", "")


def too_long(_signal, _frame):
    raise TimeoutError(f"longer than {SECONDS} s")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)


def pytest_sessionfinish():
    with open(os.environ["LOS_CONNECTOR_REPORT"], "w") as file:
        json.dump(list(tests.values()), file)
