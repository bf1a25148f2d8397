import vm from 'node:vm';
import type { Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { DataType } from '../types/data-type.js';
import { compileHandler, createRealm, inRealm, uncaughtMessage } from './sandbox.js';
import { valueConversions } from './values.js';

/** One vector of rows (DuckDB's are at most 2,048) may take this long before the statement fails. */
const VECTOR_TIMEOUT_MS = 60_000;

/** A column of arguments, as DuckDB's vectors offer it; null is SQL NULL. */
export interface Items {
  getItem(row: number): unknown;
}

/** A compiled JavaScript UDF. FLOAT and BOOLEAN go in and out as they are, everything else as cell text. */
export interface ScalarHandler {
  /** Calls the handler once a row. @throws SnowflakeError 100132 with what the handler threw */
  run(columns: Items[], rows: number, output: { setItem(row: number, value: unknown): void }): void;
  /** Calls it for one row. */
  one(values: unknown[]): unknown;
}

/** Compiles a JavaScript UDF in a realm of its own. @throws SnowflakeError 100131 for a syntax error */
export function compileScalar(routine: Routine): ScalarHandler {
  const context = createRealm();
  const { fromCell, toCell } = inRealm<typeof valueConversions>(context, valueConversions)();
  const handler = compileHandler(
    context,
    routine.name,
    routine.arguments.map((a) => a.name),
    routine.body,
  );
  const readers = routine.arguments.map(({ type: { kind } }) =>
    kind === 'FLOAT' || kind === 'BOOLEAN' ? (v: unknown) => v : (v: unknown) => fromCell(kind, v as string),
  );
  const write = writer(routine.returns, toCell);
  const bounded = timeLimit(context, routine.name);

  const call = (columns: Items[], row: number): unknown => {
    const values: unknown[] = new Array(columns.length);
    for (let i = 0; i < columns.length; i++) {
      const value = columns[i]!.getItem(row);
      if (value !== null) values[i] = readers[i]!(value);
      else if (routine.strict) return null;
      else values[i] = undefined;
    }
    try {
      return write(handler(...values));
    } catch (error) {
      throw new SnowflakeError('100132', 'P0000', uncaughtMessage(error, routine.name, routine.body));
    }
  };
  return {
    run(columns, rows, output) {
      bounded(() => {
        for (let row = 0; row < rows; row++) output.setItem(row, call(columns, row));
      });
    },
    one(values) {
      let result: unknown = null;
      bounded(() => {
        result = call(
          values.map((value) => ({ getItem: () => value })),
          0,
        );
      });
      return result;
    },
  };
}

function writer(type: DataType, toCell: (kind: string, value: unknown) => string | null) {
  if (type.kind === 'BOOLEAN')
    return (value: unknown) => (value === null || value === undefined ? null : Boolean(value));
  if (type.kind === 'FLOAT')
    return (value: unknown) => {
      if (typeof value === 'number') return value;
      const cell = toCell('FLOAT', value);
      return cell === null ? null : Number(cell.replace('inf', 'Infinity'));
    };
  return (value: unknown) => toCell(type.kind, value);
}

/** node:vm can stop code only where a script is entered, so the loop over the rows is entered through one. */
function timeLimit(context: vm.Context, name: string): (loop: () => void) => void {
  let current = () => {};
  Object.defineProperty(context, '$rows', { value: () => current() });
  const script = new vm.Script('$rows()', { filename: '$rows' });
  return (loop) => {
    current = loop;
    try {
      script.runInContext(context, { timeout: VECTOR_TIMEOUT_MS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new SnowflakeError(
        '100132',
        'P0000',
        `JavaScript execution error: function ${name} was stopped after ${VECTOR_TIMEOUT_MS / 1000} s`,
      );
    }
  };
}
