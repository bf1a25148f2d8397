import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { qualified, shared } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { messageOf, UserError } from '../errors.js';
import { retryWhile } from '../ground/retry.js';
import { recorded } from '../history/recorded.js';
import { compare } from './compare.js';
import { type Gate, judge } from './gates.js';
import { measuresOf } from './measures.js';
import { approvePackage } from './package.js';
import { crown, findVersion, type RegistryEntry, recordOf, versions } from './registry.js';
import { retireExpired } from './retire.js';
import { endpointStatus } from './sagemaker.js';
import { versionOf } from './version.js';

export interface PromoteResult {
  readonly version: string;
  readonly previous: string | null;
  /** The judgement on a version that was never champion before; empty for others. */
  readonly gates: readonly Gate[];
}

export interface PromoteOptions {
  /** Promote although gates say no; which ones is said and mailed. */
  readonly force?: boolean;
}

/** A version that a gate stopped. Nothing was changed. */
export class GateRefusal extends UserError {}

/**
 * Switches predict_los, predict_los_detail and predict_los_reasons to a version and proves it by scoring a row. Each switch is one
 * ALTER FUNCTION, so that a query sees the old version or the new one, never half of each. A version that has
 * not been champion before must pass the gates (gates.ts).
 * @param name version such as `health-v3`; left out: the newest trained one
 */
export async function promote(
  ctx: Context,
  contract: Contract,
  name?: string,
  options: PromoteOptions = {},
): Promise<PromoteResult> {
  return await recorded(
    ctx,
    { action: 'promote', subject: name ?? `the newest of ${contract.name}` },
    (inTurn) => promoteInTurn(inTurn, contract, name, options),
    inWords,
  );
}

function inWords({ version, previous, gates }: PromoteResult): string {
  const overridden = gates.filter(({ passed }) => !passed).map((gate) => gate.name);
  return [
    `predict_los answers from ${version}${previous ? `, before: ${previous}` : ''}`,
    ...(overridden.length ? [`although the gates said no: ${overridden.join(', ')}`] : []),
  ].join('; ');
}

async function promoteInTurn(
  ctx: Context,
  contract: Contract,
  name: string | undefined,
  { force = false }: PromoteOptions = {},
): Promise<PromoteResult> {
  const all = await versions(ctx);
  const entry = await findVersion(ctx, contract, name);
  if (!entry.requestTranslator || !entry.endpoint)
    throw new UserError(`${entry.version} was never finished (${entry.status}).`, {
      next: 'Run los train again.',
    });
  const status = await endpointStatus(ctx, entry.endpoint);
  if (status !== 'InService')
    throw new UserError(`The endpoint ${entry.endpoint} of ${entry.version} is ${status ?? 'gone'}.`, {
      next: 'Promote another version, or train a new one with los train.',
    });

  const previous =
    all.find(({ status, version }) => status === 'CHAMPION' && version !== entry.version) ?? null;
  const gates = entry.promotedAt === null ? await judged(ctx, contract, entry, previous) : [];
  const overridden = gates.filter(({ passed }) => !passed);
  if (overridden.length > 0 && !force)
    throw new GateRefusal(
      `${entry.version} is not promoted: ${overridden.map((gate) => `the gate “${gate.name}” says no (${gate.finding})`).join('; ')}.`,
      { next: `To promote it all the same: los promote ${entry.version} --force` },
    );
  for (const gate of overridden)
    ctx.progress.note(`Promoted although the gate “${gate.name}” says no (${gate.finding})`);
  await ctx.progress.step(`Switch predict_los to ${entry.version}`, async () => {
    await switchTo(ctx, entry);
    try {
      await retryWhile(() => prove(ctx, contract, entry), isRefused, {
        signal: ctx.signal,
        seconds: 30,
      });
    } catch (error) {
      if (previous) await switchTo(ctx, previous);
      throw new UserError(
        `${entry.version} does not answer as it should: ${messageOf(error)} ${previous ? `predict_los is back on ${previous.version}.` : 'No version was promoted before it.'}`,
        { next: 'Run los status, then train again.', cause: error },
      );
    }
  });
  await crown(ctx, entry.version);
  await approvePackage(ctx, entry.dataset, entry.version);
  const removed = await retireExpired(ctx, contract);
  if (removed.length > 0) ctx.progress.note(`Removed by the retention rule: ${removed.join(', ')}`);
  await ctx.mail.send('promotion', {
    summary: `predict_los answers from ${entry.version} now.`,
    version: entry.version,
    previous: previous?.version ?? null,
    figures: gates.map(({ name, passed, finding }) => ({
      label: name,
      value: `${passed ? 'yes' : 'no, overridden'}: ${finding}`,
    })),
    next: previous ? `To go back: los rollback` : undefined,
  });
  return { version: entry.version, previous: previous?.version ?? null, gates };
}

