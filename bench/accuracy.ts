import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadCsv } from '../contracts/files/load-csv.js';
import type { Context } from '../deploy/context.js';
import { forDataset } from '../deploy/dataset/context.js';
import { measuresOf } from '../deploy/model/registry.js';
import { trainVersion } from '../deploy/model/train.js';
import { apply } from '../deploy/operate/apply.js';
import { projectRoot } from '../deploy/project.js';
import { runGraph } from '../deploy/scoring/graph.js';
import { random } from '../procedures/ground/random.js';
import { pitSql } from '../procedures/judging/evaluate.js';
import type { Measure } from '../procedures/judging/measures.js';
import type { Metrics } from '../procedures/judging/metrics.js';
import { splitCsv } from './csv.js';
import type { Benchmark, Measurement } from './harness.js';
import { type Gain, gainOf } from './models/paired.js';
import { inLocalCloud } from './pipeline.js';
import { python } from './python.js';

const SHARED = join(projectRoot, '../shared');
const REFERENCE = join(SHARED, 'reference/distribution_reference.py');
const SPARCS = join(SHARED, 'data/sparcs_hf_27925.csv.gz');
const HDHI = join(SHARED, 'data/hdhi_admissions.csv.gz');

/** What competes where hazards do not. */
const OF_DAYS = ['linear', 'forest', 'squared-error', 'gamma', 'tweedie'];

/** LOS_ACCURACY=HDHI runs only what begins so. */
const ONLY = process.env.LOS_ACCURACY ?? '';

/** Groups of fewer rows are too noisy for a bar. */
const GROUP_ROWS = 200;
const DAY = 86_400_000;
const TENTHS = 'decile of the prediction';

/** One training of the product, and what it is held to. */
interface Case {
  readonly title: string;
  readonly dataset: string;
  /** The CSV it is trained on; may be written into the folder. */
  file(folder: string): string;
  /** The reference's title of the same rows; left out: it has none. */
  readonly peer?: string;
  readonly limits: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  {
    title: 'SPARCS at admission',
    dataset: 'sql/datasets/sparcs_hf.yaml',
    file: () => SPARCS,
    peer: 'SPARCS at admission',
    limits: { RMSE: '≤ 5.99', CRPS: '≤ 2.505', 'MAE of the median': '≤ 3.36', PIT: '≤ .02' },
  },
  {
    title: 'SPARCS with severity',
    dataset: 'sql/datasets/sparcs_hf_severity.yaml',
    file: () => SPARCS,
    peer: 'SPARCS with severity',
    limits: { RMSE: '≤ 5.61', CRPS: '≤ 2.290', 'MAE of the median': '≤ 3.13', PIT: '≤ .02' },
  },
  {
    title: 'HDHI, May to August',
    dataset: 'bench/datasets/hdhi.yaml',
    file: (folder) => hdhi(folder, ({ month }) => side(month)),
    peer: 'HDHI at admission',
    limits: { CRPS: '≤ 2.00', 'MAE of the median': '≤ 2.75', PIT: '≤ .02' },
  },
  {
    title: 'HDHI, calibrated on other patients of the same months',
    dataset: 'bench/datasets/hdhi.yaml',
    // As the product divides what has dates: of the patients of the latest admissions two in five are the holdout.
    file: (folder) =>
      hdhi(folder, ({ month, patient }) =>
        month < '2018-05' ? 'train' : hashed(patient) < 0.4 ? 'test' : 'validation',
      ),
    limits: {},
  },
  {
    title: 'HDHI, September to mid-October',
    dataset: 'bench/datasets/hdhi.yaml',
    // Months that nothing was chosen by. The longest stays of late October had not ended when the table was cut.
    file: (folder) =>
      hdhi(
        folder,
        ({ month }) => (month < '2018-06' ? 'train' : month < '2018-09' ? 'validation' : 'test'),
        '2018-10-16',
      ),
    limits: {},
  },
];

