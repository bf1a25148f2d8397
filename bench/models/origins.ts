import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCsv } from '../../contracts/files/load-csv.js';
import type { Context } from '../../deploy/context.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { findVersion } from '../../deploy/model/registry.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject, featureSelect } from '../../procedures/dataset/feature-sql.js';
import { type Block, bootstrap, total } from '../../procedures/ground/bootstrap.js';
import { namesOf } from '../../procedures/versions/registry.js';
import { knownOn } from '../beds/hdhi.js';
import { splitCsv } from '../csv.js';
import type { Benchmark, Measurement } from '../harness.js';
import { hdhiCsv } from '../hdhi-file.js';
import { python } from '../python.js';
import { REFERENCE } from './origins-reference.js';
import { trained } from './trained.js';

export const HDHI_DATES = 'bench/datasets/hdhi_dates.yaml';
/** What was known on an evening is trained on, and who was admitted on the days after it is measured, to the last day. */
interface Origin {
  readonly evening: string;
  readonly last: string;
}
/** The file ends on 31 October 2018: who came two weeks before that, or earlier, has nearly always left. */
const ORIGINS =
  process.env.LOS_ORIGINS ??
  '2017-10-31:2017-12-31 2017-12-31:2018-02-28 2018-02-28:2018-04-30 2018-04-30:2018-06-30 2018-06-30:2018-08-31 2018-08-31:2018-10-16';

/** Stays are compared up to here, in days from 0 on, where the reference's curves end. */
const LONGEST = 119;

/** What a curve came to for one stay. */
interface Scored {
  readonly crps: number;
  readonly median: number;
  readonly days: number;
  /** 1 where the stay lies in the 80 % interval. */
  readonly inside: number;
}

interface Stay {
  readonly patient: string;
  readonly los: number;
  readonly own: Scored;
  readonly peer: Scored;
}

/** The product on months that it has not seen, beside plain Python on the same known rows. */
export const benchmark: Benchmark = {
  name: 'origins',
  description:
    'Rolling origins on real admissions with their dates (HDHI, ../shared/data; LOS_HDHI_FILE names another file of the same shape): on each evening the product is trained on the rows as they were known then, with the settings as they come, and its version predicts who was admitted in the two months after. The peer is the discrete-time hazard of ../shared/reference/distribution_reference.py, refitted in the same run to what was known of the same rows (bench/models/origins-reference.ts). “Pooled” is over all stays of all origins; its ratio has a 95 % bootstrap interval over patients, who are drawn for both sides together. LOS_ORIGINS names other evenings and last days of admission (2018-10-31:2019-03-31).',
  async run({ log }): Promise<Measurement[]> {
    const csv = hdhiCsv();
    const lines: Measurement[] = [];
    const all: Stay[] = [];
    for (const origin of originsOf(ORIGINS)) {
      const stays = await measure(origin, csv, log);
      all.push(...stays);
      lines.push({
        what: `${origin.evening}, ${stays.length} stays to ${origin.last}: CRPS`,
        ...beside(stays, (of) => of.crps),
        unit: 'days',
        digits: 3,
      });
    }
    const limits = { crps: '≤ 1.005, from ≤ 1.000', median: '≤ 1.005' };
    const pooled = (what: string, one: (of: Scored, stay: Stay) => number, unit = 'days') =>
      lines.push({ what: `pooled: ${what}`, ...beside(all, one), unit, digits: 3 });
    pooled('CRPS', (of) => of.crps);
    pooled('MAE of the median', (of, { los }) => Math.abs(of.median - los));
    const mean = all.reduce((sum, { los }) => sum + los, 0) / all.length;
    pooled('days predicted ÷ days', (of) => of.days / mean, '');
    pooled('in the 80 % interval', (of) => of.inside, '');
    for (const [what, one, limit] of [
      ['CRPS', (of: Scored) => of.crps, limits.crps],
      ['MAE of the median', (of: Scored, { los }: Stay) => Math.abs(of.median - los), limits.median],
    ] as const) {
      const { ratio, low, high } = ratioOf(all, one);
      lines.push({ what: `pooled: ${what} ÷ the reference’s`, value: ratio, unit: '', digits: 4, limit });
      lines.push({ what: '· the lower end of its interval', value: low, unit: '', digits: 4 });
      lines.push({ what: '· the upper end', value: high, unit: '', digits: 4 });
    }
    return lines;
  },
};

/** @throws Error where one is no evening with a later last day */
function originsOf(text: string): Origin[] {
  return text
    .trim()
    .split(/\s+/)
    .map((each) => {
      const [evening = '', last = ''] = each.split(':');
      if (!(Date.parse(evening) < Date.parse(last)))
        throw new Error(
          `LOS_ORIGINS has ${each}: write an evening and a last day, as 2018-10-31:2019-03-31.`,
        );
      return { evening, last };
    });
}

