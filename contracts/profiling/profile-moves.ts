import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import type { Context } from '../../deploy/context.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { eventRows } from '../../procedures/dataset/origin/events.js';
import { endOfStay, moveRows } from '../../procedures/dataset/origin/moves.js';
import { originRows, rawRows } from '../../procedures/dataset/raw.js';
import { qualify } from '../../procedures/ground/names.js';
import type { Finding } from '../finding.js';

/** A feed of moves: its rows by what is mended of them, and the patients in hospital. */
interface FeedCounts extends Record<string, number> {
  readonly rows: number;
  readonly stays: number;
  readonly open: number;
  /** Patients in hospital who lie elsewhere than in the ward of admission, and of whom there is no row. */
  readonly moved: number;
  readonly silent: number;
}

/** Name of a row that is mended, as the sentence says it. */
const MENDED: Readonly<Record<string, string>> = {
  cancelled: 'taken back',
  corrected: 'corrected by a later one of the same time',
  without: 'without a ward (the bed stays the patient’s)',
  undated: 'without a time',
  before: 'before the admission (the last of a stay counts as its ward of admission)',
  after: 'at the discharge or after it',
  strangers: 'of stays that are no admissions',
};

/** Holds what a contract says of where patients lie against the rows; or, where it says nothing, asks whether events do. */
export async function lookAtMoves(ctx: Context, contract: Contract): Promise<Finding[]> {
  const { moves, events, ward, admission, discharge, origin } = contract;
  if (ward === undefined || admission === undefined || discharge === undefined) return [];
  const rows = rawRows(
    contract,
    origin ? `(${originRows(contract, origin)})` : qualify(ctx.settings, contract.table),
  );
  const values = { id: contract.id, ward, admission, discharge, rows };
  try {
    if (moves !== undefined) return await mendedRows(ctx, contract, values);
    return events === undefined ? [] : await wardsOfEvents(ctx, contract, values);
  } catch (error) {
    if (error instanceof SnowflakeError)
      return [{ problem: `The moves cannot be read: ${error.message.replace(/\s+/g, ' ')}` }];
    throw error;
  }
}

type Values = Readonly<Record<'id' | 'ward' | 'admission' | 'discharge' | 'rows', string>>;

async function mendedRows({ snowflake, settings }: Context, contract: Contract, values: Values) {
  const feed = moveRows(contract, settings, settings.timeZone);
  const [counts] = await snowflake.query<FeedCounts>(
    sqlFile('sql/checking/moves.sql', {
      ...values,
      left_at: endOfStay(contract, values.discharge),
      moves: feed,
      periods: `WITH ${sqlFile('sql/moves/periods.sql', { moves: feed })}`,
    }),
  );
  if (counts === undefined) throw new Error('Counts over all rows gave none');
  const { stays, open, moved, silent } = counts;
  if (Number(stays) === 0) return [{ problem: 'moves: none of their stays is an admission.' }];
  const mended = Object.entries(MENDED).flatMap(([key, words]) =>
    Number(counts[key]) > 0 ? [`${Number(counts[key]).toLocaleString('en-US')} ${words}`] : [],
  );
  return [
    ...(mended.length > 0
      ? [
          {
            warning: `moves: of ${Number(counts.rows).toLocaleString('en-US')} rows ${mended.join(', ')}. docs/moves.md says what becomes of them.`,
          },
        ]
      : []),
    ...(Number(open) > 0
      ? [
          {
            warning: `moves: ${percent(moved, open)} % of the patients in hospital lie in another ward than ${values.ward} says${Number(silent) > 0 ? `; of ${percent(silent, open)} % there is no row, and they count there` : ''}.`,
          },
        ]
      : []),
  ];
}

async function wardsOfEvents({ snowflake, settings }: Context, contract: Contract, values: Values) {
  const found = await snowflake.query<{ name: string; moved: number; open: number }>(
    sqlFile('sql/checking/event-wards.sql', {
      ...values,
      events: eventRows(contract, settings, settings.timeZone),
    }),
  );
  return found.map(({ name, moved, open }) => ({
    warning: `events: by the newest ${name} ${percent(moved, open)} % of the patients in hospital lie in another ward than ${values.ward} says, and beds are counted in that. Give these rows as moves: too (docs/moves.md).`,
  }));
}

function percent(part: number, of: number): number {
  return Math.round((100 * Number(part)) / Number(of));
}
