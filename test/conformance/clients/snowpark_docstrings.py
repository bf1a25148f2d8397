"""The examples in Snowpark's docstrings, with the results that its own CI checks on accounts: a program of
test/conformance/snowpark-docstrings.test.ts.

Standard input has where the local Snowflake is; each line of standard output is one docstring: its name, how many
examples it has, and of each that goes wrong the first line with what came instead.
"""
import doctest
import importlib
import json
import logging
import pkgutil
import sys
import traceback
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import snowflake.snowpark
from snowflake.snowpark import Session
from snowflake.snowpark.functions import to_timestamp

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
PLACE = "docstrings"


def modules():
    """Snowpark's own, without the packages that stand on it (modin) or beside it (mock, a local stand-in)."""
    folders = [("snowflake.snowpark", snowflake.snowpark.__path__)]
    import snowflake.snowpark._functions as functions

    folders.append(("snowflake.snowpark._functions", functions.__path__))
    for package, path in folders:
        for found in sorted(pkgutil.iter_modules(path), key=lambda each: each.name):
            if not found.ispkg and (package.endswith("_functions") or not found.name.startswith("_")):
                yield f"{package}.{found.name}"


class Runner(doctest.DocTestRunner):
    def __init__(self):
        super().__init__(verbose=False, optionflags=FLAGS)
        self.wrong = []

    def report_start(self, out, test, example):
        pass

    def report_success(self, out, test, example, got):
        pass

    def report_failure(self, out, test, example, got):
        self.note(example, f"got {got.strip()}, not {example.want.strip()}")

    def report_unexpected_exception(self, out, test, example, error):
        self.note(example, "".join(traceback.format_exception_only(*error[:2])).strip())

    def note(self, example, what):
        self.wrong.append({"source": example.source.strip()[:200], "what": what[:600]})


def main():
    given = json.load(sys.stdin)
    wanted = given.get("modules")
    make = lambda: Session.builder.configs({**given["connection"], "warehouse": "docstrings_wh"}).create()
    session = make()
    session.sql(f"CREATE OR REPLACE DATABASE {PLACE}").collect()
    session.sql("CREATE WAREHOUSE IF NOT EXISTS docstrings_wh").collect()
    finder = doctest.DocTestFinder()
    for name in modules():
        short = name.removeprefix("snowflake.snowpark.").removeprefix("_functions.")
        if wanted and short not in wanted:
            continue
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            # Of a package that is not installed with Snowpark itself.
            if "Missing optional dependency" not in str(error):
                raise
            continue
        for test in finder.find(module, short):
            if not test.examples:
                continue
            try:
                for sql in (f"USE SCHEMA {PLACE}.PUBLIC", "USE WAREHOUSE docstrings_wh", "DROP TABLE IF EXISTS my_table"):
                    session.sql(sql).collect()
            except Exception:
                # The docstring before has closed it.
                session = make()
                session.sql(f"USE SCHEMA {PLACE}.PUBLIC").collect()
            # As Snowpark's conftest.py gives them.
            test.globs = {**vars(module), "session": session, "to_timestamp": to_timestamp}
            runner = Runner()
            try:
                runner.run(test, out=lambda text: None, clear_globs=True)
            except BaseException as error:
                runner.wrong.append({"source": "", "what": repr(error)[:300]})
            print(json.dumps({"name": test.name, "examples": len(test.examples), "wrong": runner.wrong}), flush=True)


main()
