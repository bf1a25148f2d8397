import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generateGeneral, MINUTES } from '../../demo/general/generate.js';
import { projectRoot } from '../../deploy/project.js';
import { codesOf, type Expected, expectStays, type Stay } from '../../procedures/excess/expectation.js';
import { type Group, type Judgement, judgeGroups } from '../../procedures/excess/judge.js';
import { spreadsOf } from '../../procedures/excess/spread.js';
import { random } from '../../procedures/ground/random.js';
import { splitCsv } from '../csv.js';
import type { Benchmark, Measurement } from '../harness.js';
import { python } from '../python.js';

const SPARCS = join(projectRoot, '../shared/data/sparcs_hf_27925.csv.gz');
/** The contract sparcs_hf_severity without the places. */
const FEATURES = [
  'age_group',
  'admission_type',
  'ed_indicator',
  'payer_primary',
  'payer_secondary',
  'payer_tertiary',
  'apr_severity_code',
  'apr_mortality_risk',
];
/** A hospital with fewer stays says little. */
const FEWEST = 30;
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const PEER = `
import sys, numpy as np, pandas as pd, xgboost as xgb
d = pd.read_csv(sys.argv[1]); X = d[sys.argv[2].split(',')].astype(str).astype('category'); y = d.los.values
fold = np.random.RandomState(42).randint(0, 5, len(y)); p = np.zeros(len(y))
for f in range(5):
    m = xgb.XGBRegressor(n_estimators=100, learning_rate=.05, max_depth=4, subsample=.8, colsample_bytree=.8, min_child_weight=10, tree_method='hist', enable_categorical=True, random_state=42)
    m.fit(X[fold != f], y[fold != f]); p[fold == f] = m.predict(X[fold == f])
print(1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum(), abs(y - p).mean())`;

/** The reference expectation and what is found beyond chance by it. */
export const benchmark: Benchmark = {
  name: 'excess',
  description:
    'Observed ÷ expected of the hospitals of SPARCS with 30 stays and more (../shared/data; not part of the repository), by a reference that knows age, type of admission, payers, severity and risk, and no place; with shuffled hospitals; and of 20 wards of 400 stays in the made-up general hospital, whose patients stay 10 % longer or do not. Peer: XGBoost with 100 trees on the same features, five folds.',
  run() {
    if (!existsSync(SPARCS)) throw new Error(`${SPARCS} is not there: this benchmark needs it.`);
    const rows = readRows(SPARCS);
    const [r2, mae] = python('-c', PEER, SPARCS, FEATURES.join()).trim().split(' ').map(Number);
    const { stays, expected } = expect(rows, FEATURES);
    const hospitals = rows.map(({ hospital_id }) => String(hospital_id));
    const real = judged(expected, hospitals, FEWEST);
    const knows = judged(expect(rows, [...FEATURES, 'hospital_id']).expected, hospitals, FEWEST);
    const shuffled = SEEDS.map((seed) => judged(expected, shuffle(hospitals, seed), 10));
    const all = shuffled.flat();
    const wards = SEEDS.map((seed) => [plant(seed, 1.1), plant(seed, 1)] as const);
    const line = (what: string, value: number, limit?: string, peer?: number): Measurement => ({
      what,
      value,
      unit: '',
      digits: value % 1 === 0 ? 0 : 3,
      ...(limit && { limit }),
      ...(peer !== undefined && { peer }),
    });
    return Promise.resolve([
      line('R² of the expectation', scores(stays, expected).r2, undefined, r2),
      line('MAE, days', scores(stays, expected).mae, undefined, mae),
      line(
        `of ${real.length} hospitals beyond three standard deviations`,
        real.filter(isFar).length,
        '50 to 58',
      ),
      line('the same, their skewness taken out', real.filter(({ z }) => Math.abs(z) > 3).length),
      line('found above and below at a rate of 5 %', real.filter(({ rate }) => rate < 0.05).length),
      line(
        'beyond the funnel',
        real.filter(({ ratio, funnelLow, funnelHigh }) => ratio < funnelLow || ratio > funnelHigh).length,
      ),
      line('beyond three where the expectation knows the hospital', knows.filter(isFar).length),
      line('most of 20 shuffles', Math.max(...shuffled.map((each) => each.filter(isFar).length)), '4'),
      line(
        `1 within the interval, of ${all.length} shuffled`,
        all.filter(holdsOne).length / all.length,
        '.935 to .965',
      ),
      line(
        'shuffles in which a hospital is found to have excess',
        shuffled.filter((each) => each.some(isFound)).length,
      ),
      line('planted 10 %: interval above 1, of 20', wards.filter(([[ward]]) => ward!.low > 1).length, '16'),
      line('planted 10 %: found among 14 wards, of 20', wards.filter(([[ward]]) => isFound(ward!)).length),
      line(
        'nothing planted: interval not above 1, of 20',
        wards.filter(([, [ward]]) => ward!.low <= 1).length,
        '19',
      ),
      line(
        'nothing planted: none of 14 wards found, of 20',
        wards.filter(([, each]) => !each.some(isFound)).length,
        '19',
      ),
    ]);
  },
};

