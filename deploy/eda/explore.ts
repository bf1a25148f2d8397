import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { losExpression } from '../dataset/feature-sql.js';
import { datasetNames, qualified } from '../dataset/names.js';
import type { Table } from '../mail/events.js';
import { sqlFile } from '../sql-file.js';

/** Days from which a stay counts as long. */
const LONG_STAY = 60;
/** Groups shown of each table. */
const LIMIT = 20;

export interface Overview {
  readonly admissions: number;
  readonly stays: number;
  readonly stillInHospital: number;
  readonly meanLos: number;
  readonly medianLos: number;
  readonly p90Los: number;
  readonly longest: number;
}

export interface Exploration {
  readonly dataset: string;
  readonly overview: Overview;
  /** One table per group of the contract. */
  readonly tables: Table[];
}

/** Explores the raw admissions in Snowflake: stays overall and by each group that the contract names. */
export async function explore(ctx: Context, contract: Contract): Promise<Exploration> {
  const { settings, snowflake, progress } = ctx;
  const stays = `SELECT *${contract.los === 'LOS' ? '' : `, ${losExpression(contract)} AS LOS`} FROM ${qualified(settings, datasetNames(contract).raw)}`;
  const [row] = await snowflake.query<Record<string, number>>(sqlFile('sql/eda/overview.sql', { stays }));
  const number = (key: string) => Number(row?.[key] ?? 0);
  const overview: Overview = {
    admissions: number('ADMISSIONS'),
    stays: number('STAYS'),
    stillInHospital: number('STILL_IN_HOSPITAL'),
    meanLos: number('MEAN_LOS'),
    medianLos: number('MEDIAN_LOS'),
    p90Los: number('P90_LOS'),
    longest: number('LONGEST'),
  };
  const tables: Table[] = [];
  for (const group of contract.groups) tables.push(await byGroup(ctx, group, stays));
  const negative = number('NEGATIVE');
  progress.note(
    overview.stays === 0
      ? 'no stay has ended yet'
      : `${overview.stays} stays, mean ${overview.meanLos} days, median ${overview.medianLos}, nine of ten within ${overview.p90Los}`,
  );
  if (negative > 0)
    progress.note(`${negative} discharged before they were admitted, left out (los dataset check)`);
  await ctx.mail.send('eda', {
    summary: `${overview.admissions} admissions of ${contract.name} were explored in Snowflake.`,
    dataset: contract.name,
    figures: [
      { label: 'Admissions', value: overview.admissions },
      ...(overview.stays > 0
        ? [
            { label: 'Mean stay (days)', value: overview.meanLos },
            { label: 'Median stay (days)', value: overview.medianLos },
            { label: 'Nine of ten within (days)', value: overview.p90Los },
          ]
        : []),
      ...(negative > 0 ? [{ label: 'Discharged before admitted, left out', value: negative }] : []),
      { label: 'Still in hospital', value: overview.stillInHospital },
    ],
    tables,
  });
  return { dataset: contract.name, overview, tables };
}

async function byGroup(ctx: Context, group: readonly string[], stays: string): Promise<Table> {
  const columns = group.join(', ');
  const rows = await ctx.snowflake.query(
    sqlFile('sql/eda/by-group.sql', { columns, stays, longStay: String(LONG_STAY), limit: String(LIMIT) }),
  );
  return {
    title: `LOS by ${group.join(' × ')}`,
    columns: [...group, 'Stays', 'Mean', 'Median', 'P90', `≥ ${LONG_STAY} days %`],
    rows: rows.map((row) => [
      ...group.map((column) => (row[column] === null ? '(missing)' : String(row[column]))),
      ...['STAYS', 'MEAN_LOS', 'MEDIAN_LOS', 'P90_LOS', 'LONG_STAYS_PERCENT'].map((key) => Number(row[key])),
    ]),
  };
}
