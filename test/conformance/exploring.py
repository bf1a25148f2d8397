"""Answers a contract's questions of admissions once more, row by row, with nothing of the product in it.

Input: {contract, rows, parts, longStayDays}; rows are the raw table's, parts give the part of each patient. Output: one line,
{question id: [table rows]}, of the tables that hold figures of groups.
"""

import datetime
import json
import math
import sys

given = json.load(sys.stdin)
contract, parts, long_stay = given["contract"], given["parts"], given["longStayDays"]
explore = contract["explore"]
FEWEST, MOST_LEVELS, SMALL = 10, 20, "(small groups, together)"
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def day(text):
    return None if text is None else datetime.date.fromisoformat(text)


stays = []
for row in given["rows"]:
    came, went = day(row["ADMISSION_DATE"]), day(row["DISCHARGE_DATE"])
    if went is not None and (went - came).days >= 0:
        stays.append(dict(row, CAME=came, WENT=went, LOS=(went - came).days, PATIENT=row["PATIENTID"]))


def text(value):
    return None if value is None else str(value)


def joined(*values):
    return "-".join(values)


for stay in stays:
    known = {name: text(stay[name]) if stay[name] is not None else "None" for name in ("TYPE_OF_ADMISSION", "SEVERITY_OF_ILLNESS", "DEPARTMENT")}
    stay["ADMISSION_MONTH"] = MONTHS[stay["CAME"].month - 1]
    stay["ADMISSION_DAY"] = WEEKDAYS[stay["CAME"].weekday()]
    stay["ADMISSION_ILLNESS"] = joined(known["TYPE_OF_ADMISSION"], known["SEVERITY_OF_ILLNESS"])
    stay["ILLNESS_BEDGRADE"] = joined(known["SEVERITY_OF_ILLNESS"], text(stay["BED_GRADE"]) or "0")
    stay["DEPARTMENT_ILLNESS"] = joined(known["DEPARTMENT"], known["SEVERITY_OF_ILLNESS"])
    stay["month of admission"] = stay["CAME"].strftime("%Y-%m")
    stay["weekday of admission"] = WEEKDAYS[stay["CAME"].weekday()]
    stay["weekday of discharge"] = WEEKDAYS[stay["WENT"].weekday()]

by_patient = {}
for stay in stays:
    by_patient.setdefault(stay["PATIENT"], []).append(stay)
for own in by_patient.values():
    own.sort(key=lambda stay: (stay["CAME"], stay["CASE_ID"]))
    for i, stay in enumerate(own):
        stay["stays of the patient"] = "5 and more" if len(own) >= 5 else str(len(own))
        since = None if i == 0 else (stay["CAME"] - own[i - 1]["WENT"]).days
        stay["since the last discharge"] = (
            "first stay" if i == 0 else "within 30 days" if since <= 30 else "31 to 90 days" if since <= 90 else "more than 90 days"
        )
middle = sorted(stay["CAME"] for stay in stays)[math.ceil(len(stays) / 2) - 1]
for stay in stays:
    stay["period"] = "later" if stay["CAME"] >= middle else "earlier"


def patients(some):
    return len({stay["PATIENT"] for stay in some})


# Codes: what each column's values are shown as, and in which order.
orders = dict(explore["levels"])
orders.update({
    "weekday of admission": WEEKDAYS,
    "weekday of discharge": WEEKDAYS,
    "period": ["earlier", "later"],
    "stays of the patient": ["1", "2", "3", "4", "5 and more"],
    "since the last discharge": ["first stay", "within 30 days", "31 to 90 days", "more than 90 days"],
})
derived = ["period", "month of admission", "weekday of admission", "weekday of discharge", "stays of the patient", "since the last discharge"]
features = contract["features"]
names = list(features) + derived
shown, order_of = {}, {}


def written(number):
    whole = round(number * 1000) / 1000
    return f"{whole:,.3f}".rstrip("0").rstrip(".")


def percentile(values, share):
    """The least value that so many of the sorted values do not exceed."""
    return values[max(0, math.ceil(share * len(values) - 1e-9) - 1)]


def ends(pairs):
    """What ten parts of the patients reach, of (value, part)."""
    low, high = {}, {}
    for value, part in pairs:
        low[part] = min(value, low.get(part, value))
        high[part] = max(value, high.get(part, value))
    if len(low) < FEWEST:
        return None, None
    return sorted(low.values())[FEWEST - 1], sorted(high.values())[-FEWEST]


