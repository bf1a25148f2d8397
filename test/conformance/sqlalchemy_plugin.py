"""
A pytest plugin for the tests of Snowflake's dialect of SQLAlchemy, unchanged: its engines reach a server without TLS,
which no URL of theirs may ask for.
"""

from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "do_connect")
def without_tls(_dialect, _record, _args, parameters):
    parameters["protocol"] = "http"