/** The product's curves and intervals on real stays, beside distributions from Python's xgboost on the same rows. */
export const benchmark: Benchmark = {
  name: 'accuracy',
  description:
    'Distributions of stays on real admissions (../shared/data; not part of the repository), measured by the product itself through its external function: each data set trained with the settings as they come and measured on the reference’s holdout. The peer is ../shared/reference/distribution_reference.py in the same run: its discrete-time hazard, which is fitted to the validation rows as well. “Gained on bands” is the same training without models of hazards, on the same holdout: CRPS of its curves less that of the chosen version’s, with a 95 % bootstrap interval over patients (SPARCS knows none, so over stays). A group is of 200 stays or more and known on admission; “over its tolerance” is by how much the worst of them leaves 80 % ± the greater of 5 points and 3 binomial standard errors. PIT is by how much the share of stays in the worst tenth of their predicted distribution differs from .1; under it stand what right curves come to by chance, and, where hazards were chosen, whose curves are not fitted to them, the PIT of the rows that validated. The second HDHI training shows what the four months between calibration and test cost: it is calibrated on other patients of the months that it is measured on. The third is fitted to May, calibrated on June to August and measured on months that nothing was chosen by; they have been looked at more than once: before and after hazards were chosen by their corrected gain.',
  async run({ log }): Promise<Measurement[]> {
    for (const file of [SPARCS, HDHI, REFERENCE])
      if (!existsSync(file)) throw new Error(`${file} is not there: this benchmark needs it.`);
    const wanted = cases.filter(({ title }) => title.startsWith(ONLY));
    const peers = wanted.some(({ peer }) => peer !== undefined) ? reference(log) : {};
    const lines: Measurement[] = [];
    for (const each of wanted) {
      const { metrics, measures, known, candidate, gained, validationPit } = await trained(each);
      log(`${each.title}: ${candidate} was chosen`);
      const peer = each.peer === undefined ? {} : (peers[each.peer] ?? {});
      const line = (what: string, value: number, unit: string, limit = each.limits[what]): void => {
        const beside = peer[what];
        lines.push({
          what: `${each.title}: ${what}`,
          value,
          unit,
          digits: 3,
          ...(beside === undefined ? {} : { peer: beside }),
          ...(limit === undefined ? {} : { limit }),
        });
      };
      line('CRPS gained on bands', gained.gain, 'days');
      line('· the lower end of its interval', gained.low, 'days');
      line('· the upper end', gained.high, 'days');
      line('RMSE', metrics.rmse, 'days');
      line('CRPS', metrics.crps ?? Number.NaN, 'days');
      line('CRPS without features', metrics.noFeaturesCrps ?? Number.NaN, 'days');
      line('MAE of the median', metrics.maeOfMedian ?? Number.NaN, 'days');
      line('in the 80 % interval', metrics.coverage, '', '.78 to .82');
      const groups = measures.filter(
        ({ predictor, groupedBy, rows }) =>
          predictor === 'model' &&
          rows >= GROUP_ROWS &&
          (groupedBy === TENTHS || groupedBy.split(' × ').every(known)),
      );
      const worst = (some: readonly Measure[]) => Math.max(0, ...some.map(excess));
      const [tenths, own] = [true, false].map((yes) =>
        groups.filter(({ groupedBy }) => (groupedBy === TENTHS) === yes),
      );
      line('worst group over its tolerance', worst(own!), '', '0');
      line('worst tenth of predictions over it', worst(tenths!), '');
      line('PIT', offBy(metrics.pit ?? []), '');
      line('· of right curves, at most in 95 of 100 holdouts of that size', byChance(metrics.rows), '');
      if (validationPit !== null) line('· of the rows that validated', offBy(validationPit), '');
      for (const [side, pit] of Object.entries({ holdout: metrics.pit, validation: validationPit }))
        log(`${each.title}: PIT of the ${side} ${pit?.map((share) => share.toFixed(3)).join(' ')}`);
      for (const { groupedBy, level, rows, coverage, crps } of groups)
        log(
          `${each.title}: ${groupedBy} ${level}: ${rows} stays, in 80 % ${coverage?.toFixed(3)}, CRPS ${crps?.toFixed(3)}`,
        );
    }
    return lines;
  },
};

/** By how much the share of the worst tenth differs from .1. */
function offBy(pit: readonly number[]): number {
  return pit.length === 10 ? Math.max(...pit.map((share) => Math.abs(share - 0.1))) : Number.NaN;
}

/** What that comes to by chance in no more than one of twenty samples of so many rows, by simulation. */
function byChance(rows: number): number {
  const next = random(1);
  const worst = Array.from({ length: 2000 }, () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < rows; i++) counts[Math.floor(10 * next())]!++;
    return offBy(counts.map((count) => count / rows));
  }).sort((a, b) => a - b);
  return worst[Math.ceil(0.95 * worst.length) - 1]!;
}

/** Models of hazards are not fitted to these rows, which stop them and, where dates divide, set the pace. */
async function pitOfValidation(ctx: Context, version: string): Promise<number[]> {
  const rows = await ctx.snowflake.query<{ SHARE: number }>(
    `SELECT SUM(WEIGHT) / SUM(SUM(WEIGHT)) OVER () AS SHARE FROM (
  SELECT WEIGHT, LEAST(FLOOR(10 * (${pitSql('e.GONE_BEFORE', 'e.GONE_BY', 'CASE_ID')})), 9) AS TENTH
  FROM LOS_EVALUATION AS e WHERE VERSION = ? AND SIDE = 'validation' AND GONE_BY IS NOT NULL
) GROUP BY TENTH ORDER BY TENTH`,
    [version],
  );
  return rows.map(({ SHARE }) => Number(SHARE));
}

/** By how much a group's coverage leaves what is allowed; 0 where it does not. */
function excess({ coverage, rows }: Measure): number {
  const allowed = Math.max(0.05, 3 * Math.sqrt(0.16 / rows));
  return Math.max(0, Math.abs((coverage ?? Number.NaN) - 0.8) - allowed);
}