type Row = Readonly<Record<string, string | null>>;

function readRows(file: string): Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  const names = splitCsv(header.trim());
  return lines.map((line) => {
    const fields = splitCsv(line.trim());
    return Object.fromEntries(names.map((name, i) => [name, fields[i] || null]));
  });
}

function expect(rows: readonly Row[], names: readonly string[]) {
  const stays = rows.map((row) => ({
    patient: String(row.record_id),
    days: Number(row.los),
    values: names.map((name) => row[name] ?? null),
  }));
  return {
    stays,
    expected: expectStays(
      stays,
      codesOf(
        stays,
        names.map(() => false),
      ),
    ),
  };
}

/** Units of some stays and more, in the order of their first stay. */
function judged(expected: readonly Expected[], units: readonly string[], fewest: number): Judgement[] {
  const spreads = spreadsOf(expected);
  const groups = new Map<string, Group>();
  expected.forEach(({ days, expected: mean }, i) => {
    const own = groups.get(units[i]!) ?? {
      stays: 0,
      days: 0,
      expected: 0,
      variance: 0,
      third: 0,
      squares: 0,
    };
    groups.set(units[i]!, {
      stays: own.stays + 1,
      days: own.days + days,
      expected: own.expected + mean,
      variance: own.variance + spreads[i]!.variance,
      third: own.third + spreads[i]!.third,
      squares: own.squares + (days - mean) ** 2,
    });
  });
  return judgeGroups([...groups.values()].filter(({ stays }) => stays >= fewest));
}

/** A ward of 400 stays and 13 others, whose patients come as they do to all; those of the first stay so many times as long. */
function plant(seed: number, factor: number): Judgement[] {
  const next = random(seed);
  const { encounters } = generateGeneral({ seed, lastDay: '2026-11-30', days: 100 });
  const share = 400 / encounters.length;
  const wards = encounters.map(() => (next() < share ? '0' : String(1 + Math.floor(13 * next()))));
  const stays = encounters.map(({ facts, person, admitted, discharged }, i): Stay => {
    const { diagnosis, type, living, sex, age, comorbidities, news, creatinine, crp } = facts;
    const nights = Math.max(0.5, (discharged - admitted) / MINUTES);
    return {
      patient: String(person.id),
      days: wards[i] === '0' ? nights * factor : nights,
      values: [diagnosis, type, living, sex, age, comorbidities, news, creatinine, crp],
    };
  });
  const numeric = stays[0]!.values.map((_, i) => i > 3);
  const all = judged(expectStays(stays, codesOf(stays, numeric)), wards, 1);
  const first = [...new Set(wards)].indexOf('0');
  return [all[first]!, ...all.filter((_, i) => i !== first)];
}

function shuffle(list: readonly string[], seed: number): string[] {
  const next = random(seed);
  const shuffled = [...list];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

function scores(stays: readonly Stay[], expected: readonly Expected[]) {
  const mean = stays.reduce((sum, { days }) => sum + days, 0) / stays.length;
  const sum = (of: (days: number, i: number) => number) =>
    stays.reduce((all, { days }, i) => all + of(days, i), 0);
  return {
    r2: 1 - sum((days, i) => (days - expected[i]!.expected) ** 2) / sum((days) => (days - mean) ** 2),
    mae: sum((days, i) => Math.abs(days - expected[i]!.expected)) / stays.length,
  };
}

const isFar = ({ deviations }: Judgement) => Math.abs(deviations) > 3;
const holdsOne = ({ low, high }: Judgement) => low <= 1 && high >= 1;
const isFound = ({ z, rate }: Judgement) => z > 0 && rate < 0.05;
