import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hasEvents } from '../dataset/origin/events.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { messageLine, withoutValues } from '../ground/without-values.js';
import { queryFirst, Refused, type Work } from '../ground/work.js';
import {
  championOf,
  findVersion,
  namesOf,
  type RegistryEntry,
  recordOf,
  stayOfVersion,
  type VersionRecord,
} from '../versions/registry.js';
import { type Silence, silenceInWords, silenceOf } from '../versions/silence.js';
import { createReasons, createServing, createStayServing } from '../versions/version-functions.js';
import { proveWithin, switchTo } from './switch.js';

/** Finding of whether a version answers. */
export interface CheckResult {
  /** null: there is no champion to be asked. */
  readonly version: string | null;
  readonly answers: boolean;
  /** Its functions were remade, as they did not run. */
  readonly renewed: boolean;
  /** Finding as a sentence. */
  readonly message: string;
  /** Advice of what to do; null: nothing. */
  readonly next: string | null;
}

/**
 * Asks a version about one admission. Where its own functions in Snowflake do not run, as after an upgrade of what they run
 * on, or are gone, they are remade from the registry by today's code, and it is asked again.
 * @param name null: the champion
 */
export function* checkModel(plan: Plan, name: string | null): Work<CheckResult> {
  const { contract, settings } = plan;
  const entry = name
    ? yield* findVersion(settings, contract.name, name)
    : yield* championOf(settings, contract.name);
  if (!entry)
    return {
      version: null,
      answers: false,
      renewed: false,
      message: `No version of ${contract.name} has been promoted.`,
      next: 'los train --promote',
    };
  const { version } = entry;
  let silence = yield* silenceAnywhere(plan, entry);
  const renewed = silence?.part === 'functions' && !silence.passes && (yield* renew(plan, entry));
  if (renewed) silence = yield* silenceAnywhere(plan, entry);
  const made = renewed ? ' Its functions did not run and were remade.' : '';
  return {
    version,
    answers: silence === null,
    renewed,
    message: silence ? `${silenceInWords({ ...silence, version })}.${made}` : `${version} answers.${made}`,
    next: silence ? adviceOn(version, silence) : null,
  };
}

/** Looks for silence of what writes its requests, of itself, and, if it is the champion, of predict_los. */
function* silenceAnywhere(plan: Plan, entry: RegistryEntry): Work<Silence | null> {
  const { requestTranslator, reasonsTranslator } = namesOf(plan.settings, entry);
  const silence =
    (yield* silenceOfTranslator(plan, entry, requestTranslator)) ||
    (yield* silenceOfTranslator(plan, entry, reasonsTranslator)) ||
    (yield* silenceOf(plan, entry));
  if (silence || entry.status !== 'CHAMPION') return silence;
  try {
    yield* proveWithin(plan, entry, 30);
    return null;
  } catch (error) {
    return { why: `through predict_los: ${lineOf(error)}`, passes: false, part: 'functions' };
  }
}

/** Tells whether a request is written, and for its endpoint; that is not asked for it. */
function* silenceOfTranslator(plan: Plan, entry: RegistryEntry, name: string): Work<Silence | null> {
  const { contract, settings } = plan;
  const of = (why: string): Silence => ({ why: `${name} ${why}`, passes: false, part: 'functions' });
  try {
    const row = yield* queryFirst(
      `SELECT R:urlSuffix::VARCHAR AS SUFFIX
FROM (SELECT ${qualify(settings, name)}(OBJECT_CONSTRUCT('body', OBJECT_CONSTRUCT('data', ARRAY_CONSTRUCT(ARRAY_CONSTRUCT(0, FEATURES))))) AS R
  FROM (SELECT ${featureObject(contract)} AS FEATURES FROM ${qualify(settings, datasetNames(contract).features)} LIMIT 1))`,
    );
    if (!row || row.SUFFIX === `/${entry.endpoint}/invocations`) return null;
    return of(`sends rows to ${row.SUFFIX || 'nowhere'} instead of the endpoint ${entry.endpoint}`);
  } catch (error) {
    return of(`fails: ${lineOf(error)}`);
  }
}

const lineOf = (error: unknown) => messageLine(withoutValues(error).message);

/** @returns false: the registry has nothing to make them of */
function* renew(plan: Plan, entry: RegistryEntry): Work<boolean> {
  const { model } = (yield* recordIn(plan, entry)) || {};
  if (!model) return false;
  const version = namesOf(plan.settings, entry);
  yield* createServing(plan, version, model);
  yield* createReasons(plan, version, model);
  const stay = hasEvents(plan.contract) ? yield* stayOfVersion(plan.settings, entry.version) : null;
  if (stay) yield* createStayServing(plan, version, stay.model);
  // Whether a function that asks by a translator still knows it once that is replaced, no page says.
  if (entry.status === 'CHAMPION') yield* switchTo(plan, entry);
  return true;
}

function* recordIn({ settings }: Plan, { version }: RegistryEntry): Work<VersionRecord | undefined> {
  try {
    return yield* recordOf(settings, version);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function adviceOn(version: string, { part, passes, why }: Silence): string {
  if (passes) return 'Run los doctor in some minutes, which says where it fails.';
  if (part === 'endpoint' && /is gone|failed|deleted/.test(why))
    return `los model promote ${version} recreates its endpoint from its artifact; where that is gone too: los train --promote.`;
  return 'Train a new version: los train --promote. It is not compared with one that does not answer.';
}
