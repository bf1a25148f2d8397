import type { Contract } from '../../procedures/dataset/contract.js';
import { qualify } from '../../procedures/ground/names.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Table } from '../mail/events.js';
import type { Reader } from '../reader.js';
import { type HuddlePatient, readHuddle } from './huddle.js';
import { type Names, nameOf } from './names.js';
import { shortDay } from './tables.js';

/** Row of LOS_EXPECTED_DISCHARGES: one patient. */
export interface ExpectedDischarge {
  readonly id: string;
  readonly level: 'ward' | 'department';
  readonly unit: string;
  readonly days: number;
  /** By how many days longer than was predicted; null: there is no prediction. */
  readonly over: number | null;
  readonly expectedOn: string | null;
  readonly today: number | null;
  readonly tomorrow: number | null;
}

/** Patients whom a bed meeting asks about. */
export interface PatientLists {
  /** YYYY-MM-DD: the day of `today`. */
  readonly asOf: string;
  readonly leaving: readonly ExpectedDischarge[];
  readonly overdue: readonly ExpectedDischarge[];
  /** Those of the discharge huddle; null: the contract names nothing that teams write. */
  readonly huddle: readonly HuddlePatient[] | null;
}

/** Patients of each list. */
const LISTED = 12;

/** Patients likeliest to leave, and those longest over what was predicted. For a role that may read lists of patients. */
export async function readPatients(ctx: Reader, contract: Contract): Promise<PatientLists> {
  const leaving = await listOf(
    ctx,
    contract,
    'GONE_TODAY IS NOT NULL',
    'GONE_TODAY DESC, GONE_BY_TOMORROW DESC',
  );
  const overdue = await listOf(ctx, contract, 'DAYS_OVER > 0', 'DAYS_OVER DESC');
  const huddle = await readHuddle(ctx, contract);
  return { asOf: [...leaving, ...overdue][0]?.asOf ?? '', leaving, overdue, huddle };
}

async function listOf(
  { snowflake, settings }: Reader,
  { ward }: Contract,
  condition: string,
  order: string,
): Promise<(ExpectedDischarge & { readonly asOf: string })[]> {
  const unit = ward === undefined ? 'DEPARTMENT' : 'WARD_NOW';
  const rows = await snowflake.query<Record<string, string | number | null>>(
    `SELECT CASE_ID, COALESCE(${unit}, '(none)') AS UNIT, DAYS_SO_FAR, DAYS_OVER, TO_VARCHAR(EXPECTED_ON, 'YYYY-MM-DD') AS EXPECTED_ON, GONE_TODAY, GONE_BY_TOMORROW,
  TO_VARCHAR(AS_OF, 'YYYY-MM-DD') AS AS_OF FROM ${qualify(settings, 'LOS_EXPECTED_DISCHARGES')} WHERE ${condition} ORDER BY ${order}, CASE_ID LIMIT ${LISTED}`,
  );
  const numberOrNull = (value: string | number | null | undefined) => (value == null ? null : Number(value));
  return rows.map((row) => ({
    id: String(row.CASE_ID),
    level: ward === undefined ? 'department' : 'ward',
    unit: String(row.UNIT),
    days: Number(row.DAYS_SO_FAR),
    over: numberOrNull(row.DAYS_OVER),
    expectedOn: row.EXPECTED_ON == null ? null : String(row.EXPECTED_ON),
    today: numberOrNull(row.GONE_TODAY),
    tomorrow: numberOrNull(row.GONE_BY_TOMORROW),
    asOf: String(row.AS_OF),
  }));
}

/** The two lists as a page has them; one without patients is none. */
export function patientTables({ asOf, leaving, overdue }: PatientLists, names: Names): Table[] {
  const day = asOf === '' ? 'today' : shortDay(asOf);
  const chance = (value: number | null) => (value === null ? '–' : percent(value, 0));
  const tables: Table[] = [
    {
      title: 'Most likely to leave',
      columns: ['admission', 'ward', 'days so far', `gone ${day}`, 'by the day after', 'half are gone by'],
      rows: leaving.map((one) => [
        one.id,
        nameOf(one, names),
        one.days,
        chance(one.today),
        chance(one.tomorrow),
        one.expectedOn === null ? '–' : shortDay(one.expectedOn),
      ]),
    },
    {
      title: 'Longest over the prediction',
      columns: ['admission', 'ward', 'days so far', 'days over', 'half are gone by'],
      rows: overdue.map((one) => [
        one.id,
        nameOf(one, names),
        one.days,
        one.over ?? '–',
        one.expectedOn === null ? '–' : shortDay(one.expectedOn),
      ]),
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}