/** Trains and measures in a local cloud of its own. */
async function trained({ dataset, file }: Case): Promise<{
  metrics: Metrics;
  measures: readonly Measure[];
  known(name: string): boolean;
  candidate: string;
  gained: Gain;
  /** Shares of validation rows in the tenths of their distribution; null where distributions were fitted to them. */
  validationPit: number[] | null;
}> {
  return await inLocalCloud(
    'accuracy',
    async (root, folder) => {
      const { ctx, contract } = forDataset(root, dataset);
      await apply(ctx);
      await loadCsv(ctx, contract, file(folder), contract.table);
      await runGraph(ctx, contract);
      const { version, metrics, candidate } = await trainVersion(ctx, contract);
      const measures = await measuresOf(ctx, version);
      const validationPit = candidate.startsWith('hazard') ? await pitOfValidation(ctx, version) : null;
      const bands = await trainVersion(ctx, contract, { candidates: OF_DAYS });
      const { id, patient = id } = contract;
      const pairs = await ctx.snowflake.query<{ PATIENT: string; OWN: number; BANDS: number }>(
        `SELECT TO_VARCHAR(s.${patient}) AS PATIENT, a.CRPS AS OWN, b.CRPS AS BANDS
  FROM LOS_EVALUATION AS a JOIN LOS_EVALUATION AS b ON b.CASE_ID = a.CASE_ID AND b.SIDE = a.SIDE
  JOIN ${contract.name.toUpperCase()}_TRAINING_SET AS s ON TO_VARCHAR(s.${id}) = a.CASE_ID
  WHERE a.SIDE = 'holdout' AND a.VERSION = ? AND b.VERSION = ?`,
        [version, bands.version],
      );
      const gained = gainOf(
        pairs.map(({ PATIENT, OWN, BANDS }) => ({ patient: PATIENT, with: OWN, without: BANDS })),
      );
      const known = (name: string) => name in contract.features;
      return { metrics, measures, known, candidate, gained, validationPit };
    },
    'mail: { to: [] }',
  );
}

/** Reads what the reference prints: its title → what is measured → its hazards'. */
function reference(log: (message: string) => void): Record<string, Record<string, number>> {
  log('Python reference');
  const peers: Record<string, Record<string, number>> = {};
  let title = '';
  for (const line of python(REFERENCE).split('\n')) {
    log(line);
    if (/^\S/.test(line)) title = line.replace(/ \(.*\)/, '').replace(/( \d+)+$/, '');
    const found =
      /^ {2}(no features|hazard) +CRPS ([\d.]+) +RMSE ([\d.]+) +MAE of the median ([\d.]+) +80 % ([\d.]+)/.exec(
        line,
      );
    if (!found) continue;
    const [crps, rmse, mae, inside] = found.slice(2).map(Number);
    peers[title] = {
      ...peers[title],
      ...(found[1] === 'no features'
        ? { 'CRPS without features': crps! }
        : { CRPS: crps!, RMSE: rmse!, 'MAE of the median': mae!, 'in the 80 % interval': inside! }),
    };
  }
  return peers;
}

interface Admission {
  /** Of the admission, as 2018-05. */
  readonly month: string;
  readonly patient: string;
}

/** The reference's split: fitted to January 2018, calibrated to April, measured on May to August. */
function side(month: string): string {
  return month < '2018-02' ? 'train' : month < '2018-05' ? 'validation' : 'test';
}

/**
 * Writes HDHI's ended admissions with LOS (both days count, at most 120) and REFERENCE_SPLIT.
 * @param before the day before which they were admitted
 * @returns the file
 */
function hdhi(folder: string, sideOf: (admission: Admission) => string, before = '2018-09-01'): string {
  const [header, ...records] = gunzipSync(readFileSync(HDHI)).toString('utf8').trim().split('\n');
  const names = splitCsv(header!);
  const place = (name: string) => names.indexOf(name);
  const lines = records.flatMap((record) => {
    const fields = splitCsv(record);
    const admitted = fields[place('admission_date')]!;
    const discharged = fields[place('discharge_date')];
    if (!discharged || admitted >= before) return [];
    const stay = (Date.parse(discharged) - Date.parse(admitted)) / DAY + 1;
    const admission = { month: admitted.slice(0, 7), patient: fields[place('patient_id')]! };
    return [`${record.trimEnd()},${Math.min(120, Math.max(1, stay))},${sideOf(admission)}`];
  });
  const file = join(folder, 'hdhi.csv');
  writeFileSync(file, `${[`${header!.trimEnd()},los,reference_split`, ...lines].join('\n')}\n`);
  return file;
}

/** A number from 0 to 1 that is always the same for a text. */
function hashed(text: string): number {
  return Number.parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16) / 2 ** 32;
}
