import type { Contract } from '../../procedures/dataset/contract.js';
import { losExpression } from '../../procedures/dataset/feature-sql.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { rawRows } from '../../procedures/dataset/raw.js';
import { qualified } from '../../procedures/ground/names.js';
import {
  FEWEST_PATIENTS,
  groupedColumns,
  groupedSelect,
  markSmallGroups,
} from '../../procedures/ground/small-groups.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';
import type { Table } from '../mail/events.js';
import { sqlFile } from '../sql-file.js';

/** Days from which a stay counts as long. */
const LONG_STAY = 60;
/** Groups shown of each table. */
const LIMIT = 20;
/** Temporary table of the ended stays with their groups. */
const GROUPED = 'LOS_EXPLORED_STAYS';

export interface Overview {
  readonly admissions: number;
  readonly stays: number;
  readonly stillInHospital: number;
  /** In days; null while fewer than ten patients had a stay that has ended. */
  readonly meanLos: number | null;
  readonly medianLos: number | null;
  readonly p90Los: number | null;
}

export interface Exploration {
  readonly dataset: string;
  readonly overview: Overview;
  /** One table per group of the contract. */
  readonly tables: Table[];
}

/**
 * Explores the raw admissions in Snowflake: stays overall and by each group that the contract names. No line of it is
 * about fewer than ten patients; small groups are one line together.
 */
export async function explore(ctx: Context, contract: Contract): Promise<Exploration> {
  const { settings, snowflake, progress } = ctx;
  const stays = `SELECT *${contract.los === 'LOS' ? '' : `, ${losExpression(contract)} AS LOS`} FROM ${rawRows(contract, qualified(settings, datasetNames(contract).raw))}`;
  const patient = contract.patient ?? contract.id;
  const fewest = String(FEWEST_PATIENTS);
  const [row] = await snowflake.query<Record<string, number | null>>(
    sqlFile('sql/eda/overview.sql', { stays, patient, fewest }),
  );
  const number = (key: string) => Number(row?.[key] ?? 0);
  const days = (key: string) => (row?.[key] === null || row?.[key] === undefined ? null : Number(row[key]));
  const overview: Overview = {
    admissions: number('ADMISSIONS'),
    stays: number('STAYS'),
    stillInHospital: number('STILL_IN_HOSPITAL'),
    meanLos: days('MEAN_LOS'),
    medianLos: days('MEDIAN_LOS'),
    p90Los: days('P90_LOS'),
  };
  const { meanLos, medianLos, p90Los } = overview;
  const tables = meanLos === null || contract.groups.length === 0 ? [] : await byGroups(ctx, contract, stays);
  const negative = number('NEGATIVE');
  progress.note(
    overview.stays === 0
      ? 'no stay has ended yet'
      : meanLos === null
        ? `the stays of fewer than ${FEWEST_PATIENTS} patients have ended, too few to say anything of them`
        : `${overview.stays} stays, mean ${meanLos} days, median ${medianLos}, nine of ten within ${p90Los}`,
  );
  if (negative > 0)
    progress.note(`${negative} discharged before they were admitted, left out (los dataset check)`);
  await ctx.mail.send('eda', {
    summary: `${overview.admissions} admissions of ${contract.name} were explored in Snowflake.`,
    dataset: contract.name,
    figures: [
      { label: 'Admissions', value: overview.admissions },
      ...Object.entries({
        'Mean stay (days)': meanLos,
        'Median stay (days)': medianLos,
        'Nine of ten within (days)': p90Los,
      }).flatMap(([label, value]) => (value === null ? [] : [{ label, value }])),
      ...(negative > 0 ? [{ label: 'Discharged before admitted, left out', value: negative }] : []),
      { label: 'Still in hospital', value: overview.stillInHospital },
    ],
    tables,
  });
  return { dataset: contract.name, overview, tables };
}

/** One table per group of the contract. The stays are copied for as long as this takes: which are small groups is marked in the copy. */
async function byGroups(ctx: Context, { groups, patient, id }: Contract, stays: string): Promise<Table[]> {
  const { settings, snowflake } = ctx;
  const table = qualified(settings, GROUPED);
  const grouped = groupedSelect(groups, patient ?? id).join(',\n  ');
  await snowflake.execute(sqlFile('sql/eda/stays.sql', { table, stays, grouped }));
  try {
    await drive(ctx, markSmallGroups(table, groups));
    const tables: Table[] = [];
    for (const place of groups.keys()) tables.push(await byGroup(ctx, groups, place, table));
    return tables;
  } finally {
    await snowflake.execute(`DROP TABLE IF EXISTS ${table}`);
  }
}

async function byGroup(
  { snowflake }: Context,
  groups: Contract['groups'],
  place: number,
  table: string,
): Promise<Table> {
  const { level, small } = groupedColumns(groups);
  const rows = await snowflake.query(
    sqlFile('sql/eda/by-group.sql', {
      table,
      level: level(place),
      small: small(place),
      longStay: String(LONG_STAY),
      limit: String(LIMIT),
      fewest: String(FEWEST_PATIENTS),
    }),
  );
  const name = groups[place]!.join(' × ');
  const all = Number(rows[0]?.ALL_GROUPS ?? 0);
  return {
    title: `LOS by ${name}${all > LIMIT ? ` (the ${LIMIT} largest of ${all} groups)` : ''}`,
    columns: [name, 'Stays', 'Mean', 'Median', 'P90', `≥ ${LONG_STAY} days %`],
    rows: rows.map((row) => [
      String(row.LEVEL),
      ...['STAYS', 'MEAN_LOS', 'MEDIAN_LOS', 'P90_LOS', 'LONG_STAYS_PERCENT'].map((key) => Number(row[key])),
    ]),
  };
}
