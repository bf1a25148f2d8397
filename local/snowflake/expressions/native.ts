import { DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import type { Binder } from '../query/bind/binder.js';
import type { Functions } from '../storage/functions.js';
import { TextWriter, textsOf } from '../storage/texts.js';

/** Functions that DuckDB has not, in JavaScript, from texts to a text. NULL in any argument gives NULL. */
type Native = (...args: string[]) => string | null;

/**
 * Makes a JavaScript function callable in this account's DuckDB and returns its name there.
 * @param run what it throws becomes the query's error
 */
export function native(b: Binder, name: string, arity: number, run: Native): string {
  return makeNative(b.session.connection.functions, name, arity, run);
}

/** The same on a connection of no statement's: before the account has one, the function is known under `sf_name` to all. */
export function makeNative(functions: Functions, name: string, arity: number, run: Native): string {
  return functions.register(`sf_${name}`, (duckName) =>
    DuckDBScalarFunction.create({
      name: duckName,
      parameterTypes: new Array(arity).fill(VARCHAR),
      returnType: VARCHAR,
      mainFunction(_info, input, output) {
        const columns = Array.from({ length: arity }, (_, i) => textsOf(input, i));
        const results = new TextWriter(output, input.rowCount);
        for (let row = 0; row < input.rowCount; row++) {
          const args = columns.map((column) => column[row] as string | null);
          results.setItem(row, args.includes(null) ? null : run(...(args as string[])));
        }
        results.flush();
      },
    }),
  );
}
