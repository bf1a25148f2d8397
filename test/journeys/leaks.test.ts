import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checkDataset } from '../../contracts/checking/check.js';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { generateHealth } from '../../demo/health/index.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { rawColumns } from '../../procedures/dataset/feature-sql.js';
import { qualify } from '../../procedures/ground/names.js';
import { bill, csvOf, type Planted, planted } from '../deploy/dataset/planted-leaks.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const DATA = '../shared/data';
const ROWS = 4000;
const DAY = 86_400_000;

/** Stays in days, of which plants are drawn. */
const stays: Readonly<Record<string, () => number[]>> = {
  'generated health': () =>
    [...generateHealth({ seed: 3, trainingRows: ROWS, simulationRows: 0 })].map(
      ({ ADMISSION_DATE, DISCHARGE_DATE }) => (Date.parse(DISCHARGE_DATE) - Date.parse(ADMISSION_DATE)) / DAY,
    ),
  'New York’s heart failure': () => table('sparcs_hf_27925.csv.gz').map(({ los }) => Number(los)),
  'the Heart Institute’s': () =>
    table('hdhi_admissions.csv.gz')
      .filter(({ discharge_date }) => discharge_date)
      .map((row) => (Date.parse(row.discharge_date!) - Date.parse(row.admission_date!)) / DAY),
};

/** A file whose fields have no quotes where it matters. */
function table(file: string): Record<string, string>[] {
  const text = gunzipSync(readFileSync(join(DATA, file))).toString();
  const [head = '', ...lines] = text.split('\n');
  const names = head.split(',');
  const los = names.indexOf('los');
  return lines
    .filter((line) => !line.includes('"') && line !== '')
    .slice(los < 0 ? 0 : 8000)
    .slice(0, ROWS)
    .map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])));
}

describe('a leak', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let root: OpenContext;
  let tables = 0;
  before(async () => {
    local = await embeddedCloud();
    root = await local.open();
    await apply(root);
  });
  after(async () => {
    await root.close();
    await local.cloud.close();
    local.remove();
  });

  /** Features that a check of these columns says reveal the stay. */
  async function named(
    days: readonly number[],
    columns: Readonly<Record<string, Planted>>,
    known: readonly string[] = [],
  ): Promise<string[]> {
    const name = `planted_${++tables}`;
    const csv = join(local.folder, `${name}.csv`);
    writeFileSync(
      csv,
      csvOf({
        ID: days.map((_, i) => i + 1),
        DAYS: days,
        ...Object.fromEntries(Object.entries(columns).map(([key, { values }]) => [key, values])),
      }),
    );
    const types = Object.entries(columns).map(
      ([key, { type }]) => `  ${key}: ${type === 'numeric' ? 'FLOAT' : 'VARCHAR'}`,
    );
    const features = Object.entries(columns).map(
      ([key, { type }]) =>
        `  ${key}: { type: ${type}${known.includes(key) ? ', knownAtAdmission: true' : ''} }`,
    );
    const yaml = join(local.folder, `${name}.yaml`);
    writeFileSync(
      yaml,
      `name: ${name}\ntable: ${name.toUpperCase()}\nid: ID\nlos: DAYS\ncolumns:\n  ID: NUMBER\n  DAYS: NUMBER\n${types.join('\n')}\nfeatures:\n${features.join('\n')}\n`,
    );
    const { ctx, contract } = forDataset(root, yaml);
    return await checked(ctx, contract, csv);
  }

  async function checked(ctx: Context, contract: Contract, csv: string): Promise<string[]> {
    const { settings, snowflake } = ctx;
    await snowflake.execute(
      `CREATE OR REPLACE TABLE ${qualify(settings, contract.table)} (${rawColumns(contract).join(', ')})`,
    );
    await loadCsv(ctx, contract, csv, contract.table);
    const { problems } = await checkDataset(ctx, contract);
    const names = problems.flatMap((text) => /^(.*) reveals? the stay: /.exec(text)?.[1] ?? []);
    return names.flatMap((list) => list.split(/, | and /));
  }

  for (const [set, daysOf] of Object.entries(stays))
    it(`in the stays of ${set} is named in 20 of 20, whatever it tells them by`, async function () {
      if (set !== 'generated health' && !existsSync(DATA)) {
        console.log(`skipped: ${DATA} is not there`);
        this.skip();
      }
      const days = daysOf();
      const draws = {
        ...{ BILL_90: 20, BILL_98: 20, POINTS_LOG: 5, POINTS_FALLING: 5, DAILY_RESULTS: 5 },
        ...{ LENGTH_BAND: 5, CODE_OF_DAYS: 1, ONLY_LONG: 5, ONLY_LONGER: 5 },
      };
      const columns = planted(days, 2026, draws);
      const found = await named(days, columns);
      for (const [kind, count] of Object.entries(draws))
        expect(
          found.filter((name) => name.replace(/_\d+$/, '') === kind),
          kind,
        ).to.have.length(count);
    });

  it('of two columns together is named, and the one that is known on admission is let be', async () => {
    for (const seed of [21, 22, 23]) {
      const days = stays['generated health']!();
      const columns = {
        ...bill(days, seed),
        AGE: { type: 'numeric' as const, values: days.map((_, i) => (i * 7919) % 90) },
      };
      expect(await named(days, columns)).to.have.members(['DEPOSIT', 'REST']);
      expect(await named(days, columns, ['DEPOSIT'])).to.deep.equal(['REST']);
      expect(await named(days, columns, ['DEPOSIT', 'REST'])).to.deep.equal([]);
    }
  });

  for (const [set, [file, csv]] of Object.entries({
    'New York’s heart failure': ['sql/datasets/sparcs_hf.yaml', `${DATA}/sparcs_hf_27925.csv.gz`],
    'the same with severity': ['sql/datasets/sparcs_hf_severity.yaml', `${DATA}/sparcs_hf_27925.csv.gz`],
    'the Heart Institute': ['bench/datasets/hdhi_dates.yaml', `${DATA}/hdhi_admissions.csv.gz`],
  } as const))
    it(`is nothing that ${set} knows on admission`, async function () {
      if (!existsSync(csv)) {
        console.log(`skipped: ${csv} is not there`);
        this.skip();
      }
      const { ctx, contract } = forDataset(root, file);
      expect(await checked(ctx, contract, csv)).to.deep.equal([]);
    });

  it('is nothing that the generated hospitals know on admission', async () => {
    const rows = [...generateHealth({ seed: 4, trainingRows: 30_000, simulationRows: 0 })];
    const columns = Object.keys(rows[0]!) as (keyof (typeof rows)[0])[];
    const csv = join(local.folder, 'health.csv');
    writeFileSync(
      csv,
      csvOf(Object.fromEntries(columns.map((name) => [name, rows.map((row) => row[name])]))),
    );
    const health = forDataset(root, 'sql/datasets/health.yaml');
    expect(await checked(health.ctx, health.contract, csv)).to.deep.equal([]);
  });
});
