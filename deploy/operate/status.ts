import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { schemaPath } from '../../procedures/ground/names.js';
import { endpointProblems } from '../../procedures/versions/leftovers.js';
import type { RegistryEntry } from '../../procedures/versions/registry.js';
import type { Status } from '../../report/results/operation.js';
import { requireValue } from '../../udfs/require-value.js';
import { readCosts } from '../clients/control.js';
import { seesOnlyGrants } from '../clients/missing-right.js';
import type { Row } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { forDataset } from '../dataset/context.js';
import { UserError } from '../errors.js';
import { awaitAll } from '../ground/await-all.js';
import { findReleaseMismatch } from '../history/release.js';
import { Spool } from '../mail/spool.js';
import { versions } from '../model/registry.js';
import { makePlan } from '../resources/plan.js';
import { reading } from '../resources/reading.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { buildStack } from '../stack/index.js';
import { lastRuns } from '../watching/last-runs.js';
import { asking, type Champion } from './ask.js';
import { health } from './health.js';
import { missingObjects, requireWarehouse } from './missing-objects.js';
import { costOfMonth } from './month-cost.js';

/**
 * Reads the state of the deployment. Reads only.
 * @example
 * const { champion, health } = await status(ctx);
 */
export async function status(opened: Context): Promise<Status> {
  const ctx = reading(opened);
  await requireWarehouse(ctx);
  const { contract } = forDataset(ctx);
  const stack = await buildStack(ctx);
  // What a role does not see is not gone.
  const hidden = await seesOnlyGrants(ctx);
  /** Reasons for which apply would refuse. */
  const refused: string[] = [];
  const plan = await makePlan(ctx, stack, (_, error) => {
    if (!(error instanceof UserError)) throw error;
    if (!hidden) refused.push(`${error.message} ${error.next ?? ''}`);
  });
  const release = await findReleaseMismatch(ctx);
  const changes = plan.changes.filter(({ action }) => !hidden || action !== 'create');
  const tables = await showOrNothing(ctx, `SHOW TABLES IN SCHEMA ${schemaPath(ctx.settings)}`);
  const exists = tables.length > 0;
  const found = await awaitAll({
    champions: asking(ctx, contract)<Champion>('champion'),
    endpoints: endpointStates(ctx, stack.kinds),
    tasks: exists ? taskStates(ctx) : [],
    health: health(ctx, contract),
    mails: mailCount(ctx),
    spooled: new Spool(ctx.settings.mail.spool, ctx.progress).waiting().length,
    costs: ctx.target.control ? readCosts(ctx.target.control) : null,
    spent: costOfMonth(ctx),
  });
  const { champions, ...shown } = found;
  const own = champions.find(({ dataset }) => dataset === contract.name);
  const registered = hidden ? exists : tables.some(({ name }) => name === 'LOS_MODEL_REGISTRY');
  const known = registered ? await versions(ctx) : null;
  const proposed = known?.find(({ dataset, proposedAt }) => dataset === contract.name && proposedAt);
  return {
    ...shown,
    deployed: { asDeclared: plan.unchanged, toChange: changes.map(({ id }) => id) },
    translator: champions[0]?.translator ?? null,
    champion: own ? { version: own.version, since: own.since } : null,
    proposed: proposed?.proposedAt ? { version: proposed.version, since: proposed.proposedAt } : null,
    health: {
      ...found.health,
      problems: [
        ...(release ? [`${release.what} ${release.next}`] : []),
        ...refused,
        ...(exists && !release ? missingObjects(ctx, changes) : []),
        ...endpointsInWords(ctx, known, tables, found.endpoints),
        ...found.health.problems,
      ],
    },
    rows: Object.fromEntries(tables.map(({ name, rows }) => [String(name), Number(rows)])),
  };
}

/** Describes problems of the endpoints of versions, as far as Snowflake knows any (any more). */
function endpointsInWords(
  ctx: Context,
  known: readonly RegistryEntry[] | null,
  tables: readonly Row[],
  endpoints: Status['endpoints'],
) {
  // What else is missing of the tables is said elsewhere.
  if (known) return endpointProblems(ctx.settings, known, endpoints);
  return tables.length > 0
    ? []
    : endpoints
        .slice(0, 1)
        .map(
          ({ name }) =>
            `${schemaPath(ctx.settings)} is not there, or this role may not see it, while the endpoint ${name} is.`,
        );
}

async function endpointStates(ctx: Context, kinds: Awaited<ReturnType<typeof buildStack>>['kinds']) {
  const kind = requireValue(
    kinds.find(({ id }) => id === 'aws.endpoint'),
    'the kind aws.endpoint',
  );
  const live = await kind.list(ctx, []);
  return live.map(({ name, properties }) => ({ name, status: properties?.status ?? 'Unknown' }));
}

async function taskStates(ctx: Context): Promise<Status['tasks']> {
  const tasks = await showOrNothing(ctx, `SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`);
  if (!tasks.length) return [];
  const runs = await lastRuns(
    ctx,
    tasks.map(({ name }) => String(name)),
    { skipped: true },
  );
  return tasks.map((task) => {
    const last = runs.find(({ name }) => name === task.name);
    return {
      name: String(task.name),
      state: String(task.state),
      lastRun: last?.completed ?? null,
      lastState: last?.state ?? null,
    };
  });
}

async function mailCount(ctx: Context): Promise<number | null> {
  if (!ctx.target.mailFolder) return null;
  const files = existsSync(ctx.target.mailFolder) ? await readdir(ctx.target.mailFolder) : [];
  return files.filter((file) => file.endsWith('.eml')).length;
}
