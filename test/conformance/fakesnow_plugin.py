"""
A pytest plugin that runs fakesnow's own tests, unchanged, against the server that LOS_FAKESNOW names, through the
Python connector. It stands in for their conftest.py, which starts fakesnow: every test gets a fresh database DB1 with
SCHEMA1, in UTC, as fakesnow has it. What calls fakesnow's own code, pandas, SQLAlchemy or S3 skips itself.

An assertion that does not hold does not end its test, so that it hides none behind it. LOS_FAKESNOW_REPORT gets what
became of each test, with the line, the kind (another value, or an error) and the words of whatever did not hold.
"""

import ast
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
import types

import _pytest.assertion.rewrite as rewriting
import pytest

SECONDS = 200
STOOD_IN = ("fakesnow", "pandas", "mypy_boto3_s3", "sqlglot", "sqlalchemy", "pyarrow", "moto")

given = json.loads(os.environ["LOS_FAKESNOW"])
tests = {}
current = None


class Absent(types.ModuleType):
    """A module that is not there: its names may be imported, and what calls them is skipped."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return absent(f"{self.__name__}.{name}")


def absent(name):
    def skip(*_args, **_kwargs):
        pytest.skip(f"calls {name}", allow_module_level=True)

    return type(name, (), {"__new__": skip, "__class_getitem__": lambda _: object})


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in STOOD_IN:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


class Soft(ast.NodeTransformer):
    """Puts each assertion into a try of its own."""

    def visit_Assert(self, node):
        note = ast.parse(f"_noted(_error, {node.lineno})").body
        handler = ast.ExceptHandler(type=ast.Name("Exception", ast.Load()), name="_error", body=note)
        wrapped = ast.Try(body=[node], handlers=[handler], orelse=[], finalbody=[])
        return ast.fix_missing_locations(ast.copy_location(wrapped, node))


def note(error, line):
    kind = "value" if isinstance(error, AssertionError) else "error"
    words = str(error).strip().replace(os.getcwd(), "")
    current["findings"].append({"line": line, "kind": kind, "words": words[:1500]})


rewrite_asserts = rewriting.rewrite_asserts


def rewrite_softly(mod, *args, **kwargs):
    rewrite_asserts(Soft().visit(mod), *args, **kwargs)
    mod.body.insert(
        1 if ast.get_docstring(mod) is not None else 0,
        ast.fix_missing_locations(ast.parse("from fakesnow_plugin import note as _noted").body[0]),
    )
    # `from __future__` has to come first.
    mod.body.sort(key=lambda node: 0 if isinstance(node, ast.ImportFrom) and node.module == "__future__" else 1)


rewriting.rewrite_asserts = rewrite_softly
sys.meta_path.insert(0, AbsentFinder())

import snowflake.connector  # noqa: E402
import snowflake.connector.cursor  # noqa: E402

connect = snowflake.connector.connect


def connect_here(**kwargs):
    theirs = {key: value for key, value in kwargs.items() if key not in given}
    parameters = {"TIMEZONE": "UTC", **(theirs.pop("session_parameters", None) or {})}
    return connect(**{**given, **theirs, "session_parameters": parameters})


snowflake.connector.connect = connect_here
snowflake.connector.Connect = connect_here


@pytest.fixture(autouse=True)
def fresh():
    """A fresh account, as far as a test goes: only DB1 with SCHEMA1, the roles and users that were there."""
    with connect_here() as admin, admin.cursor() as cursor:
        names = cursor.execute("SHOW DATABASES").fetchall()
        for (_, name, *_rest) in names:
            if name != "SNOWFLAKE":
                cursor.execute(f'DROP DATABASE "{name}"')
        for user in cursor.execute("SHOW USERS").fetchall():
            if user[0] != given["user"].upper():
                cursor.execute(f'DROP USER "{user[0]}"')
        cursor.execute("CREATE DATABASE db1")
        cursor.execute("CREATE SCHEMA schema1")


@pytest.fixture
def _fakesnow(fresh):
    return None


@pytest.fixture
def _fakesnow_no_auto_create(fresh):
    with connect_here() as admin, admin.cursor() as cursor:
        cursor.execute("DROP DATABASE db1")


@pytest.fixture
def server(fresh):
    return {**given, "session_parameters": {}}


@pytest.fixture
def conn(fresh):
    with connect_here(database="db1", schema="schema1") as connection:
        yield connection


@pytest.fixture
def cur(conn):
    with conn.cursor() as cursor:
        yield cursor


@pytest.fixture
def dcur(conn):
    with conn.cursor(snowflake.connector.cursor.DictCursor) as cursor:
        yield cursor


sconn, scur, sdcur = conn, cur, dcur


@pytest.fixture
def snowflake_engine():
    pytest.skip("uses SQLAlchemy")


@pytest.fixture
def s3_client():
    pytest.skip("reads a bucket by a secret that it makes in DuckDB")


def too_long(_signal, _frame):
    raise TimeoutError(f"longer than {SECONDS} s")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    global current
    title = f"{os.path.basename(item.path)}::{item.name}"
    current = tests[title] = {"title": title, "outcome": "passed", "findings": []}
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)


def pytest_runtest_logreport(report):
    if report.skipped:
        current["outcome"] = "skipped"
    elif report.failed:
        crash = getattr(report.longrepr, "reprcrash", None)
        words = crash.message if crash else str(report.longrepr)
        kind = "error" if "Error" in words.split("\n")[0] else "value"
        current["findings"].append({"line": crash.lineno if crash else 0, "kind": kind, "words": words[:1500]})
    if current["findings"] and current["outcome"] == "passed":
        current["outcome"] = "failed"


def pytest_collectreport(report):
    if report.failed:
        title = f"{os.path.basename(report.nodeid)}::collecting"
        words = str(report.longrepr)[-1500:]
        tests[title] = {"title": title, "outcome": "failed", "findings": [{"line": 0, "kind": "error", "words": words}]}


def pytest_sessionfinish():
    with open(os.environ["LOS_FAKESNOW_REPORT"], "w") as file:
        json.dump(list(tests.values()), file)
