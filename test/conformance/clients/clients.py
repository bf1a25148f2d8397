"""The Python connector with its compiled part: a program of test/conformance/clients.test.ts.

Standard input has where the local Snowflake is, and what to run; each line of standard output is JSON.
"""
import datetime
import decimal
import json
import os
import sys
import tempfile

import snowflake.connector


def text(value):
    """A value in the words that all clients of the test use."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, decimal.Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace("e+", "e")
    if isinstance(value, (bytes, bytearray)):
        return value.hex().upper()
    if isinstance(value, (datetime.datetime, datetime.time)):
        iso = value.isoformat()
        # Zeros at the end of a fraction go.
        head, dot, tail = iso.partition(".")
        digits = tail[:6].rstrip("0")
        return f"{head}.{digits}{tail[6:]}" if dot else iso
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def say(**what):
    print(json.dumps(what), flush=True)


def main():
    given = json.load(sys.stdin)
    connection = snowflake.connector.connect(**given["connection"])
    cursor = connection.cursor()
    for sql in given["statements"]:
        try:
            rows = cursor.execute(sql).fetchall()
            say(sql=sql, rows=[[text(value) for value in row] for row in rows])
        except snowflake.connector.errors.Error as error:
            say(sql=sql, error=str(error))
    say(format=cursor.execute("SELECT 1")._query_result_format)

    binds = [1, "Ä", None, True, 1.5, decimal.Decimal("2.25"), datetime.date(2026, 2, 28)]
    snowflake.connector.paramstyle = "qmark"
    other = snowflake.connector.connect(**given["connection"], paramstyle="qmark")
    row = other.cursor().execute("SELECT ?, ?, ?, ?, ?, ?, ?", binds).fetchone()
    say(binds=[text(value) for value in row])
    other.close()

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "stays.csv")
        with open(path, "w") as file:
            file.write("ER,1\nER,2\n")
        (status,) = [row[6] for row in cursor.execute(f"PUT file://{path} @clients.work.files").fetchall()]
        loaded = cursor.execute("COPY INTO stays (ward, days) FROM @clients.work.files").fetchone()
        say(put=status, loaded=loaded[1])

    for sql in given["failing"]:
        try:
            cursor.execute(sql)
            say(failing=sql)
        except snowflake.connector.errors.Error as error:
            say(failing=sql, code=error.errno, sqlState=error.sqlstate)

    cursor.execute("SELECT SEQ8() n, 'text ' || SEQ8() t FROM TABLE(GENERATOR(ROWCOUNT => 40000))")
    rows = cursor.fetchall()
    say(large=[len(rows), int(sum(row[0] for row in rows)), len({row[1] for row in rows})])
    connection.close()


main()
