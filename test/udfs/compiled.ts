import { runInNewContext } from 'node:vm';
import { compileEntry } from '../../deploy/compile/compile.js';

export type Handler = (...args: unknown[]) => unknown;

/**
 * The compiled body as Snowflake runs it: a function of its upper-cased arguments.
 * @param define constants that are compiled in, by name
 */
export async function handler(entry: string, define?: Record<string, unknown>): Promise<Handler> {
  const { body, signature } = await compileEntry(entry, { define });
  return runInNewContext(
    `(function (${signature.args.map(([name]) => name).join(', ')}) {${body}\n})`,
    {},
  ) as Handler;
}

/** Objects of another realm as ours, as they are after crossing Snowflake's JSON. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
