import type { Contract } from '../../procedures/dataset/contract.js';
import { columnsUnknownOnArrival } from '../../procedures/dataset/contract.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';

const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
/** Admissions are spread over so many days. */
const DAYS = 200;

/**
 * Made-up admissions in the shape of a contract, to prove that the chain runs: levels and numbers mean nothing,
 * but the stay depends on them, so that a model has something to find, and on chance, so that no column gives it away. The same every time.
 * @param count rows that have been discharged; enough for every side of the split are 2000
 * @returns CSV lines with a header: `history`, and one `arrival` that is still in hospital
 */
export function syntheticRows(contract: Contract, count: number): { history: string[]; arrival: string[] } {
  const columns = Object.keys(contract.columns);
  const header = columns.join(',');
  const history = Array.from({ length: count }, (_, i) => rowOf(contract, columns, i, count));
  const unknown = new Set(columnsUnknownOnArrival(contract));
  const last = rowOf(contract, columns, count, count);
  const arrival = last.map((value, column) => (unknown.has(itemAt(columns, column)) ? '' : value));
  return { history: [header, ...history.map((row) => row.join(','))], arrival: [header, arrival.join(',')] };
}

function rowOf(contract: Contract, columns: readonly string[], i: number, count: number): string[] {
  const stay = 1 + (level(i, 0) % 4) + (level(i, 1) % 3) + (chance(i) % 4);
  const admitted = FIRST_DAY + Math.floor((i * DAYS) / count) * DAY_MS;
  return columns.map((name, column) => {
    if (name === contract.id) return String(i + 1);
    // Every second admission is of a patient who was there before.
    if (name === contract.patient) return String(i % 2 ? i : Math.floor(i / 2) | 1);
    if (name === contract.discharge) return day(admitted + stay * DAY_MS);
    if (name === contract.los) return String(stay);
    if (name === contract.split?.column) {
      const { training, validation = training, holdout } = contract.split;
      return [holdout, validation][i % 5] ?? training;
    }
    return value(
      requireValue(contract.columns[name], `contract.columns[${name}]`),
      level(i, column),
      admitted,
    );
  });
}

function value(type: string, number: number, admitted: number): string {
  if (/^(DATE|TIMESTAMP|DATETIME)/i.test(type)) return day(admitted);
  if (/^BOOL/i.test(type)) return number % 2 ? 'true' : 'false';
  if (/^(VARCHAR|STRING|TEXT|CHAR)/i.test(type)) return itemAt('ABCD', number % 4);
  return String(1 + (number % 9));
}

/** A number that looks random in row and column; the first two columns' decide the stay. */
function level(row: number, column: number): number {
  return (Math.imul(row + 1, 2_654_435_761) >>> (8 + (column % 12))) % 997;
}

/** A number that looks random in the row, and says nothing of any level. */
function chance(row: number): number {
  let mixed = Math.imul(row ^ (row >>> 15), 0x2c1b3c6d) ^ 0x5bd1e995;
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 3;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