def bounds(name):
    found = set(explore.get("bins", {}).get(name, []))
    for question in explore["questions"]:
        found |= set(question.get("bins", {}).get(name, []))
    return sorted(found)


def groups_of(cuts):
    words = [written(cut) for cut in cuts]
    return [f"to {words[0]}"] + [f"{a} to {b}" for a, b in zip(words, words[1:])] + [f"over {words[-1]}"]


def group_of(value, cuts, labels):
    return labels[next((i for i, cut in enumerate(cuts) if value <= cut), len(cuts))]


for name in names:
    values = [stay[name] for stay in stays if stay[name] is not None]
    if name in features and features[name]["type"] == "numeric":
        cuts = bounds(name)
        if not cuts and len(set(values)) > 12:
            values.sort()
            high = ends([(stay[name], parts[str(stay["PATIENT"])]) for stay in stays if stay[name] is not None])[1]
            cuts = sorted({cut for cut in (percentile(values, share) for share in (0.2, 0.4, 0.6, 0.8)) if cut < high})
        if cuts:
            labels = groups_of(cuts)
            order_of[name] = labels
            for stay in stays:
                stay["coded " + name] = "(missing)" if stay[name] is None else group_of(stay[name], cuts, labels)
            continue
    by_level = {}
    for stay in stays:
        if stay[name] is not None:
            by_level.setdefault(text(stay[name]), []).append(stay)
    ranked = sorted(by_level, key=lambda level: (-len(by_level[level]), level))
    limit = 60 if name in orders or name in derived else MOST_LEVELS
    kept = []
    for level in ranked[:limit]:
        counts = [patients([stay for stay in by_level[level] if stay["period"] == period]) for period in ("earlier", "later")]
        if all(n == 0 or n >= FEWEST for n in counts):
            kept.append(level)
    if name in orders:
        kept = sorted((level for level in kept if level in orders[name]), key=orders[name].index)
    elif all(level.lstrip("-").replace(".", "", 1).isdigit() for level in kept):
        kept.sort(key=float)
    elif name == "month of admission":
        kept.sort()
    order_of[name] = kept
    for stay in stays:
        value = text(stay[name])
        strange = name in orders and value not in orders[name]
        stay["coded " + name] = "(missing)" if value is None or strange else value if value in kept else "(other)"


def coded(name, question_bounds=None):
    """How a stay is shown by a column, and the order of what is shown."""
    if question_bounds is None or features[name]["type"] == "numeric":
        if question_bounds is None or question_bounds == bounds(name):
            return lambda stay: stay["coded " + name], order_of[name]
        raise ValueError("coarser groups of numbers are not recomputed")
    levels = orders[name]
    labels = [f"to {question_bounds[0]}"] + [f"over {a} to {b}" for a, b in zip(question_bounds, question_bounds[1:])] + [f"over {question_bounds[-1]}"]

    def show(stay):
        value = stay["coded " + name]
        if value not in levels:
            return value
        place = levels.index(value)
        return labels[sum(place > levels.index(bound) for bound in question_bounds)]

    return show, labels


def holds(where):
    def test(stay):
        for name, condition in where.items():
            value = stay["coded " + name]
            if value not in orders[name] or orders[name].index(value) > orders[name].index(condition["upTo"]):
                return False
        return True

    return test


# The rule of ten, for all tables at once.
checked = []
period = coded("period")[0]
for name in names:
    show = coded(name)[0]
    checked.append((lambda stay, show=show: (show(stay), period(stay))) if name != "period" else (lambda stay: (period(stay),)))
tables = []
for question in explore["questions"]:
    for by in question.get("by", []):
        dimensions = [coded(name, question.get("bins", {}).get(name)) for name in by]
        where = holds(question.get("where", {}))
        target = question.get("target", "LOS")
        tables.append((question, by, dimensions, where, target))
        checked.append(
            lambda stay, dimensions=dimensions, where=where, target=target: tuple(show(stay) for show, _ in dimensions)
            + (where(stay), stay[target] is not None)
        )
small = set()
given_up = set()
while True:
    before = (len(small), len(given_up))
    rest = [stay for stay in stays if stay["CASE_ID"] not in small]
    marked = set()
    for place, group in enumerate(checked):
        if place in given_up:
            continue
        found = {}
        for stay in rest:
            found.setdefault(group(stay), []).append(stay)
        few = [stay["CASE_ID"] for own in found.values() if patients(own) < FEWEST for stay in own]
        if len(few) > 0.1 * len(stays):
            given_up.add(place)
        else:
            marked |= set(few)
    small |= marked
    if (len(small), len(given_up)) == before:
        break
