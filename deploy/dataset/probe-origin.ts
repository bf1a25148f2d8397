import { join, sep } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { describeClosed, relationsBelow } from '../../procedures/dataset/origin/grants.js';
import {
  columnProblem,
  describeMissing,
  originsOf,
  relationsOf,
} from '../../procedures/dataset/origin/relation.js';
import { type Snowflake, SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { projectRoot } from '../project.js';

type Closed = ReturnType<typeof describeClosed>;

/** Contracts that los brings along: where one reads others' rows, a demo makes these. */
const SHIPPED = join(projectRoot, 'sql/datasets', sep);
const MADE_UP =
  'Run los demo, or name your contract (dataset in los.config.yaml, or --dataset; los dataset init drafts one): that of the settings is of a made-up hospital, which only los demo makes, on a local cloud.';

/**
 * Tests that the session's role may read the hospital's rows where they are, and has the columns there. It asks
 * without a warehouse.
 * @returns undefined: it may, or the rows are in a table of ours
 */
export async function probeOrigin(
  { snowflake, settings }: Pick<Context, 'snowflake' | 'settings'>,
  contract: Pick<Contract, 'origin' | 'columns' | 'events' | 'moves' | 'planned'>,
): Promise<Closed | undefined> {
  const { origin, columns } = contract;
  const admissions = Object.keys(columns).map((name) => origin?.columns[name] ?? name);
  const missingOf = (name: string, types: Readonly<Record<string, string>>) => {
    const missing = origin?.source === undefined ? [] : admissions.filter((column) => !(column in types));
    return missing.length > 0 ? describeMissing(name, missing, Object.keys(types)) : undefined;
  };
  const read = [
    ...(origin === undefined ? [] : relationsBelow(origin, settings.snowflake.database)).map(
      (name) => [name, missingOf] as const,
    ),
    ...originsOf(contract).flatMap((other) =>
      relationsOf(other.relation, settings).map(
        // What columns a query has, los dataset check asks, with a warehouse.
        (name) =>
          [name, other.relation.query ? () => undefined : columnProblem.bind(undefined, other)] as const,
      ),
    ),
  ];
  for (const [relation, problemOf] of read) {
    try {
      const found = await snowflake.query<{ name: string; type: string }>(`DESCRIBE TABLE ${relation}`);
      const types = found.map(({ name, type }) => [name, type.replace(/\(.*/, '')]);
      const problem = problemOf(relation, Object.fromEntries(types));
      if (problem) return problem;
    } catch (error) {
      const closed = await explainClosed(snowflake, [relation], error);
      if (closed === undefined) throw error;
      return settings.dataset.startsWith(SHIPPED) ? { what: MADE_UP, next: closed.what } : closed;
    }
  }
  return undefined;
}

/** Explains which grants the owners of relations have to give; undefined: the error is about something else. */
export async function explainClosed(
  snowflake: Snowflake,
  relations: readonly string[],
  error: unknown,
): Promise<Closed | undefined> {
  if (!(error instanceof SnowflakeError && error.isBeyondRole)) return undefined;
  const [row] = await snowflake.query<{ R: string | null }>('SELECT CURRENT_ROLE() AS R');
  return describeClosed(relations, error.message, row?.R ?? 'LOS_DEPLOY');
}

/** @throws UserError where the rows may not be read */
export async function requireOrigin(ctx: Context, contract: Contract): Promise<void> {
  const closed = await probeOrigin(ctx, contract);
  if (closed) throw new UserError(closed.what, { next: closed.next });
}
