import type { Context } from '../../deploy/context.js';
import { parseContract } from '../../deploy/dataset/load.js';
import { UserError } from '../../deploy/errors.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { losExpression } from '../../procedures/dataset/feature-sql.js';
import { FEWEST_FOR_PROPOSAL, proposeLongStay } from '../../procedures/dataset/long-stay.js';
import { originRows, rawRows } from '../../procedures/dataset/raw.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { valuesOf } from '../files/reader.js';
import type { DraftContract } from './draft.js';

/** So many stays of a file say where the longest tenth begins; the rest need not be read once more. */
const ENOUGH_STAYS = 200_000;

/** In so large a share of the stays a number that is the stay is no chance. */
const SAME = 0.95;

/** Figures of the stays of a draft's rows. */
export interface Stays {
  /** Their ninetieth percentile, in days. */
  readonly p90: number;
  /** Share of the stays that a number is equal to, by feature. */
  readonly equal: Readonly<Record<string, number>>;
}

/**
 * A draft that says from how many days on a stay is long in this hospital, after the lines that say what a stay is, and asks about numbers that
 * are the stay. Where it is open what that is, or the stays are of too few patients, it stays as it was.
 * @param look undefined: of too few patients
 */
export async function withLongStay(
  drafted: DraftContract,
  look: (contract: Contract) => Promise<Stays | undefined>,
): Promise<DraftContract> {
  let stays: Stays | undefined;
  try {
    if (drafted.open.length === 0) stays = await look(parseContract(drafted.yaml, drafted.name));
  } catch (error) {
    // What is wrong with a draft, or with a value by it, the next command says.
    if (!(error instanceof UserError)) throw error;
  }
  if (stays === undefined) return drafted;
  const line = `longStayDays: ${proposeLongStay(stays.p90)} # about one stay in ten is that long`;
  const same = Object.entries(stays.equal)
    .filter(([, share]) => share >= SAME)
    .map(
      ([name, share]) =>
        `${name} is the stay itself in ${Math.floor(100 * share)} % of the rows. If it is written when the patient leaves, name it in afterAdmission and take it out of features.`,
    );
  return {
    ...drafted,
    looks: [...drafted.looks, ...same],
    yaml: drafted.yaml.replace(/^(?:los|discharge): .*$/m, (found) =>
      [found, line, ...same.map((each) => `# LOOK: ${each}`)].join('\n'),
    ),
  };
}

/** Features that are a column of numbers, which could be the stay. */
function numbersOf({ features, columns, los }: Contract): string[] {
  return Object.entries(features).flatMap(([name, { type, sql, history }]) =>
    type === 'numeric' && sql === undefined && !history && name in columns && name !== los ? [name] : [],
  );
}

/** Counts stays of a table, in Snowflake. */
export async function staysOfTable(ctx: Context, contract: Contract): Promise<Stays | undefined> {
  const numbers = numbersOf(contract);
  const shares = numbers.map(
    (name, i) => `${literal(name)}, COUNT_IF(N${i} = LOS) / NULLIF(COUNT(N${i}), 0)`,
  );
  const [row] = await ctx.snowflake.query<{ p90: number | null; patients: number; equal: Stays['equal'] }>(
    sqlFile('sql/checking/long-stay.sql', {
      los: losExpression(contract),
      patient: contract.patient ?? contract.id,
      equal: `OBJECT_CONSTRUCT(${shares.join(', ')})`,
      numbers: numbers.map((name, i) => `, ${name} AS N${i}`).join(''),
      rows: rawRows(
        contract,
        contract.origin
          ? `(${originRows(contract, contract.origin)})`
          : qualify(ctx.settings, contract.table),
      ),
    }),
  );
  return row && row.patients >= FEWEST_FOR_PROPOSAL && row.p90 !== null
    ? { p90: row.p90, equal: row.equal }
    : undefined;
}

/** Counts stays of a CSV file, here. @throws UserError at a value that cannot be read */
export async function staysOfFile(file: string, contract: Contract): Promise<Stays | undefined> {
  const { admission, discharge, los, patient, id } = contract;
  const names = [
    patient ?? id,
    ...(los
      ? [los]
      : [requireValue(admission, 'admission column'), requireValue(discharge, 'discharge column')]),
  ];
  const numbers = numbersOf(contract);
  const columns = Object.fromEntries(
    [...names, ...numbers].map((name) => [name, requireValue(contract.columns[name], `column ${name}`)]),
  );
  const places = Object.keys(columns);
  const stays: number[] = [];
  const patients = new Set<string>();
  const met = numbers.map(() => ({ same: 0, given: 0 }));
  for await (const values of valuesOf({ ...contract, columns }, file)) {
    const read = (name: string) => itemAt(values, places.indexOf(name));
    const [whose = '', from = '', until] = names.map(read);
    const stay = until === undefined ? Number(from || Number.NaN) : daysBetween(from, until);
    if (!(stay >= 0)) continue;
    stays.push(stay);
    patients.add(whose);
    for (const [i, name] of numbers.entries()) {
      const value = read(name);
      if (value === '') continue;
      const count = itemAt(met, i);
      count.given++;
      if (Number(value) === stay) count.same++;
    }
    if (stays.length >= ENOUGH_STAYS) break;
  }
  if (patients.size < FEWEST_FOR_PROPOSAL) return undefined;
  stays.sort((a, b) => a - b);
  const share = (i: number) => itemAt(met, i).same / Math.max(1, itemAt(met, i).given);
  return {
    p90: requireValue(stays[Math.ceil(0.9 * stays.length) - 1], 'a stay'),
    equal: Object.fromEntries(numbers.map((name, i) => [name, share(i)])),
  };
}

/** Days from one day to another, as 2026-01-31 …; NaN where one is missing. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);
}
