import type { Contract } from '../../procedures/dataset/contract.js';
import { hasHuddle } from '../../procedures/dataset/origin/expected.js';
import { qualify } from '../../procedures/ground/names.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Table } from '../mail/events.js';
import type { Page } from '../pages/page.js';
import type { Reader } from '../reader.js';
import { count } from '../text/count.js';
import { type Names, nameOf } from './names.js';
import { shortDay } from './tables.js';

/** Row of LOS_HUDDLE: one patient. */
export interface HuddlePatient {
  readonly ward: string;
  readonly id: string;
  readonly days: number;
  readonly lookFirst: LookFirst | null;
  /** Probability to leave today; null: there is no prediction. */
  readonly today: number | null;
  /** Days as YYYY-MM-DD. */
  readonly modelDay: string | null;
  readonly teamDay: string | null;
  readonly writer: string | null;
  readonly isConfirmed: boolean;
  readonly readySince: string | null;
  readonly waitsFor: string | null;
  readonly asOf: string;
}

/** Why a stay is unusual, in words. */
const LOOK_FIRST = {
  READY: 'ready, still here',
  PASSED: 'team’s day is over',
  APART: 'team and model differ',
  LONG: 'long stay',
} as const;
type LookFirst = keyof typeof LOOK_FIRST;

/** The patients of the discharge huddle in its order, for a role that may read lists of patients; null: the contract names nothing that teams write. */
export async function readHuddle(ctx: Reader, contract: Contract): Promise<readonly HuddlePatient[] | null> {
  if (!hasHuddle(contract)) return null;
  const day = (column: string) => `TO_VARCHAR(${column}, 'YYYY-MM-DD') AS ${column}`;
  const rows = await ctx.snowflake.query<Record<string, string | number | boolean | null>>(
    `SELECT WARD, CASE_ID, DAYS_SO_FAR, LOOK_FIRST, GONE_TODAY, ${['MODEL_DAY', 'TEAM_DAY', 'READY_SINCE', 'AS_OF'].map(day).join(', ')}, WRITER, CONFIRMED, WAITS_FOR
FROM ${qualify(ctx.settings, 'LOS_HUDDLE')} ORDER BY WARD, LOOK_FIRST IS NULL, GONE_TODAY DESC NULLS LAST, CASE_ID`,
  );
  const textOrNull = (value: unknown) => (value == null ? null : String(value));
  return rows.map((row) => ({
    ward: String(row.WARD),
    id: String(row.CASE_ID),
    days: Number(row.DAYS_SO_FAR),
    lookFirst: textOrNull(row.LOOK_FIRST) as LookFirst | null,
    today: row.GONE_TODAY == null ? null : Number(row.GONE_TODAY),
    modelDay: textOrNull(row.MODEL_DAY),
    teamDay: textOrNull(row.TEAM_DAY),
    writer: textOrNull(row.WRITER),
    isConfirmed: row.CONFIRMED === true,
    readySince: textOrNull(row.READY_SINCE),
    waitsFor: textOrNull(row.WAITS_FOR),
    asOf: String(row.AS_OF),
  }));
}

/** The page of the discharge huddle: one list a ward, each on a sheet of its own where it is printed. */
export function huddlePage(
  patients: readonly HuddlePatient[],
  level: 'ward' | 'department',
  names: Names,
): Page {
  const wards = [...new Set(patients.map(({ ward }) => ward))];
  const asOf = patients[0]?.asOf;
  return {
    id: 'huddle',
    title: 'Huddle',
    heading: asOf === undefined ? 'Discharge huddle' : `Discharge huddle of ${shortDay(asOf)}`,
    sections: [
      {
        title: 'How to read the lists',
        bare: true,
        sentences: [
          'Stays to look at first lead each list: ready since yesterday or longer, past the team’s day, team and model three days apart, or a week longer than predicted. Then come those likeliest to leave today.',
          'The model’s day is the one by which half of such patients have left. An asterisk marks a day that the team has confirmed.',
        ],
      },
      ...wards.map((ward) => ({
        title: nameOf({ level, unit: ward }, names),
        kind: 'huddle' as const,
        tables: [wardTable(patients.filter((one) => one.ward === ward))],
      })),
    ],
  };
}

function wardTable(patients: readonly HuddlePatient[]): Table {
  const first = patients.filter(({ lookFirst }) => lookFirst !== null).length;
  const dayOrDash = (day: string | null) => (day === null ? '–' : shortDay(day));
  return {
    title: `${count(patients.length, 'patient')}, ${first} to look at first`,
    columns: [
      'admission',
      'look first',
      'leaves today',
      'model’s day',
      'team’s day',
      'by',
      'ready since',
      'waits for',
      'days so far',
    ],
    rows: patients.map((one) => [
      one.id,
      one.lookFirst === null ? '' : LOOK_FIRST[one.lookFirst],
      one.today === null ? '–' : percent(one.today, 0),
      dayOrDash(one.modelDay),
      one.teamDay === null ? '–' : `${shortDay(one.teamDay)}${one.isConfirmed ? '*' : ''}`,
      one.writer ?? '',
      one.readySince === null ? '' : dayOrDash(one.readySince),
      one.waitsFor ?? '',
      one.days,
    ]),
  };
}
