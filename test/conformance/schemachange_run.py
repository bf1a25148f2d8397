"""
Runs schemachange from its checkout with the arguments given. It does not hand on host, port and protocol of a
connection, so they are added where it connects; nothing else of it is touched.
"""

import json
import os
import sys

import snowflake.connector

given = json.loads(os.environ["LOS_SCHEMACHANGE"])
connect = snowflake.connector.connect


def connect_here(*args, **kwargs):
    return connect(*args, **{**kwargs, **given})


snowflake.connector.connect = connect_here
from schemachange.cli import main  # noqa: E402

sys.argv = ["schemachange", *sys.argv[1:]]
main()
