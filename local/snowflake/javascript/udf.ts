import { BOOLEAN, DOUBLE, DuckDBScalarFunction, type DuckDBType, VARCHAR } from '@duckdb/node-api';
import type { Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { Connection } from '../storage/storage.js';
import { TextWriter, textsOf } from '../storage/texts.js';
import { fromCell, toCell } from '../types/cells.js';
import type { DataType } from '../types/data-type.js';
import { instantOf, TZ_STRUCT } from '../types/timestamp-tz.js';
import { handlerSource } from './newer-syntax.js';
import { compileScalar, type FunctionTelemetry, type ScalarHandler } from './scalar.js';

/** A JavaScript UDF that DuckDB can call. */
export interface ScalarFunction {
  /** Its name in DuckDB; parameters and result are DOUBLE (FLOAT), BOOLEAN or VARCHAR (cell text). */
  duckFunction: string;
  /**
   * The DuckDB expression that calls it.
   * @param values DuckDB expressions of the arguments' physical types
   * @returns an expression of the return type's physical type
   */
  call(values: string[]): string;
}

/** What a handler threw inside DuckDB, which passes on only a text; the text is the key. */
const thrown = new Map<string, SnowflakeError>();

const compiled = new WeakMap<Routine, Map<string, ScalarHandler>>();

/** The compiled handler of a routine in a time zone (objects of the catalog are never changed in place). */
function scalarHandler(routine: Routine, timezone: string): ScalarHandler {
  const handlers = compiled.get(routine) ?? new Map<string, ScalarHandler>();
  compiled.set(routine, handlers);
  let handler = handlers.get(timezone);
  if (!handler) {
    handler = compileScalar(handlerSource(routine), timezone);
    handlers.set(timezone, handler);
  }
  return handler;
}

/** Who listens to a function in a statement, by the token that the statement passes to it. */
const listeners = new Map<string, FunctionTelemetry>();
let tokens = 0;

/** Makes known who listens. @returns the token, and what forgets it again */
export function listen(telemetry: FunctionTelemetry): { token: string; forget: () => void } {
  const token = String(++tokens);
  listeners.set(token, telemetry);
  return { token, forget: () => listeners.delete(token) };
}

/**
 * Makes a JavaScript UDF callable from this account's DuckDB.
 * @param timezone the session's
 * @param token of who listens to it; without one it is a function that does not look for listeners
 */
export function scalarFunction(
  routine: Routine,
  connection: Connection,
  timezone: string,
  token?: string,
): ScalarFunction {
  const heard = token !== undefined;
  const version = hash(
    `${routine.body}\0${JSON.stringify([routine.arguments, routine.returns, routine.strict, timezone])}`,
  );
  const parameters = routine.arguments.map((a) => carrier(a.type));
  const returns = carrier(routine.returns);
  const handler = scalarHandler(routine, timezone);
  const duckFunction = connection.functions.register(
    `js_${routine.id}_${version}${heard ? '_heard' : ''}`,
    (name) =>
      DuckDBScalarFunction.create({
        name,
        parameterTypes: heard ? [...parameters, VARCHAR] : parameters,
        returnType: returns,
        // DuckDB calls other functions of constants while it plans as well, and what they tell would be told twice.
        volatile: heard || routine.volatility === 'VOLATILE',
        specialHandling: true,
        mainFunction(_info, input, output) {
          const columns = parameters.map((type, i) => {
            if (type !== VARCHAR) return input.getColumnVector(i);
            const texts = textsOf(input, i);
            return { getItem: (row: number) => texts[row]! };
          });
          const results = returns === VARCHAR ? new TextWriter(output, input.rowCount) : output;
          try {
            const telemetry = heard
              ? listeners.get(String(input.getColumnVector(parameters.length).getItem(0)))
              : undefined;
            handler.run(columns, input.rowCount, results as never, telemetry);
          } catch (error) {
            if (error instanceof SnowflakeError) {
              if (thrown.size > 100) thrown.clear();
              thrown.set(error.message, error);
            }
            throw error;
          }
          results.flush();
        },
      }),
  );
  return {
    duckFunction,
    call: (values) =>
      fromCarrier(
        routine.returns,
        `${duckFunction}(${[
          ...values.map((value, i) => toCarrier(routine.arguments[i]!.type, value)),
          ...(heard ? [`'${token}'`] : []),
        ].join(', ')})`,
      ),
  };
}

/** The handler's own error behind an error of DuckDB's, if it is one. */
export function handlerError(error: unknown): SnowflakeError | undefined {
  const message = String((error as Error).message ?? error);
  for (const [text, original] of thrown) if (message.includes(text)) return original;
  return undefined;
}

function carrier(type: DataType): DuckDBType {
  return type.kind === 'FLOAT' ? DOUBLE : type.kind === 'BOOLEAN' ? BOOLEAN : VARCHAR;
}

/** JavaScript's Date holds milliseconds, so timestamps travel as seconds with three decimals. */
function toCarrier(type: DataType, value: string): string {
  switch (type.kind) {
    case 'FLOAT':
      return `CAST(${value} AS DOUBLE)`;
    case 'BOOLEAN':
      return value;
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return `CAST(epoch_ms(${value}) / 1000 AS VARCHAR)`;
    case 'TIMESTAMP_TZ':
      return toCarrier({ kind: 'TIMESTAMP_LTZ', scale: type.scale }, instantOf(value));
    default:
      return toCell(type, value);
  }
}

/** @param value stands once in the result: the handler is called for it once */
function fromCarrier(type: DataType, value: string): string {
  switch (type.kind) {
    case 'FLOAT':
    case 'BOOLEAN':
      return value;
    case 'TIMESTAMP_TZ':
      return `CAST(${value} AS ${TZ_STRUCT})`;
    case 'VARIANT':
    case 'OBJECT':
    case 'ARRAY':
      return value;
    default:
      return fromCell(type, value);
  }
}

/** FNV-1a: names differ when definitions differ; nothing secret hangs on it. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}
