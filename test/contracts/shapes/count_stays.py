"""Counts stays and their wards in the published files, by hand: what the SQL of the shapes is held against. Prints JSON."""

import csv
import gzip
import json
import sys
from collections import defaultdict

folder = sys.argv[1]


def rows(name):
    with gzip.open(f"{folder}/omop/{name}.csv.gz", "rt", newline="") as file:
        return list(csv.DictReader(file))


def is_admission(visit):
    """MIMIC writes patient|admission for a stay in hospital, and patient|day for a visit to a clinic."""
    parts = visit["visit_source_value"].split("|")
    return len(parts) == 2 and parts[1].isdigit()


def omop():
    names = {site["care_site_id"]: site["care_site_name"] for site in rows("care_site")}
    details = defaultdict(list)
    for detail in rows("visit_detail"):
        # Patient|admission|transfer is a place; patient|admission the visit over again, patient|admission|time a service.
        parts = detail["visit_detail_source_value"].split("|")
        if len(parts) == 3 and parts[2].isdigit():
            times = detail["visit_detail_start_datetime"], detail["visit_detail_end_datetime"]
            details[detail["visit_occurrence_id"]].append([names.get(detail["care_site_id"]), *times])
    stays = {}
    for visit in rows("visit_occurrence"):
        if is_admission(visit):
            stays[visit["visit_occurrence_id"]] = {
                "number": visit["visit_source_value"].split("|")[1],
                "from": visit["visit_start_datetime"],
                "to": visit["visit_end_datetime"],
                "places": sorted(details[visit["visit_occurrence_id"]], key=lambda place: place[1:]),
            }
    return stays


def fhir():
    def local(time):
        return time[:19].replace("T", " ")

    stays = {}
    with gzip.open(f"{folder}/fhir/Encounter.ndjson.gz", "rt") as file:
        for encounter in map(json.loads, file):
            places = [
                [place["location"]["reference"].split("/")[-1], *(local(place["period"][end]) for end in ("start", "end"))]
                for place in encounter.get("location", [])
            ]
            stays[encounter["id"]] = {
                "number": encounter["identifier"][0]["value"],
                "from": local(encounter["period"]["start"]),
                "to": local(encounter["period"]["end"]),
                "places": sorted(places, key=lambda place: place[1:]),
            }
    return stays


json.dump({"omop": omop(), "fhir": fhir()}, sys.stdout)
