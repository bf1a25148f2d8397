import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectRoot } from '../../deploy/project.js';
import { splitCsv } from '../csv.js';
import type { Benchmark, Measurement } from '../harness.js';
import { gainOf } from './paired.js';
import { trained } from './trained.js';

const HDHI = join(projectRoot, '../shared/data/hdhi_admissions.csv.gz');
const CONTRACT = join(projectRoot, 'bench/datasets/hdhi_dates.yaml');
const WINDOWS = [365, 90] as const;
const DAY = 86_400_000;

/** What became of the stays that the reference measures on. */
interface Judged extends Record<string, unknown> {
  readonly CASE_ID: string;
  readonly PATIENT: string;
  readonly CRPS: number;
  readonly BEFORE: number;
}

/** Whether a patient's earlier admissions tell anything of the next stay. */
export const benchmark: Benchmark = {
  name: 'history',
  description:
    'What the features of `history:` gain on the admissions of the Hero DMC Heart Institute (../shared/data; not part of the repository), where patients come again: fitted to admissions up to January 2018, calibrated on February to April, measured on May to August, both days of a stay counted, everything else as the settings come. Peer: the same training without them. Gain is the mean CRPS without less that with them, beside it the 95 % interval of a paired bootstrap over patients; above 0 they help.',
  async run({ log }): Promise<Measurement[]> {
    if (!existsSync(HDHI)) throw new Error(`${HDHI} is not there: this benchmark needs it.`);
    const lines: Measurement[] = [];
    for (const selection of [true, false]) {
      const settings = { featureSelection: { enabled: selection } };
      const how = selection ? '' : ', all features kept';
      const without = await judged(null, settings);
      for (const days of WINDOWS) {
        const own = await judged(days, settings);
        const line = (what: string, which: (row: Judged) => boolean) => {
          const pairs = own.rows.flatMap((row) => {
            const before = without.rows.find(({ CASE_ID }) => CASE_ID === row.CASE_ID);
            return before && which(row)
              ? [{ patient: row.PATIENT, without: before.CRPS, with: row.CRPS }]
              : [];
          });
          const mean = (of: (pair: (typeof pairs)[0]) => number) =>
            pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
          const { gain, low, high } = gainOf(pairs);
          const title = `${days} days${how}: ${what}`;
          lines.push(
            {
              what: `${title}, CRPS of ${pairs.length} stays`,
              value: mean((pair) => pair.with),
              peer: mean((pair) => pair.without),
              unit: 'days',
              digits: 3,
            },
            {
              what: `${title}, gain (${low.toFixed(3)} to ${high.toFixed(3)})`,
              value: gain,
              unit: 'days',
              digits: 3,
            },
          );
        };
        line('all', () => true);
        line('of who had come before', ({ BEFORE }) => BEFORE > 0);
        log(
          `${days} days${how}: kept ${own.kept.filter((name) => name.startsWith('EARLIER')).join(', ') || 'neither'}`,
        );
      }
    }
    return lines;
  },
};

/** @param days of the window; null: without history */
function judged(days: number | null, settings: Readonly<Record<string, unknown>>) {
  return trained(
    { dataset: (folder) => contractFile(folder, days), file: dataFile, settings },
    async (ctx, contract, version) => {
      const before = days === null ? '0' : 'COALESCE(s.EARLIER_ADMISSIONS, 0)';
      const rows = await ctx.snowflake.query<Judged>(
        `SELECT e.CASE_ID, TO_VARCHAR(s.${contract.patient}) AS PATIENT, e.CRPS, ${before} AS BEFORE
FROM LOS_EVALUATION AS e JOIN HDHI_TRAINING_SET AS s ON TO_VARCHAR(s.${contract.id}) = e.CASE_ID
WHERE e.VERSION = ? AND e.SIDE = 'holdout' ORDER BY e.CASE_ID`,
        [version],
      );
      const [model] = await ctx.snowflake.query<{ NAMES: string[] }>(
        `SELECT ARRAY_AGG(f.VALUE:name::VARCHAR) AS NAMES FROM LOS_MODEL_REGISTRY AS r, LATERAL FLATTEN(r.MODEL:features) AS f WHERE r.VERSION = ?`,
        [version],
      );
      return {
        rows: rows.map((row) => ({ ...row, CRPS: Number(row.CRPS), BEFORE: Number(row.BEFORE) })),
        kept: model!.NAMES,
      };
    },
  );
}

/** The contract of the dates, with the reference's split as a column. */
function contractFile(folder: string, days: number | null): string {
  const text = readFileSync(CONTRACT, 'utf8').replace(
    /^columns:\n/m,
    `split: { column: REFERENCE_SPLIT, training: train, validation: validation, holdout: test }\n${days === null ? '' : `history: { days: ${days} }\n`}columns:\n  REFERENCE_SPLIT: VARCHAR\n`,
  );
  const file = join(folder, 'hdhi.yaml');
  writeFileSync(file, text);
  return file;
}

/** All admissions up to August 2018; of a stay both days count. */
function dataFile(folder: string): string {
  const [header, ...records] = gunzipSync(readFileSync(HDHI)).toString('utf8').trim().split('\n');
  const names = splitCsv(header!);
  const [admission, discharge] = [names.indexOf('admission_date'), names.indexOf('discharge_date')];
  const lines = records.flatMap((record) => {
    const fields = splitCsv(record.trimEnd());
    const admitted = fields[admission]!;
    if (admitted >= '2018-09') return [];
    const left = fields[discharge]!;
    fields[discharge] = left && new Date(Date.parse(left) + DAY).toISOString().slice(0, 10);
    const side = admitted < '2018-02' ? 'train' : admitted < '2018-05' ? 'validation' : 'test';
    return [[...fields, side].join(',')];
  });
  const file = join(folder, 'hdhi.csv');
  writeFileSync(file, `${[`${header!.trimEnd()},reference_split`, ...lines].join('\n')}\n`);
  return file;
}
