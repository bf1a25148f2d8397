import type { Typed } from '../../types/coerce.js';
import type { FunctionSpec } from '../function.js';

/** A column and what is no longer may stand several times. */
const SHORT = 60;

/**
 * A function of times that computes each TIMESTAMP_TZ among its arguments once. The point in time and its offset stand
 * several times in what DuckDB runs, so that functions of functions would grow with every level.
 */
export function zoneOnce(spec: FunctionSpec): FunctionSpec {
  return {
    ...spec,
    bind(args, call) {
      // DuckDB has no subqueries in a lambda.
      if (args.some(({ sql }) => sql.includes('SELECT '))) return spec.bind(args, call);
      const long: { name: string; sql: string }[] = [];
      const short = args.map((arg): Typed => {
        if (arg.type.kind !== 'TIMESTAMP_TZ' || arg.untyped || arg.sql.length <= SHORT) return arg;
        // A lambda's parameter hides those around it: each has a name that stands in no other.
        let level = 1;
        const taken = args.map(({ sql }) => sql).join();
        while (taken.includes(`zoned${level}`) || long.some(({ name }) => name === `zoned${level}`)) level++;
        long.push({ name: `zoned${level}`, sql: arg.sql });
        return { ...arg, sql: `zoned${level}` };
      });
      const made = spec.bind(short, call);
      const sql = long.reduce(
        (inner, { name, sql }) => `(list_transform([${sql}], lambda ${name}: ${inner}))[1]`,
        made.sql,
      );
      return { ...made, sql };
    },
  };
}
