import type { Context } from '../../deploy/context.js';
import { sqlFile } from '../../deploy/sql-file.js';
import { isDate } from '../../procedures/dataset/column-rules.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { eventRows } from '../../procedures/dataset/origin/events.js';
import { originRows, rawRows } from '../../procedures/dataset/raw.js';
import { qualify } from '../../procedures/ground/names.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';

/** Profile of the events of one name, or of all; rows are those of admissions but for `strangers`. */
export type EventProfile = {
  /** Null: of all names together. */
  readonly name: string | null;
  readonly patients: number;
  readonly stays: number;
  readonly rows: number;
  /** Rows whose value is a number. */
  readonly numbers: number;
  /** Different values. */
  readonly levels: number;
  /** Rows at midnight, as of days without a time. */
  readonly midnights: number;
  /** Rows at the discharge or after it. */
  readonly discharges: number;
  /** Rows of stays that are no admission. */
  readonly strangers: number;
  /** Rows that were recorded more than a day after their time. */
  readonly late: number;
};

/** More names than this are hardly read by a person, let alone by a model. */
const MOST_NAMES = 200;

/**
 * Looks at the events of a contract: those of all names, then by name, most stays first. Names of fewer than ten patients are left out.
 * @throws SnowflakeError where they cannot be read as the contract says
 */
export async function profileEvents(
  ctx: Context,
  contract: Contract,
): Promise<{ readonly all: EventProfile; readonly named: readonly EventProfile[] }> {
  const { id, patient, discharge, origin, columns } = contract;
  const { settings, snowflake } = ctx;
  const isDay = /^DATE/.test(columns[discharge ?? ''] ?? '');
  const discharged = `${isDay ? `DATEADD(day, 1, ${discharge})` : (discharge ?? 'NULL')}::TIMESTAMP_NTZ`;
  const found = await snowflake.query<EventProfile>(
    sqlFile('sql/checking/events.sql', {
      events: eventRows(contract, settings, settings.timeZone),
      id,
      patient: patient ?? id,
      discharged: isDate(columns[discharge ?? ''] ?? '') ? discharged : 'NULL::TIMESTAMP_NTZ',
      rows: rawRows(
        contract,
        origin ? `(${originRows(contract, origin)})` : qualify(settings, contract.table),
      ),
      fewest: String(FEWEST_PATIENTS),
      most: String(MOST_NAMES + 1),
    }),
  );
  const [all, ...named] = found;
  if (all === undefined) throw new Error('A grouping over all rows gave none');
  return { all, named };
}
