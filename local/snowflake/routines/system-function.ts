import { systemFunctions } from '../expressions/context.js';
import { fn, literal } from '../expressions/function.js';
import type { Binder } from '../query/bind/binder.js';
import { cellLiteral } from '../types/cells.js';
import type { Cell, DataType } from '../types/data-type.js';

/**
 * Adds a SYSTEM$ function. Its arguments must be constants; it is called when the statement runs, once for each
 * place where it stands.
 */
export function systemFunction(
  name: string,
  arity: [min: number, max: number],
  type: DataType,
  run: (b: Binder, args: Cell[]) => Promise<Cell> | Cell,
): void {
  systemFunctions.set(
    name,
    fn(name, ...arity, (args, call) => {
      const { b } = call;
      const values = args.map((arg) => {
        const value = literal(arg, call);
        return value === null ? null : String(value);
      });
      const placeholder = `(SELECT '$system ${b.collected.next()}')`;
      b.collected.deferred.push({
        placeholder,
        sql: async () => cellLiteral(type, await run(b, values)).sql,
      });
      return { sql: placeholder, type, nullable: true };
    }),
  );
}
