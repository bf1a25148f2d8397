import { featureObject } from '../dataset/feature-sql.js';
import { isKnown, leakAdvice, leakSentence } from '../dataset/leak.js';
import { datasetNames } from '../dataset/names.js';
import { describeSuspect, type Selection } from '../fitting/selection.js';
import { sortBy } from '../ground/lists.js';
import { invocations, qualify } from '../ground/names.js';
import { type Plan, requireDataset } from '../ground/plan.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, Later, queryFirst, Refused, type Work } from '../ground/work.js';
import { createEndpoint, endpointStatus } from '../jobs/endpoint.js';
import { compare } from '../judging/compare.js';
import { type Gate, judge } from '../judging/gates.js';
import { measuresOf } from '../judging/measures.js';
import { compareNewest } from '../judging/newest.js';
import { approvePackage } from '../versions/package.js';
import { findVersion, markChampion, type RegistryEntry, recordOf, versions } from '../versions/registry.js';
import { retireExpired } from '../versions/retire.js';
import { versionOf } from '../versions/version.js';

export interface PromoteResult {
  readonly version: string;
  readonly previous: string | null;
  /** The judgement on a version that was never champion before; empty for others. */
  readonly gates: readonly Gate[];
  /** Versions that the retention rule gave up. */
  readonly removed: readonly string[];
  /** What did not go as it should, and does not matter to predictions. */
  readonly warning?: string;
}

export interface PromoteOptions {
  /** Promote although gates say no; which ones is in the result. What reveals the stay is not promoted all the same. */
  readonly force?: boolean;
}

/** By this word callers tell a refusal by gates from others; nothing was changed then. */
export const BY_GATES = 'gates';

/**
 * Switches predict_los, predict_los_detail and predict_los_reasons to a version and proves it by scoring a row. Each switch is one
 * ALTER FUNCTION, so that a query sees the old version or the new one, never half of each. A version that has
 * not been champion before must pass the gates (judging/gates.ts), and must not answer from what reveals the stay.
 * @param name version such as `health-v3`; null: the newest trained one
 * @throws Refused, by `gates` where one says no
 */
export function* promote(
  plan: Plan,
  name: string | null,
  { force = false }: PromoteOptions = {},
): Work<PromoteResult> {
  const { contract, settings } = plan;
  const all = yield* versions(settings);
  const named = all.find(({ version }) => version === name);
  if (named) requireDataset(plan, named.dataset);
  const entry = yield* findVersion(settings, contract.name, name);
  if (entry.requestTranslator === null || entry.endpoint === null)
    throw new Refused(
      entry.status === 'REMOVED'
        ? `${entry.version} has been removed: its endpoint is gone, what it predicted stays in the log.`
        : `${entry.version} was never finished (${entry.status}).`,
      'Promote another version, or train a new one with los train.',
    );
  const status = yield* endpointStatus(entry.endpoint);
  if (status !== 'InService') throw yield* endpointRefusal(plan, entry, entry.endpoint, status);
  if (entry.promotedAt === null) yield* refuseLeaks(plan, entry);
  const previous = all.find((one) => one.status === 'CHAMPION' && one.version !== entry.version) || null;
  const gates = entry.promotedAt === null ? yield* judgeGates(plan, entry, previous) : [];
  const refusing = gates.filter(({ passed }) => !passed);
  if (refusing.length > 0 && !force)
    throw new Refused(
      `${entry.version} is not promoted: ${refusing.map((gate) => `the gate “${gate.name}” says no (${gate.finding})`).join('; ')}.`,
      `To promote it anyway: los model promote ${entry.version} --force`,
      BY_GATES,
    );
  yield* switchTo(plan, entry);
  try {
    yield* proveWithin(plan, entry, 30);
  } catch (error) {
    if (previous) yield* switchTo(plan, previous);
    throw new Refused(
      `${entry.version} does not answer correctly: ${withoutValues(error).message} ${previous ? `predict_los is back on ${previous.version}.` : 'No version was promoted before it.'}`,
      'Run los status, then train again.',
    );
  }
  yield* markChampion(settings, entry.version);
  const warning = yield* approvePackage(plan, entry.version);
  const removed = yield* retireOld(plan);
  return {
    version: entry.version,
    previous: previous === null ? null : previous.version,
    gates,
    removed,
    ...(warning === null ? {} : { warning }),
  };
}

/**
 * The same with options as they were typed.
 * @throws Refused for any that there is not: over the gates goes only who says so in these words
 */
export function* promoteWithOptions(
  plan: Plan,
  name: string | null,
  asked: object | null,
): Work<PromoteResult> {
  const options: { readonly force?: unknown } = asked || {};
  for (const option of Object.keys(options))
    if (option !== 'force')
      throw new Refused(`PROMOTE_MODEL has no option "${option}".`, 'Its only option is force.');
  const { force = false } = options;
  if (typeof force !== 'boolean')
    throw new Refused(`The option force is ${JSON.stringify(force)}.`, 'Write it as TRUE or FALSE.');
  return yield* promote(plan, name, { force });
}

/** Why a version cannot be promoted now. A deleted endpoint is recreated, from the model that the version has in the bucket. */
function* endpointRefusal(
  plan: Plan,
  { version, status: stands }: RegistryEntry,
  endpoint: string,
  status: string | undefined,
): Work<Refused> {
  const soon = `In some minutes: los model promote ${version}.`;
  if (status === 'Creating' || status === 'Updating')
    return new Refused(`The endpoint ${endpoint} of ${version} is ${status}.`, soon);
  if (status !== undefined || stands === 'REMOVED')
    return new Refused(
      `The endpoint ${endpoint} of ${version} is ${status || 'gone'}.`,
      'Promote another version, or train a new one with los train.',
    );
  const { artifact } = yield* recordOf(plan.settings, version);
  yield* createEndpoint(plan, { name: endpoint, version, artifact });
  return new Refused(`The endpoint ${endpoint} of ${version} was gone. It is being recreated.`, soon);
}

