import { hasEvents } from '../dataset/origin/events.js';
import { sortBy } from '../ground/lists.js';
import { type Plan, requireDataset } from '../ground/plan.js';
import { messageLine, withoutValues } from '../ground/without-values.js';
import { Later, Refused, type Work } from '../ground/work.js';
import { describeResource } from '../jobs/create.js';
import { createEndpoint, removeEndpoint } from '../jobs/endpoint.js';
import { type Comparison, compare } from '../judging/compare.js';
import { EQUITY, type Gate, judge } from '../judging/gates.js';
import { measuresOf } from '../judging/measures.js';
import { compareNewest, type Newest } from '../judging/newest.js';
import { readOptions } from '../options.js';
import { approvePackage } from '../versions/package.js';
import {
  findVersion,
  markChampion,
  markProposed,
  namesOf,
  type RegistryEntry,
  recordOf,
  stayOfVersion,
  type VersionRecord,
  versions,
} from '../versions/registry.js';
import { retireExpired } from '../versions/retire.js';
import { isPassing, type Silence, silenceInWords, silenceOf } from '../versions/silence.js';
import { callCheck } from './call-check.js';
import { proveWithin, switchTo } from './switch.js';

export interface PromoteResult {
  readonly version: string;
  readonly previous: string | null;
  /** The judgement on a version that was never champion before; empty for others. */
  readonly gates: readonly Gate[];
  /** Versions that the retention rule gave up. */
  readonly removed: readonly string[];
  /** Why a person promoted it over gates, where that was said. */
  readonly reason?: string;
  /** Warning of what did not go as it should, and does not matter to predictions. */
  readonly warning?: string;
}

export interface PromoteOptions {
  /** Name of what promotes it, where that is not the user who calls. */
  readonly by?: string;
  /** Promote although gates say no; which ones is in the result. */
  readonly force?: boolean;
  /** Why, in a person's words; what is kept with the version. */
  readonly reason?: string;
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
  { force = false, by, reason }: PromoteOptions = {},
): Work<PromoteResult> {
  const { settings } = plan;
  const { entry, previous, gates } = yield* judgeVersion(plan, name);
  const refusing = gates.filter(({ passed }) => !passed);
  const unexplained = reason === undefined && refusing.some((gate) => gate.name === EQUITY);
  if (refusing.length > 0 && (!force || unexplained)) throw refusalByGates(entry.version, refusing);
  const kept = refusing.length > 0 && reason !== undefined ? reason : null;
  yield* switchTo(plan, entry);
  try {
    yield* proveOrRenew(plan, entry);
  } catch (error) {
    if (previous) yield* switchTo(plan, previous);
    throw new Refused(
      `${entry.version} does not answer correctly: ${withoutValues(error).message} ${previous ? `predict_los is back on ${previous.version}.` : 'No version was promoted before it.'}`,
      'Run los status, then train again.',
    );
  }
  yield* markChampion(settings, entry.version, by === undefined ? null : by, kept);
  const warning = yield* approvePackage(plan, entry.version);
  const removed = yield* retireOld(plan);
  return {
    version: entry.version,
    previous: previous === null ? null : previous.version,
    gates,
    removed,
    ...(kept === null ? {} : { reason: kept }),
    ...(warning === null ? {} : { warning }),
  };
}

/** A version that could be promoted, and what the gates say of it. */
function* judgeVersion(
  plan: Plan,
  name: string | null,
): Work<{ readonly entry: RegistryEntry; readonly previous: RegistryEntry | null; readonly gates: Gate[] }> {
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
  yield* requireEndpoint(plan, entry, entry.endpoint, null);
  const stay = hasEvents(contract) ? yield* stayOfVersion(settings, entry.version) : null;
  if (stay) yield* requireEndpoint(plan, entry, namesOf(settings, entry).stayEndpoint, stay.artifact);
  const previous = all.find((one) => one.status === 'CHAMPION' && one.version !== entry.version) || null;
  const gates = entry.promotedAt === null ? yield* judgeGates(plan, entry, previous) : [];
  return { entry, previous, gates };
}

function refusalByGates(version: string, refusing: readonly Gate[]): Refused {
  return new Refused(
    `${version} is not promoted: ${refusing.map((gate) => `the gate “${gate.name}” says no (${gate.finding})`).join('; ')}.`,
    `To promote it anyway: los model promote ${version} --force --reason "why", which is kept with the version.`,
    BY_GATES,
  );
}

/**
 * Asks a person to promote a version that passes the gates. predict_los goes on as it is.
 * @throws Refused as promote does
 */
export function* propose(plan: Plan, version: string): Work<Pick<PromoteResult, 'previous' | 'gates'>> {
  const { entry, previous, gates } = yield* judgeVersion(plan, version);
  const refusing = gates.filter(({ passed }) => !passed);
  if (refusing.length > 0) throw refusalByGates(version, refusing);
  yield* markProposed(plan.settings, entry.dataset, version);
  return { previous: previous === null ? null : previous.version, gates };
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
  const options = readOptions<Pick<PromoteOptions, 'force' | 'reason'>>(
    'PROMOTE_MODEL',
    asked,
    { force: 'boolean', reason: 'text' },
    ['reason'],
  );
  if (options.reason !== undefined && !options.force)
    throw new Refused(
      '--reason goes with --force, which is missing.',
      'Write force as well, or leave the reason out.',
    );
  return yield* promote(plan, name, options);
}

