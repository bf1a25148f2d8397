"""Holds every answer that botocore receives to botocore's own model of the service.

botocore's parsers are lenient: they drop what they do not know and leave out what is missing. These checks are not.
"""
import json

# Required by the model, but absent in AWS's own answers too while there is nothing to tell.
ABSENT_IN_AWS = {("DescribeTrainingJob", "ModelArtifacts")}


def watch(session, complaints):
    """Lets each answer of the session's clients be checked; complaints go to the list."""
    session.events.register("before-parse", lambda **event: _check_wire(complaints, **event))
    session.events.register("after-call", lambda **event: _check_parsed(complaints, **event))


def _check_wire(complaints, operation_model, response_dict, **_):
    """Members of a JSON answer that the model does not have, and values of another type."""
    protocol = operation_model.service_model.metadata["protocol"]
    shape = operation_model.output_shape
    if response_dict["status_code"] >= 300 or shape is None or "json" not in protocol:
        return
    if shape.serialization.get("payload"):
        return
    body = response_dict["body"]
    if body:
        _compare(complaints, operation_model.name, shape, json.loads(body))


def _compare(complaints, where, shape, value):
    kind = shape.type_name
    if value is None:
        return
    if kind == "structure":
        if not isinstance(value, dict):
            complaints.append(f"{where}: {value!r} is no structure")
            return
        members = {
            member.serialization.get("name", name): member for name, member in shape.members.items()
        }
        for name, inner in value.items():
            if name in members:
                _compare(complaints, f"{where}.{name}", members[name], inner)
            else:
                complaints.append(f"{where}: {name} is not in the model")
    elif kind == "map":
        for name, inner in value.items():
            _compare(complaints, f"{where}.{name}", shape.value, inner)
    elif kind == "list":
        if not isinstance(value, list):
            complaints.append(f"{where}: {value!r} is no list")
            return
        for inner in value:
            _compare(complaints, f"{where}[]", shape.member, inner)
    else:
        wanted = {
            "string": str,
            "boolean": bool,
            "integer": int,
            "long": int,
            "float": (int, float),
            "double": (int, float),
            "timestamp": (int, float),
            "blob": str,
        }[kind]
        if not isinstance(value, wanted):
            complaints.append(f"{where}: {value!r} is no {kind}")


def _check_parsed(complaints, http_response, parsed, model, **_):
    """Required members that are missing and values that an enumeration does not have."""
    if http_response.status_code >= 300 or model.output_shape is None:
        return
    _require(complaints, model.name, model.name, model.output_shape, parsed)


def _require(complaints, operation, where, shape, value):
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        for name in shape.required_members:
            if name not in value and (operation, name) not in ABSENT_IN_AWS:
                complaints.append(f"{where}: the required {name} is missing")
        for name, member in shape.members.items():
            if name in value:
                _require(complaints, operation, f"{where}.{name}", member, value[name])
    elif kind == "list":
        for inner in value or []:
            _require(complaints, operation, f"{where}[]", shape.member, inner)
    elif kind == "map":
        for inner in (value or {}).values():
            _require(complaints, operation, f"{where}{{}}", shape.value, inner)
    elif kind == "string" and getattr(shape, "enum", None) and value not in shape.enum:
        complaints.append(f"{where}: {value!r} is none of {', '.join(shape.enum[:8])}…")
