"""Reads pairs of samples (JSON, standard input): of numbers, then of levels. Prints statistic and p-value of each from SciPy."""
import json
import sys

import numpy
from scipy import stats

given = json.load(sys.stdin)
for window, reference in given["numbers"]:
    distance = stats.ks_2samp(window, reference, method="asymp").statistic
    size = len(window) * len(reference) / (len(window) + len(reference))
    moved = (numpy.mean(window) - numpy.mean(reference)) / numpy.std(reference)
    print(json.dumps([float(distance), float(stats.kstwobign.sf(distance * numpy.sqrt(size))), float(moved)]))
for window, reference in given["levels"]:
    names = sorted(set(window) | set(reference))
    table = numpy.array([[side.count(name) for name in names] for side in (window, reference)])
    found = stats.chi2_contingency(table, correction=False)
    shares = table / table.sum(axis=1, keepdims=True)
    print(json.dumps([float(found.statistic), float(found.pvalue), float(abs(shares[0] - shares[1]).max())]))
