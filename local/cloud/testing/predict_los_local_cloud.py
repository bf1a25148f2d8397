"""pytest -p predict_los_local_cloud: one local cloud for the run, in the environment and as the fixture local_cloud.

The package is installed by npm; PYTHONPATH has the folder of this file.
"""

import json
import os
import pathlib
import subprocess
import tempfile
from urllib.parse import urlsplit

import pytest

MAIN = pathlib.Path(__file__).resolve().parent.parent / "main.js"


def environment_of(connection):
    """How a cloud is reached, by the names that testing/environment.ts gives."""
    snowflake, aws = connection["snowflake"], connection["aws"]
    url = urlsplit(snowflake["accessUrl"])
    return {
        "SNOWFLAKE_ACCOUNT": snowflake["account"],
        "SNOWFLAKE_HOST": url.hostname,
        "SNOWFLAKE_PORT": str(url.port),
        "SNOWFLAKE_PROTOCOL": url.scheme,
        "SNOWFLAKE_USER": snowflake["user"],
        "SNOWFLAKE_PASSWORD": snowflake["password"],
        "SNOWFLAKE_ROLE": snowflake["role"],
        "AWS_ENDPOINT_URL": aws["endpoint"],
        "AWS_REGION": aws["region"],
        "AWS_ACCESS_KEY_ID": aws["accessKeyId"],
        "AWS_SECRET_ACCESS_KEY": aws["secretAccessKey"],
        "SMTP_URL": connection["mail"]["smtpUrl"],
    }


@pytest.fixture(scope="session")
def local_cloud():
    """The connection of a cloud that ends with the run; its environment is that of the tests."""
    with tempfile.TemporaryDirectory(prefix="local-cloud-") as state:
        command = ["node", "--expose-gc", str(MAIN), "--state", state, "--json", "--with-parent"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"The local cloud did not start: exit code {process.wait()}, see its error above.")
        connection = json.loads(line)
        before = dict(os.environ)
        os.environ.update(environment_of(connection))
        try:
            yield connection
        finally:
            os.environ.clear()
            os.environ.update(before)
            process.stdin.close()
            process.wait()