/** Proves a version, whose functions are remade where they do not run, as after an upgrade of what they run on. */
function* proveOrRenew(plan: Plan, entry: RegistryEntry): Work<void> {
  try {
    yield* proveWithin(plan, entry, 30);
  } catch (error) {
    const { message } = withoutValues(error);
    if (isPassing(message) || !(yield* callCheck(plan, entry.version)).renewed) throw error;
    yield* switchTo(plan, entry);
    yield* proveWithin(plan, entry, 30);
  }
}

/** Advice about a version that nothing revives. */
const LAST_RESORT =
  'Promote another version (los model list), or train a new one: los train --promote. A champion that does not answer stands in its way no longer.';

/**
 * An endpoint that is gone, or failed, is recreated, from the model that the version has in the bucket.
 * @param known where that is; null: as the registry says
 * @throws Refused where the endpoint of a version is not in service, with what is done about it
 */
function* requireEndpoint(
  plan: Plan,
  { version, status: stands }: RegistryEntry,
  endpoint: string,
  known: string | null,
): Work<void> {
  const description = yield* describeResource('DescribeEndpoint', { EndpointName: endpoint });
  const status = description && String(description.EndpointStatus);
  if (status === 'InService') return;
  const soon = `In some minutes: los model promote ${version}.`;
  const its = `The endpoint ${endpoint} of ${version}`;
  if (status === 'Creating' || status === 'Updating') throw new Refused(`${its} is ${status}.`, soon);
  if (stands === 'REMOVED') throw new Refused(`${its} is ${status || 'gone'}.`, LAST_RESORT);
  if (status === 'Deleting') throw new Refused(`${its} is being deleted. Then it can be recreated.`, soon);
  if (status === 'Failed') {
    const why = String(description?.FailureReason || 'no reason was given');
    if (/model (data|artifact)|download/i.test(why)) throw new Refused(`${its} failed: ${why}`, LAST_RESORT);
    yield* removeEndpoint(endpoint);
    throw new Refused(
      `${its} failed: ${why} It is being removed, to be recreated.`,
      `${soon} Where it fails once more: los train --promote.`,
    );
  }
  if (status !== undefined) throw new Refused(`${its} is ${status}.`, soon);
  const artifact = known || (yield* recordOf(plan.settings, version)).artifact;
  // What may be left of it was made for the kind of endpoint that the settings had then.
  yield* removeEndpoint(endpoint);
  try {
    yield* createEndpoint(plan, { name: endpoint, version, artifact });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(`${its} is gone and cannot be recreated. ${error.message}`, LAST_RESORT);
  }
  throw new Refused(`${its} was gone. It is being recreated.`, soon);
}

/** Retires old versions. What cannot be removed yet goes with the next promotion or training: this promotion has been done. */
function* retireOld(plan: Plan): Work<string[]> {
  try {
    return yield* retireExpired(plan);
  } catch (error) {
    if (error instanceof Later) return [];
    throw error;
  }
}

/**
 * The gates' judgement of a version against today's champion. One that does not answer is none: it must not keep away the
 * version that does.
 */
function* judgeGates(plan: Plan, entry: RegistryEntry, champion: RegistryEntry | null): Work<Gate[]> {
  const { contract, settings } = plan;
  const { metrics, lineage } = yield* recordOf(settings, entry.version);
  const own = {
    metrics,
    measures: yield* measuresOf(settings, entry.version),
    chooseBy: settings.training.chooseBy,
    equity: settings.training.equity,
  };
  const rival = champion && champion.dataset === contract.name ? champion : null;
  if (!rival) return judge(contract, { ...own, comparison: null, newest: null });
  const silence = yield* silenceOf(plan, rival);
  const comparison =
    silence && !silence.passes ? null : yield* compareUnless(plan, entry, rival, silence, lineage);
  if (silence && comparison === null)
    return judge(contract, {
      ...own,
      comparison: null,
      newest: null,
      alone: `${silenceInWords({ ...silence, version: rival.version })}, so ${entry.version} was judged on its own`,
    });
  const newest = silence
    ? `${silenceInWords({ ...silence, version: rival.version })} at the moment, so they were not asked about the newest admissions`
    : yield* compareOnNewest(plan, entry, rival);
  return judge(contract, { ...own, comparison, newest });
}

/**
 * Compares a version with the champion on the holdout, which asks neither.
 * @param silence of a champion that may answer again
 * @returns null where they cannot be compared, as the champion did not answer then and does not now
 * @throws Refused where they cannot be compared otherwise
 */
function* compareUnless(
  plan: Plan,
  entry: RegistryEntry,
  rival: RegistryEntry,
  silence: Silence | null,
  lineage: VersionRecord['lineage'],
): Work<Comparison | null> {
  try {
    return yield* compare(plan, entry, rival);
  } catch (error) {
    const { silent } = lineage as { readonly silent?: { readonly version: string } | null };
    if (error instanceof Refused && silence && silent?.version === rival.version) return null;
    throw error;
  }
}

/** @returns a sentence where the champion fails on them: as the version itself does not, that is no reason to keep it away */
function* compareOnNewest(
  plan: Plan,
  entry: RegistryEntry,
  rival: RegistryEntry,
): Work<Newest | string | null> {
  try {
    return yield* compareNewest(plan, entry, rival);
  } catch (error) {
    yield* compareNewest(plan, entry, entry);
    return `${rival.version} fails on the newest admissions: ${messageLine(withoutValues(error).message)}`;
  }
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
