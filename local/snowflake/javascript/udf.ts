import {
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  VARCHAR,
} from '@duckdb/node-api';
import type { Routine } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { DataType } from '../types/data-type.js';
import { instantOf, zoned } from '../types/timestamp-tz.js';
import { compileScalar, type ScalarHandler } from './scalar.js';

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

const registered = new WeakMap<object, Set<string>>();
const compiled = new WeakMap<Routine, ScalarHandler>();

/** The compiled handler of a routine (objects of the catalog are never changed in place). */
export function scalarHandler(routine: Routine): ScalarHandler {
  let handler = compiled.get(routine);
  if (!handler) {
    handler = compileScalar(routine);
    compiled.set(routine, handler);
  }
  return handler;
}

/**
 * Makes a JavaScript UDF callable from this account's DuckDB.
 * @param scope what the registration belongs to: one object per DuckDB instance
 */
export function scalarFunction(
  routine: Routine,
  connection: DuckDBConnection,
  scope: object,
): ScalarFunction {
  const names = registered.get(scope) ?? new Set<string>();
  registered.set(scope, names);
  const version = hash(
    `${routine.body}\0${JSON.stringify([routine.arguments, routine.returns, routine.strict])}`,
  );
  const duckFunction = `js_${routine.id}_${version}`;
  const parameters = routine.arguments.map((a) => carrier(a.type));
  if (!names.has(duckFunction)) {
    const handler = scalarHandler(routine);
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: duckFunction,
        parameterTypes: parameters,
        returnType: carrier(routine.returns),
        volatile: routine.volatility === 'VOLATILE',
        specialHandling: true,
        mainFunction(_info, input, output) {
          const columns = parameters.map((_, i) => input.getColumnVector(i));
          try {
            handler.run(columns, input.rowCount, output as never);
          } catch (error) {
            if (error instanceof SnowflakeError) {
              if (thrown.size > 100) thrown.clear();
              thrown.set(error.message, error);
            }
            throw error;
          }
          output.flush();
        },
      }),
    );
    names.add(duckFunction);
  }
  return {
    duckFunction,
    call: (values) =>
      fromCarrier(
        routine.returns,
        `${duckFunction}(${values.map((value, i) => toCarrier(routine.arguments[i]!.type, value)).join(', ')})`,
      ),
  };
}

/** The handler's own error behind an error of DuckDB's, if it is one. */
export function thrownByHandler(error: unknown): SnowflakeError | undefined {
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
    case 'DATE':
      return `CAST(date_diff('day', DATE '1970-01-01', ${value}) AS VARCHAR)`;
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return `CAST(epoch_ms(${value}) / 1000 AS VARCHAR)`;
    case 'BINARY':
      return `hex(${value})`;
    case 'TIMESTAMP_TZ':
      return toCarrier({ kind: 'TIMESTAMP_LTZ', scale: type.scale }, instantOf(value));
    default:
      return `CAST(${value} AS VARCHAR)`;
  }
}

function fromCarrier(type: DataType, value: string): string {
  switch (type.kind) {
    case 'DATE':
      return `(DATE '1970-01-01' + CAST(${value} AS INTEGER))`;
    case 'TIMESTAMP_NTZ':
      return `make_timestamp(CAST(round(CAST(${value} AS DOUBLE) * 1000) AS BIGINT) * 1000)`;
    case 'TIMESTAMP_LTZ':
      return `to_timestamp(CAST(${value} AS DOUBLE))`;
    case 'BINARY':
      return `unhex(${value})`;
    case 'TIMESTAMP_TZ': // A Date has no offset of its own: UTC.
      return zoned(
        fromCarrier({ kind: 'TIMESTAMP_LTZ', scale: type.scale }, `split_part(${value}, ' ', 1)`),
        '0',
      );
    default:
      return value;
  }
}

/** FNV-1a: names differ when definitions differ; nothing secret hangs on it. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}
