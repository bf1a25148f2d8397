"""What people do first with a client in Python: a program of test/conformance/first-ten-minutes.test.ts.

Standard input says which client, where the account is and which file to load; the line of standard output is JSON. Each
loads beds (CASE_ID, BED) from the file, reads LOS_PREDICTIONS into a frame, joins both, writes that into a table, and
asks what columns the table has.
"""
import json
import os
import sys
import urllib.parse
import warnings

warnings.simplefilter("ignore")

import pandas

PREDICTIONS = "SELECT CASE_ID, PREDICTED_LOS FROM LOS.LOS_PREDICTIONS"


def joined(beds, predictions):
    """Both, by the admission; drivers give its number as a number or a text, and names of columns in any case."""
    frames = []
    for frame in (beds, predictions):
        frame = frame.rename(columns=str.upper)
        frames.append(frame.assign(CASE_ID=frame["CASE_ID"].astype("int64")))
    return frames[0].merge(frames[1], on="CASE_ID").assign(PREDICTED_LOS=lambda frame: frame["PREDICTED_LOS"].astype(float))


def connector(given):
    import snowflake.connector
    from snowflake.connector.pandas_tools import write_pandas

    connection = snowflake.connector.connect(**given["connection"])
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY STAGE files")
    cursor.execute("CREATE TABLE beds (case_id NUMBER, bed VARCHAR)")
    put = [cursor.execute(f"PUT 'file://{given['file']}' @files").fetchone()[6] for _ in range(2)]
    cursor.execute(
        """COPY INTO beds (case_id, bed) FROM (
               SELECT $1, $2
               FROM @files
           ) FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)"""
    )
    cursor.execute(f"GET @files 'file://{given['folder']}'")
    cursor.execute_async("SELECT COUNT(*) FROM beds")
    cursor.get_results_from_sfqid(cursor.sfqid)
    loaded = cursor.fetchone()[0]
    predictions = cursor.execute(PREDICTIONS).fetch_pandas_all()
    frame = joined(cursor.execute("SELECT * FROM beds").fetch_pandas_all(), predictions)
    write_pandas(connection, frame, given["table"], auto_create_table=True)
    columns = [column.name for column in cursor.describe(f"SELECT * FROM {given['table']}")]
    connection.close()
    # What is there already is put once; drivers that find stages in a folder overwrite it.
    kept = "SKIPPED" if snowflake.connector.__version__ >= "5" else "UPLOADED"
    if put != ["UPLOADED", kept] or not os.path.exists(os.path.join(given["folder"], "beds.csv.gz")):
        raise SystemExit(f"PUT twice and GET: {put}")
    return dict(loaded=loaded, predictions=len(predictions), columns=columns)


def alchemy(given):
    import sqlalchemy
    from snowflake.connector.pandas_tools import pd_writer

    place = given["connection"]
    rest = {name: place[name] for name in ("protocol", "host", "port", "role", "warehouse")}
    url = f"snowflake://{place['user']}:{urllib.parse.quote(place['password'])}@{place['account']}/{place['database']}/{place['schema']}"
    engine = sqlalchemy.create_engine(url, connect_args=rest)
    # pd_writer's columns are as the frame's, to the case; pandas makes those of the table so, too.
    beds = pandas.read_csv(given["file"]).rename(columns=str.upper)
    beds.to_sql("beds", engine, index=False, method=pd_writer)
    predictions = pandas.read_sql(PREDICTIONS, engine)
    loaded = pandas.read_sql(sqlalchemy.text('SELECT "CASE_ID", "BED" FROM beds'), engine)
    frame = joined(loaded, predictions)
    frame.columns = [name.lower() for name in frame.columns]
    frame.to_sql(given["table"].lower(), engine, index=False)
    columns = [column["name"] for column in sqlalchemy.inspect(engine).get_columns(given["table"].lower())]
    engine.dispose()
    return dict(loaded=len(loaded), predictions=len(predictions), columns=[name.upper() for name in columns])


