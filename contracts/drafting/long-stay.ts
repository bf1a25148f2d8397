import type { Context } from '../../deploy/context.js';
import { parseContract } from '../../deploy/dataset/load.js';
import { UserError } from '../../deploy/errors.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { losExpression } from '../../procedures/dataset/feature-sql.js';
import { FEWEST_FOR_PROPOSAL, proposeLongStay } from '../../procedures/dataset/long-stay.js';
import { originRows, rawRows } from '../../procedures/dataset/raw.js';
import { qualify } from '../../procedures/ground/names.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { valuesOf } from '../files/reader.js';
import type { DraftContract } from './draft.js';

/** So many stays of a file say where the longest tenth begins; the rest need not be read once more. */
const ENOUGH_STAYS = 200_000;

/**
 * A draft that says from how many days on a stay is long in this hospital, after the lines that say what a stay is. Where it is open what
 * that is, or the stays are of too few patients, it stays as it was.
 * @param ninetieth the ninetieth percentile of the stays in days; undefined: of too few patients
 */
export async function withLongStay(
  drafted: DraftContract,
  ninetieth: (contract: Contract) => Promise<number | undefined>,
): Promise<DraftContract> {
  let p90: number | undefined;
  try {
    if (drafted.open.length === 0) p90 = await ninetieth(parseContract(drafted.yaml, drafted.name));
  } catch (error) {
    // What is wrong with a draft, or with a value by it, the next command says.
    if (!(error instanceof UserError)) throw error;
  }
  if (p90 === undefined) return drafted;
  const line = `longStayDays: ${proposeLongStay(p90)} # about one stay in ten is that long`;
  return {
    ...drafted,
    yaml: drafted.yaml.replace(/^(?:los|discharge): .*$/m, (found) => `${found}\n${line}`),
  };
}

/** Of a table, in Snowflake. */
export async function ninetiethOfTable(ctx: Context, contract: Contract): Promise<number | undefined> {
  const [row] = await ctx.snowflake.query<{ p90: number | null; patients: number }>(
    sqlFile('sql/checking/long-stay.sql', {
      los: losExpression(contract),
      patient: contract.patient ?? contract.id,
      rows: rawRows(
        contract,
        contract.origin
          ? `(${originRows(contract, contract.origin)})`
          : qualify(ctx.settings, contract.table),
      ),
    }),
  );
  return row && row.patients >= FEWEST_FOR_PROPOSAL ? (row.p90 ?? undefined) : undefined;
}

/** Of a CSV file, here. @throws UserError at a value that cannot be read */
export async function ninetiethOfFile(file: string, contract: Contract): Promise<number | undefined> {
  const { admission, discharge, los, patient, id } = contract;
  const names = [
    patient ?? id,
    ...(los
      ? [los]
      : [requireValue(admission, 'admission column'), requireValue(discharge, 'discharge column')]),
  ];
  const columns = Object.fromEntries(
    names.map((name) => [name, requireValue(contract.columns[name], `column ${name}`)]),
  );
  const stays: number[] = [];
  const patients = new Set<string>();
  for await (const values of valuesOf({ ...contract, columns }, file)) {
    const [whose = '', from = '', until] = names.map((name) =>
      itemAt(values, Object.keys(columns).indexOf(name)),
    );
    const stay = until === undefined ? Number(from || Number.NaN) : daysBetween(from, until);
    if (!(stay >= 0)) continue;
    stays.push(stay);
    patients.add(whose);
    if (stays.length >= ENOUGH_STAYS) break;
  }
  if (patients.size < FEWEST_FOR_PROPOSAL) return undefined;
  stays.sort((a, b) => a - b);
  return stays[Math.ceil(0.9 * stays.length) - 1];
}

/** Days from one day to another, as 2026-01-31 …; NaN where one is missing. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);
}
