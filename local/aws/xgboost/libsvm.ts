/** The libsvm format: `label[:weight] index:value index:value …`, one row a line, absent entries missing. */
import { Matrix } from './matrix.js';

/** Raised for text that is not libsvm. It names the place, never the text: values may be confidential. */
export class LibsvmError extends Error {
  override name = 'LibsvmError';
}

export interface SparseRows {
  rows: number;
  /** Row i has the entries from starts[i] to starts[i + 1]. */
  starts: number[];
  columns: number[];
  values: number[];
  labels: number[];
  /** One for each row, or none. */
  weights: number[];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INDEX = /^\d+$/;

/** No rows yet; `addLibsvm` adds to it. */
export function emptyRows(): SparseRows {
  return { rows: 0, starts: [0], columns: [], values: [], labels: [], weights: [] };
}

/**
 * Adds the rows of a text.
 *
 * @param labelled each line starts with a label; without, tokens that are not index:value are passed over
 */
export function addLibsvm(into: SparseRows, text: string, labelled: boolean): void {
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    const tokens = line.trim().split(/\s+/);
    if (tokens[0] === '') continue;
    const bad = (token: number) =>
      new LibsvmError(`line ${number}, token ${token + 1} is not in libsvm format`);
    if (labelled) {
      const [label, weight, ...more] = tokens[0]!.split(':');
      if (!NUMBER.test(label!) || more.length > 0 || (weight !== undefined && !NUMBER.test(weight)))
        throw bad(0);
      into.labels.push(Number(label));
      if (weight !== undefined) into.weights.push(Number(weight));
    }
    for (let at = labelled ? 1 : 0; at < tokens.length; at += 1) {
      const [index, value, ...more] = tokens[at]!.split(':');
      if (value === undefined && !labelled) continue;
      if (value === undefined || more.length > 0 || !INDEX.test(index!) || !NUMBER.test(value)) throw bad(at);
      into.columns.push(Number(index));
      into.values.push(Number(value));
    }
    into.starts.push(into.columns.length);
    into.rows += 1;
  }
  if (into.weights.length > 0 && into.weights.length !== into.rows)
    throw new LibsvmError('some rows have a weight and others have none');
}

/** A matrix of the rows, with labels and weights where there are some; columns count from `firstColumn`. */
export function sparseMatrix(rows: SparseRows, firstColumn: 0 | 1): Matrix {
  const columns = Uint32Array.from(rows.columns, (column) => column - firstColumn);
  const width = columns.reduce((most, column) => Math.max(most, column + 1), 0);
  const matrix = Matrix.sparse(
    BigUint64Array.from(rows.starts, BigInt),
    columns,
    Float32Array.from(rows.values),
    width,
  );
  if (rows.labels.length > 0) matrix.set('label', Float32Array.from(rows.labels));
  if (rows.weights.length > 0) matrix.set('weight', Float32Array.from(rows.weights));
  return matrix;
}
