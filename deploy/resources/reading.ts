import type { Bind, Snowflake } from '../clients/snowflake.js';
import type { Context } from '../context.js';

const answers = new WeakMap<Context, Map<string, Promise<unknown>>>();

/**
 * A context for one reading of both clouds: what several kinds ask for is asked once. It is thrown away with
 * the reading, so nothing is remembered that may have changed since. A reading within a reading is the same.
 */
export function reading(ctx: Context): Context {
  if (answers.has(ctx)) return ctx;
  const once: Context = { ...ctx, snowflake: askingOnce(ctx.snowflake) };
  answers.set(once, new Map());
  return once;
}

/** Does the work once per reading; with any other context every time. */
export function readOnce<T>(ctx: Context, what: string, work: () => Promise<T>): Promise<T> {
  const known = answers.get(ctx);
  if (!known) return work();
  const answer = known.get(what) ?? work();
  known.set(what, answer);
  return answer as Promise<T>;
}

function askingOnce(snowflake: Snowflake): Snowflake {
  const asked = new Map<string, ReturnType<Snowflake['query']>>();
  const query = (sql: string, binds?: readonly Bind[]) => {
    if (binds) return snowflake.query(sql, binds);
    const answer = asked.get(sql) ?? snowflake.query(sql);
    asked.set(sql, answer);
    return answer;
  };
  return Object.assign(Object.create(snowflake) as Snowflake, { query: query as Snowflake['query'] });
}
