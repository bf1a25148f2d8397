"""pandas, Snowpark and SQLAlchemy: a program of test/conformance/clients.test.ts.

Standard input has where the local Snowflake is; each line of standard output is JSON.
"""
import json
import sys
import urllib.parse
import warnings

warnings.simplefilter("ignore")

import pandas
import snowflake.connector
import sqlalchemy
from snowflake.connector.pandas_tools import write_pandas
from snowflake.snowpark import Session
from snowflake.snowpark.functions import avg, col


def say(**what):
    print(json.dumps(what), flush=True)


def pandas_both_ways(connection):
    cursor = connection.cursor()
    frame = pandas.DataFrame(
        {
            "ID": [1, 2, 3],
            "WARD": ["ICU", None, "Ä"],
            "DAYS": [1.5, 2.25, None],
            "ADMITTED": pandas.to_datetime(["2026-01-01 08:00", "2026-02-03 04:05:06.789", "1969-12-31"], format="ISO8601"),
            "STILL_IN": [True, False, True],
        }
    )
    success, chunks, rows, _ = write_pandas(connection, frame, "FRAMES", auto_create_table=True)
    say(write_pandas=[success, rows])
    back = cursor.execute("SELECT * FROM frames ORDER BY id").fetch_pandas_all()
    say(
        fetch_pandas_all=back.astype({"ADMITTED": "datetime64[ns]", "ID": "int64"}).equals(frame),
        types={name: str(kind) for name, kind in back.dtypes.items()},
    )
    cursor.execute("SELECT SEQ8() n, 'x' || SEQ8() t FROM TABLE(GENERATOR(ROWCOUNT => 60000))")
    batches = list(cursor.fetch_pandas_batches())
    say(fetch_pandas_batches=[sum(map(len, batches)), len(batches) > 1, int(sum(b["N"].sum() for b in batches))])
    empty = cursor.execute("SELECT id, ward FROM frames WHERE FALSE").fetch_pandas_all()
    say(empty=[len(empty), list(empty.columns)])
    table = cursor.execute("SELECT id, days FROM frames ORDER BY id").fetch_arrow_all()
    say(fetch_arrow_all=[table.num_rows, table.column_names])


def snowpark(configuration):
    session = Session.builder.configs(configuration).create()
    session.use_schema("analysts.public")
    frame = session.create_dataframe([[1, "ICU", 2.5], [2, "ICU", 3.5], [3, "ER", None]], schema=["id", "ward", "days"])
    found = frame.filter(col("days").is_not_null()).group_by("ward").agg(avg("days").alias("mean")).to_pandas()
    say(to_pandas=found.to_dict("records"))
    joined = frame.join(frame.select(col("id").alias("other"), col("ward").alias("w")), col("id") == col("other"))
    say(joined=len(joined.sort("id").to_pandas()))
    frame.write.save_as_table("from_snowpark", mode="overwrite")
    say(saved=session.table("from_snowpark").count())
    session.close()


def alchemy(place):
    engine = sqlalchemy.create_engine(
        f"snowflake://{place['user']}:{urllib.parse.quote(place['password'])}@{place['account']}/analysts/public",
        connect_args={name: place[name] for name in ("protocol", "host", "port")},
    )
    made = sqlalchemy.MetaData()
    wards = sqlalchemy.Table(
        "wards",
        made,
        sqlalchemy.Column("id", sqlalchemy.Integer, sqlalchemy.Sequence("wards_id"), primary_key=True),
        sqlalchemy.Column("name", sqlalchemy.String(20), nullable=False),
    )
    made.create_all(engine)
    with engine.begin() as connection:
        connection.execute(wards.insert(), [{"id": 1, "name": "ICU"}, {"id": 2, "name": "ER"}])
    read = sqlalchemy.MetaData()
    read.reflect(engine)
    with engine.connect() as connection:
        names = connection.execute(sqlalchemy.select(read.tables["wards"].c.name).order_by("name")).scalars().all()
    columns = [(column.name, str(column.type), column.nullable) for column in read.tables["wards"].columns]
    say(reflect=columns, names=names)
    frame = pandas.read_sql("SELECT COUNT(*) AS n FROM wards", engine)
    say(read_sql=int(frame.iloc[0, 0]))
    engine.dispose()


def main():
    place = json.load(sys.stdin)["connection"]
    connection = snowflake.connector.connect(**place)
    connection.cursor().execute("CREATE OR REPLACE DATABASE analysts")
    connection.cursor().execute("CREATE WAREHOUSE IF NOT EXISTS analysts_wh")
    pandas_both_ways(connection)
    snowpark({**place, "warehouse": "analysts_wh"})
    alchemy(place)
    connection.close()


main()
