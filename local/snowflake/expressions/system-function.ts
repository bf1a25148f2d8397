import type { SystemFunction } from '../feature.js';
import { cellLiteral } from '../types/cells.js';
import { type FunctionSpec, fn, literal } from './function.js';

/** A SYSTEM$ function as the binder calls it: its value is put in when the statement runs. */
export function systemFunctionSpec({ name, arity, returns, run }: SystemFunction): FunctionSpec {
  return fn(name, ...arity, (args, call) => {
    const { b } = call;
    const values = args.map((arg) => {
      const value = literal(arg, call);
      return value === null ? null : String(value);
    });
    const placeholder = `(SELECT '$system ${b.collected.next()}')`;
    b.collected.deferred.push({
      placeholder,
      sql: async () => cellLiteral(returns, await run(b, values)).sql,
    });
    return { sql: placeholder, type: returns, nullable: true };
  });
}