/** What cannot be removed yet goes with the next promotion or training: this promotion has been done. */
function* retireOld(plan: Plan): Work<string[]> {
  try {
    return yield* retireExpired(plan);
  } catch (error) {
    if (error instanceof Later) return [];
    throw error;
  }
}

/**
 * A version that answers from what is written down later is good for nothing on admission, however well it did on the holdout.
 * No version is trained with such features since release 0.2.0; of those of 0.1.0 their lineage says what was suspected.
 * @throws Refused whatever force says: whether it is a leak stands in the contract
 */
function* refuseLeaks({ contract, settings }: Plan, { version }: RegistryEntry): Work<void> {
  const { selection } = (yield* recordOf(settings, version)).lineage as {
    readonly selection?: Selection | null;
  };
  const suspects = (selection?.suspects || []).filter(({ feature }) => !isKnown(contract, feature));
  if (suspects.length === 0) return;
  const names = suspects.map(({ feature }) => feature);
  throw new Refused(
    `${version} is not promoted. ${leakSentence(names, suspects.map(describeSuspect))}`,
    `${leakAdvice(names)} Then los model promote ${version} where it is known, or else los train.`,
    BY_GATES,
  );
}

/** The gates' judgement of a version against today's champion. */
function* judgeGates(plan: Plan, entry: RegistryEntry, champion: RegistryEntry | null): Work<Gate[]> {
  const { contract, settings } = plan;
  const rival = champion && champion.dataset === contract.name ? champion : null;
  const { metrics } = yield* recordOf(settings, entry.version);
  const measures = yield* measuresOf(settings, entry.version);
  const comparison = rival ? yield* compare(plan, entry, rival) : null;
  // One that cannot be asked any more cannot be compared on whom it has not predicted.
  const asked = rival && rival.endpoint !== null && (yield* endpointStatus(rival.endpoint)) === 'InService';
  const newest = rival && asked ? yield* compareNewest(plan, entry, rival) : null;
  return judge(contract, { metrics, measures, comparison, newest, chooseBy: settings.training.chooseBy });
}

/**
 * Makes the champion before the present one champion again. It was judged when it was promoted first, so
 * nothing stands in the way.
 */
export function* rollBack(plan: Plan): Work<PromoteResult> {
  const { contract, settings } = plan;
  const former = sortBy(
    (yield* versions(settings)).filter(
      (entry) => entry.dataset === contract.name && entry.status === 'RETIRED' && entry.promotedAt !== null,
    ),
    (a, b) => Date.parse(String(b.promotedAt)) - Date.parse(String(a.promotedAt)),
  )[0];
  if (!former)
    throw new Refused(
      `There is no former champion of ${contract.name} to go back to.`,
      'los model list names the versions; los model promote takes any of them.',
    );
  return yield* promote(plan, former.version);
}

function* switchTo({ settings }: Plan, entry: RegistryEntry): Work<void> {
  const { requestTranslator, reasonsTranslator } = versionOf({ name: entry.dataset }, settings, entry.number);
  const { days, detail, reasons } = invocations(settings);
  for (const [name, translator] of [
    [days, requestTranslator],
    [detail, requestTranslator],
    [reasons, reasonsTranslator],
  ] as const)
    yield* execute(
      `ALTER FUNCTION ${qualify(settings, name)}(OBJECT) SET REQUEST_TRANSLATOR = ${qualify(settings, translator)}`,
    );
}

/** Seconds between two looks whether AWS has learnt of a permission. */
const PAUSE = 2;

/** Proves it, again for some seconds where AWS refuses: a permission that apply has just mended is not known at once. */
function* proveWithin(plan: Plan, entry: RegistryEntry, seconds: number): Work<void> {
  for (let left = seconds; ; left -= PAUSE)
    try {
      return yield* prove(plan, entry);
    } catch (error) {
      if (left < PAUSE || !isRefused(error)) throw error;
      yield* execute(`CALL SYSTEM$WAIT(${PAUSE})`);
    }
}

/** AWS refuses the call, at the gateway (403), at the role, or at the model behind it, whose refusal arrives as a 400. */
function isRefused(error: unknown): boolean {
  // What a statement throws inside Snowflake has a message; that it is an Error is nowhere said.
  const { message } = error as Partial<Error>;
  return /remote service error: 403|AWS_ROLE|is not authorized to perform/.test(String(message));
}

/**
 * Scores one row of the feature table, one that has a feature of the model, through both functions. What it predicts is
 * that patient's and goes nowhere.
 */
function* prove({ contract, settings }: Plan, entry: RegistryEntry): Work<void> {
  const { features } = (yield* recordOf(settings, entry.version)).model;
  const known = features.map(({ name }) => `${name} IS NOT NULL`).join(' OR ');
  const { days, detail } = invocations(settings);
  const row = yield* queryFirst(
    `SELECT ${qualify(settings, days)}(FEATURES) AS DAYS,
  ${qualify(settings, detail)}(FEATURES):version::VARCHAR AS VERSION
FROM (SELECT ${featureObject(contract)} AS FEATURES FROM ${qualify(settings, datasetNames(contract).features)}
  WHERE ${known} LIMIT 1)`,
  );
  if (!row)
    throw new Error(
      `The feature table has no row with a feature of ${entry.version}, so nothing could be scored.`,
    );
  if (row.VERSION !== entry.version) throw new Error(`${row.VERSION} answered instead.`);
  if (!Number.isFinite(Number(row.DAYS))) throw new Error('It answered no number of days.');
}