async function measure(
  { evening, last }: Origin,
  csv: string,
  log: (message: string) => void,
): Promise<Stay[]> {
  const laterFile = (folder: string) => join(folder, 'later.csv');
  const knownFile = (folder: string) => join(folder, 'known.csv');
  return await trained(
    {
      dataset: HDHI_DATES,
      file: (folder) => {
        writeFileSync(laterFile(folder), admittedBetween(csv, evening, last));
        writeFileSync(knownFile(folder), knownOn(evening, csv, loadContract(HDHI_DATES, 'UTC')));
        return knownFile(folder);
      },
    },
    async (ctx, contract, version, folder) => {
      const own = await predicted(ctx, contract, version, laterFile(folder));
      const peer = reference(knownFile(folder), laterFile(folder), evening);
      const stays = own.flatMap(({ id, ...stay }): Stay[] => {
        const other = peer.get(id);
        return other ? [{ ...stay, peer: other }] : [];
      });
      if (stays.length !== own.length || stays.length !== peer.size)
        throw new Error(
          `${own.length} stays were predicted, ${peer.size} by the reference, ${stays.length} by both`,
        );
      const { value, peer: theirs } = beside(stays, (of) => of.crps);
      log(`${evening}: CRPS ${value.toFixed(4)}, the reference ${theirs.toFixed(4)}`);
      return stays;
    },
  );
}

/** The rows of admissions after an evening up to a last day, of those who have left. */
export function admittedBetween(csv: string, evening: string, last: string): string {
  const [header, ...records] = csv.trim().split(/\r?\n/);
  const names = splitCsv(header!);
  const [admitted, discharged] = ['admission_date', 'discharge_date'].map((name) => names.indexOf(name));
  const lines = records.filter((record) => {
    const fields = splitCsv(record);
    return fields[admitted!]! > evening && fields[admitted!]! <= last && fields[discharged!] !== '';
  });
  return `${[header, ...lines].join('\n')}\n`;
}

/** What a version predicts of admissions that it has never seen, through its own external function. */
async function predicted(
  ctx: Context,
  contract: Contract,
  version: string,
  file: string,
): Promise<(Omit<Stay, 'peer'> & { id: string })[]> {
  await ctx.snowflake.execute(`CREATE TABLE LATER LIKE ${contract.table}`);
  await loadCsv(ctx, contract, file, 'LATER');
  const { predict } = namesOf(ctx.settings, await findVersion(ctx, contract, version));
  const { id, patient, admission, discharge } = contract;
  const rows = await ctx.snowflake.query<Record<string, string | number | null>>(
    `SELECT TO_VARCHAR(${id}) AS ID, PATIENT, STAY AS LOS, LOS_EVALUATE_CURVE(D:curve::OBJECT, STAY)[0]::FLOAT AS CRPS,
  D:median::FLOAT AS MEDIAN, D:days::FLOAT AS DAYS, IFF(STAY BETWEEN D:low::FLOAT AND D:high::FLOAT, 1, 0) AS INSIDE
FROM (
  SELECT l.${id}, TO_VARCHAR(l.${patient}) AS PATIENT, LEAST(DATEDIFF(day, l.${admission}, l.${discharge}), ${LONGEST}) AS STAY, f.D
  FROM (SELECT ${id}, ${predict}(${featureObject(contract)}) AS D FROM (${featureSelect(contract, 'LATER')})) AS f
  JOIN LATER AS l ON l.${id} = f.${id}
)`,
  );
  return rows.map((row) => ({
    id: String(row.ID),
    patient: String(row.PATIENT),
    los: Number(row.LOS),
    own: {
      crps: numberOf(row, 'CRPS'),
      median: numberOf(row, 'MEDIAN'),
      days: numberOf(row, 'DAYS'),
      inside: numberOf(row, 'INSIDE'),
    },
  }));
}

/** @throws Error where there is none: NULL would be read as 0, the score of a perfect prediction */
function numberOf(row: Readonly<Record<string, string | number | null>>, name: string): number {
  const value = row[name];
  if (value === null || value === undefined || !Number.isFinite(Number(value)))
    throw new Error(
      `Admission ${row.ID} has no ${name}: the version did not answer, so nothing is measured.`,
    );
  return Number(value);
}

function reference(known: string, later: string, evening: string): Map<string, Scored> {
  const lines = python('-c', REFERENCE, known, later, evening).trim().split('\n');
  return new Map(
    lines.map((line): [string, Scored] => {
      const [id, crps, median, days, inside] = line.split(',').map(Number) as number[];
      return [String(id), { crps: crps!, median: median!, days: days!, inside: inside! }];
    }),
  );
}

/** Means of both sides. */
function beside(
  stays: readonly Stay[],
  one: (of: Scored, stay: Stay) => number,
): { value: number; peer: number } {
  const mean = (side: 'own' | 'peer') =>
    stays.reduce((sum, stay) => sum + one(stay[side], stay), 0) / stays.length;
  return { value: mean('own'), peer: mean('peer') };
}

/** The one mean divided by the other, with its interval over patients. */
function ratioOf(
  stays: readonly Stay[],
  one: (of: Scored, stay: Stay) => number,
): { ratio: number; low: number; high: number } {
  const blocks = new Map<string, { OWN: number; PEER: number }>();
  for (const stay of stays) {
    const { OWN, PEER } = blocks.get(stay.patient) ?? { OWN: 0, PEER: 0 };
    blocks.set(stay.patient, { OWN: OWN + one(stay.own, stay), PEER: PEER + one(stay.peer, stay) });
  }
  const all = [...blocks.values()];
  const ratio = ({ OWN, PEER }: Block) => OWN! / PEER!;
  const [low, high] = bootstrap(all, { ratio }).ratio!;
  return { ratio: ratio(total(all)), low, high };
}
