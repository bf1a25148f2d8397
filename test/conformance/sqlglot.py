"""Parses each statement of a JSON list on standard input in sqlglot's Snowflake dialect.

Answers one outcome for each: "parsed", "command" (sqlglot gave up and kept the text as it is) or the error.
"""
import json
import logging
import sys

import sqlglot
from sqlglot import exp

logging.disable(logging.CRITICAL)


def outcome(sql: str) -> str:
    try:
        trees = sqlglot.parse(sql, dialect="snowflake")
    except sqlglot.errors.SqlglotError as error:
        return str(error).split("\n")[0]
    if len(trees) != 1 or trees[0] is None:
        return f"{len(trees)} statements instead of one"
    opaque = any(isinstance(node, exp.Command) for node in trees[0].walk())
    return "command" if opaque else "parsed"


json.dump([outcome(sql) for sql in json.load(sys.stdin)], sys.stdout)
