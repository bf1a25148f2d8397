/**
 * The peer of bench/models/origins.ts: the discrete-time hazard of ../shared/reference/distribution_reference.py, refitted to all known
 * stays. Arguments: a CSV of admissions as they were known on an evening, one of later admissions with their ends, and the evening. It
 * prints a line for each later stay: id, CRPS, median, mean, 1 where it lies in the 80 % interval.
 *
 * Known are stays of admissions up to two weeks before the evening that have ended: of later ones the short stays alone have. The newest
 * fifth of them stops the rounds, and the refit learns from it too. Days count from 0, as the product counts them.
 */
export const REFERENCE = `
import sys
import numpy as np, pandas as pd, xgboost as xgb
known, later = (pd.read_csv(name, parse_dates=["admission_date", "discharge_date"]) for name in sys.argv[1:3])
evening = pd.Timestamp(sys.argv[3])
known = known[known.discharge_date.notna() & (known.admission_date <= evening - pd.Timedelta(days=14))]
known = known.sort_values("admission_date", kind="stable").reset_index(drop=True)
DAYS = np.arange(0, 120)
ENDS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 20, 27, 119])
P = dict(tree_method="hist", subsample=.8, colsample_bytree=.8, min_child_weight=10, seed=42, nthread=2, eta=.05, max_depth=5,
         objective="binary:logistic", eval_metric="logloss")
numbers = ["age", "smoking", "alcohol", "diabetes", "hypertension", "coronary_disease", "prior_cardiomyopathy",
           "chronic_kidney_disease", "haemoglobin", "leucocytes", "platelets", "glucose", "urea", "creatinine", "bnp",
           "raised_cardiac_enzymes", "ejection_fraction"]
levels = {name: sorted(known[name].dropna().unique()) for name in ("gender", "rural", "admission_type")}
def features(rows):
    X = rows[numbers].apply(pd.to_numeric, errors="coerce")
    for name, values in levels.items():
        X[name] = pd.Categorical(rows[name], categories=values).codes
    return X.to_numpy(np.float32)
def stays(rows):
    return (rows.discharge_date - rows.admission_date).dt.days.to_numpy().clip(0, 119)
X, stay = features(known), stays(known)
def periods(rows):
    last = np.searchsorted(ENDS, stay[rows])
    index, period = np.repeat(rows, last + 1), np.concatenate([np.arange(n + 1) for n in last])
    label = np.zeros(len(index)); label[np.cumsum(last + 1) - 1] = 1
    return xgb.DMatrix(np.c_[X[index], period].astype(np.float32), label)
every = np.arange(len(known))
first = int(.8 * len(every))
rounds = xgb.train(P, periods(every[:first]), 600, evals=[(periods(every[first:]), "v")], early_stopping_rounds=30,
                   verbose_eval=False).best_iteration + 1
model = xgb.train(P, periods(every), rounds)
asked, truth = features(later), stays(later)
here, F, before = np.ones(len(asked)), np.zeros((len(asked), len(DAYS))), -1
for k, end in enumerate(ENDS):
    h = model.predict(xgb.DMatrix(np.c_[asked, np.full(len(asked), k)].astype(np.float32))) if end < 119 else 1
    days = np.arange(before + 1, end + 1)
    within = np.array([(stay == d).sum() + .5 for d in days])
    F[:, days] = (1 - here)[:, None] + (here * h)[:, None] * np.cumsum(within / within.sum())
    here, before = here * (1 - h), end
quantile = lambda q: DAYS[np.argmax(F >= q - 1e-9, axis=1)]
crps, mean, middle = ((F - (DAYS >= truth[:, None])) ** 2).sum(1), (1 - F).sum(1), quantile(.5)
inside = (truth >= quantile(.1)) & (truth <= quantile(.9))
for row in zip(later.admission_id, crps, middle, mean, inside):
    print(",".join(format(float(value), ".6g") for value in row))
`;