aside = patients([stay for stay in stays if stay["CASE_ID"] in small])
if small and aside < FEWEST:
    raise ValueError(f"{aside} patients are set aside: the next smallest group is not recomputed")


def figures(some, target):
    values = sorted(stay[target] for stay in some)
    n = len(values)
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1)) if n > 1 else None
    median = (values[(n - 1) // 2] + values[n // 2]) / 2
    low, high = ends([(stay[target], parts[str(stay["PATIENT"])]) for stay in some])
    p90 = percentile(values, 0.9)
    low = low if low is not None and low <= median else None
    high = high if high is not None and high >= p90 else None
    share = [] if target != "LOS" else [100 * sum(value >= long_stay for value in values) / n]
    return [n, mean, sd, low, median, p90, high] + share


def rank(labels, order):
    return [order[i].index(label) if label in order[i] else {"(missing)": 1000, "(other)": 1001}[label] for i, label in enumerate(labels)]


def table(dimensions, target="LOS", where=lambda stay: True, filtered=False):
    found, aside = {}, []
    for stay in stays:
        if stay[target] is None or not where(stay):
            continue
        if stay["CASE_ID"] in small:
            aside.append(stay)
        else:
            found.setdefault(tuple(show(stay) for show, _ in dimensions), []).append(stay)
    order = [order for _, order in dimensions]
    lines = [list(labels) + figures(found[labels], target) for labels in sorted(found, key=lambda labels: rank(labels, order))]
    if aside and not filtered:
        lines.append([SMALL] + [""] * (len(dimensions) - 1) + figures(aside, target))
    return lines


def shares(dimension, where):
    show, order = dimension
    asked, others = {}, {}
    for stay in stays:
        if stay["CASE_ID"] not in small:
            into = asked if where(stay) else others
            into[show(stay)] = into.get(show(stay), 0) + 1
    total = [sum(each.values()) for each in (asked, others)]
    return [
        [label, asked[label], 100 * asked[label] / total[0], 100 * others.get(label, 0) / total[1]]
        for label in sorted(asked, key=lambda label: rank([label], [order]))
    ]


def explained(name, some):
    groups = {}
    for stay in some:
        groups.setdefault(stay["coded " + name], []).append(stay["LOS"])
    n = len(some)
    if len(groups) < 2:
        return None
    mean = math.fsum(stay["LOS"] for stay in some) / n
    within = math.fsum((value - math.fsum(own) / len(own)) ** 2 for own in groups.values() for value in own)
    total = math.fsum((stay["LOS"] - mean) ** 2 for stay in some)
    return 1 - within / (n - len(groups)) / (total / (n - 1))


answers = {}
for place, (question, by, dimensions, where, target) in enumerate(tables):
    if len(names) + place in given_up:
        continue
    own = answers.setdefault(question["id"], [])
    if question["kind"] == "share":
        own.append(shares(dimensions[0], where))
    else:
        own.append(table(dimensions, target, where, bool(question.get("where"))))

numbers = []
for label, name in [("stay, days", "LOS")] + [(name, name) for name in features if features[name]["type"] == "numeric"]:
    values = sorted(stay[name] for stay in stays if stay[name] is not None)
    n = len(values)
    mean = math.fsum(values) / n
    low, high = ends([(stay[name], parts[str(stay["PATIENT"])]) for stay in stays if stay[name] is not None])
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    median = (values[(n - 1) // 2] + values[n // 2]) / 2
    numbers.append([label, n, len(set(values)), mean, sd, low, percentile(values, 0.25), median, percentile(values, 0.75), high])
answers["seed-01"] = [numbers]

found = []
for place, name in enumerate(features):
    share = explained(name, stays)
    if share is None or place in given_up:
        continue
    folds = sorted({parts[str(stay["PATIENT"])][-1] for stay in stays})
    without = [explained(name, [stay for stay in stays if parts[str(stay["PATIENT"])][-1] != fold]) for fold in folds]
    mean = sum(without) / len(without)
    error = math.sqrt(sum((each - mean) ** 2 for each in without) * (len(without) - 1) / len(without))
    found.append([name, 100 * max(0, share), 100 * max(0, share - 1.96 * error), 100 * max(0, share + 1.96 * error)])
answers["associations"] = [found]
answers["seasons"] = [table([coded("month of admission")])]
answers["weekdays"] = [table([coded("weekday of admission")])]
answers["patients"] = [table([coded("stays of the patient")]), table([coded("since the last discharge")])]
answers["periods"] = [table([coded("period")])]
print(json.dumps(answers))