def snowpark(given):
    from snowflake.snowpark import Session
    from snowflake.snowpark.types import LongType, StringType, StructField, StructType

    session = Session.builder.configs(given["connection"]).create()
    session.sql("CREATE TEMPORARY STAGE files").collect()
    session.file.put(f"file://{given['file']}", "@files")
    schema = StructType([StructField("CASE_ID", LongType()), StructField("BED", StringType())])
    beds = session.read.schema(schema).option("SKIP_HEADER", 1).csv("@files/beds.csv.gz").cache_result()
    predictions = session.table("LOS.LOS_PREDICTIONS").select("CASE_ID", "PREDICTED_LOS")
    frame = predictions.to_pandas()
    both = beds.join(predictions, beds["CASE_ID"] == predictions["CASE_ID"]).select(
        beds["CASE_ID"].alias("CASE_ID"), "BED", "PREDICTED_LOS"
    )
    both.write.save_as_table(given["table"])
    columns = session.table(given["table"]).schema.names
    loaded = beds.count()
    session.close()
    return dict(loaded=loaded, predictions=len(frame), columns=columns)


def dlt(given):
    import dlt as library

    place = given["connection"]
    credentials = {name: place[name] for name in ("password", "database", "role", "warehouse")}
    query = {name: str(place[name]) for name in ("host", "port", "protocol")}
    credentials.update(username=place["user"], host=place["account"], query=query)
    pipeline = library.pipeline(
        "minutes",
        pipelines_dir=given["folder"],
        destination=library.destinations.snowflake(credentials=credentials),
        dataset_name=place["schema"].lower(),
    )
    beds = pandas.read_csv(given["file"])
    pipeline.run(beds.to_dict("records"), table_name="beds", loader_file_format="jsonl").raise_on_failed_jobs()
    with pipeline.sql_client() as client:
        with client.execute_query("SELECT case_id, bed FROM beds") as cursor:
            loaded = cursor.df()
        with client.execute_query(PREDICTIONS) as cursor:
            predictions = cursor.df()
    frame = joined(loaded, predictions)
    pipeline.run(frame.to_dict("records"), table_name=given["table"].lower(), loader_file_format="parquet").raise_on_failed_jobs()
    # Its own columns, by which it knows a load, stand behind.
    columns = [name for name in pipeline.default_schema.get_table_columns(given["table"].lower()) if not name.startswith("_dlt")]
    return dict(loaded=len(loaded), predictions=len(predictions), columns=[name.upper() for name in columns])


def adbc(given):
    import adbc_driver_snowflake.dbapi as driver
    import pyarrow.csv

    place = given["connection"]
    options = {f"adbc.snowflake.sql.{name}": str(place[key]) for name, key in ADBC.items()}
    with driver.connect(db_kwargs={**options, "username": place["user"], "password": place["password"]}, autocommit=True) as connection:
        with connection.cursor() as cursor:
            beds = pyarrow.csv.read_csv(given["file"]).rename_columns(["CASE_ID", "BED"])
            for mode, part in (("create", beds.slice(0, 10)), ("append", beds.slice(10))):
                cursor.adbc_ingest("BEDS", part, mode=mode)
            cursor.execute(PREDICTIONS)
            predictions = cursor.fetch_arrow_table().to_pandas()
            cursor.execute("SELECT * FROM beds")
            loaded = cursor.fetch_arrow_table().to_pandas()
            cursor.adbc_ingest(given["table"], pyarrow.Table.from_pandas(joined(loaded, predictions)), mode="create")
            found = connection.adbc_get_objects(
                depth="all", catalog_filter=place["database"], db_schema_filter=place["schema"], table_name_filter=given["table"]
            )
            (table,) = found.read_all().to_pylist()[0]["catalog_db_schemas"][0]["db_schema_tables"]
    return dict(loaded=len(loaded), predictions=len(predictions), columns=[c["column_name"] for c in table["table_columns"]])


ADBC = {
    **{"account": "account", "db": "database", "schema": "schema", "warehouse": "warehouse", "role": "role"},
    **{"uri.protocol": "protocol", "uri.host": "host", "uri.port": "port"},
}

given = json.load(sys.stdin)
print(json.dumps({"connector": connector, "alchemy": alchemy, "snowpark": snowpark, "dlt": dlt, "adbc": adbc}[given["client"]](given)))
