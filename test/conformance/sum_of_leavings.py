"""Reads lists of probabilities (JSON, standard input), prints for each the distribution of the sum, from exact fractions."""
import json
import sys
from fractions import Fraction

for stays in json.load(sys.stdin):
    shares = [Fraction(1)]
    for stay in map(Fraction, stays):
        longer = [Fraction(0)] * (len(shares) + 1)
        for n, share in enumerate(shares):
            longer[n] += share * (1 - stay)
            longer[n + 1] += share * stay
        shares = longer
    print(json.dumps([float(share) for share in shares]))
