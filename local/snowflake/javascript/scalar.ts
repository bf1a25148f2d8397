import vm from 'node:vm';
import type { Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { DataType } from '../types/data-type.js';
import type { SyntaxProblem } from './es2017.js';
import { compileHandler, handlerRealm, runInRealm, uncaughtMessage } from './sandbox.js';
import { type Telemetry, uncaught } from './telemetry.js';
import { telemetryApi } from './telemetry-api.js';

/** One vector of rows (DuckDB's are at most 2,048) may take this long before the statement fails. */
const VECTOR_TIMEOUT_MS = 60_000;

/** A column of arguments, as DuckDB's vectors offer it; null is SQL NULL. */
export interface Items {
  getItem(row: number): unknown;
}

/** Where a function's rows are counted and what it tells is taken; none: what it tells is not wanted. */
export interface FunctionTelemetry extends Telemetry {
  input: number;
  output: number;
}

/** A compiled JavaScript UDF. FLOAT and BOOLEAN go in and out as they are, everything else as cell text. */
export interface ScalarHandler {
  /** Calls the handler once a row. @throws SnowflakeError 100132 with what the handler threw */
  run(
    columns: Items[],
    rows: number,
    output: { setItem(row: number, value: unknown): void },
    telemetry?: FunctionTelemetry,
  ): void;
  /** JSON as a value of the handler's realm. @throws SyntaxError */
  parse(text: string): unknown;
  /**
   * Calls it for one object, as translators are called: what it returns is taken as it is, without a text in between.
   * @throws SnowflakeError 100132 with what the handler threw, or if it returned no object
   */
  translate(event: unknown): Readonly<Record<string, unknown>> | null;
  /**
   * What `read` finds in a value that it returned: a getter in it is the handler's code.
   * @throws SnowflakeError what `read` throws of them, or 100132 with what the handler's code threw
   */
  reading<T>(read: () => T): T;
  /**
   * The JSON text of a value that it returned, as of a VARIANT; undefined for what has none.
   * @throws SnowflakeError 100132 for a circle, or with what a toJSON of the handler's threw
   */
  text(value: unknown): string | undefined;
  /** The prototype of its realm's plain objects. */
  readonly plain: object;
}

/** What a handler is made of. */
export interface HandlerSource extends Pick<Routine, 'name' | 'arguments' | 'returns' | 'strict' | 'body'> {
  /** What is in it that ES2017 does not have (newer-syntax.ts). */
  readonly newer: SyntaxProblem | undefined;
}

/**
 * Compiles a JavaScript UDF in a realm of its own.
 * @param timezone the session's TIMEZONE, in which its dates live
 * @throws SnowflakeError 100131 for a syntax error
 */
export function compileScalar(routine: HandlerSource, timezone = 'UTC'): ScalarHandler {
  const {
    context,
    conversions: { fromCell, toCell, json, variantText },
  } = handlerRealm(timezone);
  let listener: FunctionTelemetry | undefined;
  const api = runInRealm<typeof telemetryApi>(context, telemetryApi)((telling) => listener?.tell(telling));
  Object.assign(context, api);
  const handler = compileHandler(
    context,
    routine.name,
    routine.arguments.map((a) => a.name),
    routine.body,
    routine.newer,
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
      throw scalarError(error);
    }
  };
  const scalarError = (error: unknown): SnowflakeError => {
    if (error instanceof SnowflakeError) return error;
    listener?.recordFailure(uncaught(error));
    return new SnowflakeError('100132', 'P0000', uncaughtMessage(error, routine.name, routine.body));
  };
  const reading = <T>(read: () => T): T => {
    let found: T;
    bounded(() => {
      try {
        found = read();
      } catch (error) {
        throw scalarError(error);
      }
    });
    return found!;
  };
  return {
    run(columns, rows, output, telemetry) {
      if (!telemetry)
        return bounded(() => {
          for (let row = 0; row < rows; row++) output.setItem(row, call(columns, row));
        });
      listener = telemetry;
      try {
        bounded(() => {
          for (let row = 0; row < rows; row++) {
            telemetry.input++;
            output.setItem(row, call(columns, row));
            telemetry.output++;
          }
        });
      } finally {
        listener = undefined;
      }
    },
    parse: json,
    translate: (event) =>
      reading(() => {
        const result: unknown = handler(event) ?? null;
        if (typeof result !== 'object' || Array.isArray(result)) toCell('OBJECT', result); // throws
        return result as Readonly<Record<string, unknown>> | null;
      }),
    reading,
    text: (value) => reading(() => variantText(value)),
    plain: Object.getPrototypeOf(runInRealm<object>(context, '{}')) as object,
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
  if (type.kind === 'TIMESTAMP_TZ')
    return (value: unknown) => {
      const cell = toCell(type.kind, value);
      return cell === null ? null : structText(cell);
    };
  return (value: unknown) => toCell(type.kind, value);
}

/** A cell "seconds.nanoseconds offset+1440" as DuckDB reads a struct, see types/timestamp-tz.ts. */
function structText(cell: string): string {
  const [seconds, minutes] = cell.split(' ').map(Number) as [number, number];
  return `{'ts': '${new Date(Math.round(seconds * 1000)).toISOString()}', 'offset': ${minutes - 1440}}`;
}

/**
 * node:vm can stop code only where a script is entered, so the loop over the rows is entered through one. Each entry starts a
 * thread that watches the time, a quarter of a millisecond: what is called within the loop is in its time.
 */
function timeLimit(context: vm.Context, name: string): (loop: () => void) => void {
  let current: (() => void) | undefined;
  Object.defineProperty(context, '$rows', { value: () => current!() });
  const script = new vm.Script('$rows()', { filename: '$rows' });
  return (loop) => {
    if (current) return loop();
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
    } finally {
      current = undefined;
    }
  };
}