/** The gates' judgement of a version against today's champion. */
async function judged(
  ctx: Context,
  contract: Contract,
  entry: RegistryEntry,
  champion: RegistryEntry | null,
): Promise<Gate[]> {
  const rival = champion?.dataset === contract.name ? champion : null;
  return judge(contract, {
    metrics: (await recordOf(ctx, entry.version)).metrics,
    measures: await measuresOf(ctx, entry.version),
    comparison: rival ? await compare(ctx, entry, rival) : null,
    chooseBy: ctx.settings.training.chooseBy,
  });
}

/**
 * Makes the champion before the present one champion again. It was judged when it was promoted first, so
 * nothing stands in the way.
 */
export async function rollback(ctx: Context, contract: Contract): Promise<PromoteResult> {
  return await recorded(
    ctx,
    { action: 'rollback', subject: contract.name },
    async (inTurn) => {
      const former = (await versions(inTurn))
        .filter((entry) => entry.dataset === contract.name && entry.status === 'RETIRED' && entry.promotedAt)
        .sort((a, b) => Date.parse(b.promotedAt!) - Date.parse(a.promotedAt!))[0];
      if (!former)
        throw new UserError(`There is no former champion of ${contract.name} to go back to.`, {
          next: 'los model lists the versions; los promote takes any of them.',
        });
      return await promoteInTurn(inTurn, contract, former.version);
    },
    inWords,
  );
}

async function switchTo({ snowflake, settings }: Context, entry: RegistryEntry): Promise<void> {
  const { requestTranslator, reasonsTranslator } = versionOf({ name: entry.dataset }, settings, entry.number);
  for (const [name, translator] of [
    [shared.predict, requestTranslator],
    [shared.detail, requestTranslator],
    [shared.reasons, reasonsTranslator],
  ] as const)
    await snowflake.execute(
      `ALTER FUNCTION ${qualified(settings, name)}(OBJECT) SET REQUEST_TRANSLATOR = ${qualified(settings, translator)}`,
    );
}

/**
 * AWS refuses the call, at the gateway (403), at the role, or at the model behind the gateway, whose refusal
 * arrives as the gateway's 400. A permission that apply has just mended takes AWS some seconds to know of.
 */
function isRefused(error: unknown): boolean {
  return (
    error instanceof SnowflakeError &&
    /remote service error: 403|AWS_ROLE|is not authorized to perform/.test(error.message)
  );
}

/**
 * Scores one row of the feature table, one that has a feature of the model, through both functions. What it predicts is
 * that patient's and goes nowhere.
 */
async function prove(ctx: Context, contract: Contract, entry: RegistryEntry): Promise<void> {
  const { snowflake, settings } = ctx;
  const { features } = (await recordOf(ctx, entry.version)).model;
  const known = features.map(({ name }) => `${name} IS NOT NULL`).join(' OR ');
  const [row] = await snowflake.query<{ DAYS: number; VERSION: string }>(
    `SELECT ${qualified(settings, shared.predict)}(FEATURES) AS DAYS,
  ${qualified(settings, shared.detail)}(FEATURES):version::VARCHAR AS VERSION
FROM (SELECT ${featureObject(contract)} AS FEATURES FROM ${qualified(settings, datasetNames(contract).features)}
  WHERE ${known} LIMIT 1)`,
  );
  if (!row)
    throw new Error(
      `The feature table has no row with a feature of ${entry.version}, so nothing could be scored.`,
    );
  if (row.VERSION !== entry.version) throw new Error(`${row.VERSION} answered instead.`);
  if (!Number.isFinite(Number(row.DAYS))) throw new Error('It answered no number of days.');
}
