import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hasOwn } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { messageLine, withoutValues } from '../ground/without-values.js';
import { execute, Later, queryFirst, Refused, type Work } from '../ground/work.js';
import { describeResource } from '../jobs/create.js';
import { namesOf, type RegistryEntry, recordOf } from './registry.js';

/** That a version does not answer. */
export interface Silence {
  /** As a clause: `its endpoint los-health-v1 is gone`. */
  readonly why: string;
  /** It may pass by itself: throttling, errors of a server, a permission that AWS does not know of yet. */
  readonly passes: boolean;
  /** Part that does not work: SageMaker's endpoint, or the version's own functions in Snowflake. */
  readonly part: 'endpoint' | 'functions';
}

/** Questions to a version whose silence may pass, and seconds between two of them. */
const TRIES = 4;
const PAUSE = 5;

/**
 * Asks a version about one admission, through its own external function, and once more after some seconds where what it
 * says may pass. Nothing of what it predicts goes anywhere.
 * @returns null: it answers, or there is no admission to ask about
 */
export function* silenceOf(plan: Plan, entry: RegistryEntry): Work<Silence | null> {
  for (let left = TRIES - 1; ; left--) {
    const silence = yield* askOnce(plan, entry);
    if (!silence?.passes || left === 0) return silence;
    yield* execute(`CALL SYSTEM$WAIT(${PAUSE})`);
  }
}

/** `health-v1 does not answer (its endpoint los-health-v1 is gone)` */
export function silenceInWords({ version, why }: { readonly version: string; readonly why: string }): string {
  return `${version} does not answer (${why})`;
}

function* askOnce(plan: Plan, entry: RegistryEntry): Work<Silence | null> {
  return (yield* lookAtEndpoint(entry)) || (yield* askAboutOne(plan, entry));
}

/** Asks SageMaker about the endpoint. One that is being updated answers meanwhile. */
function* lookAtEndpoint({ endpoint }: RegistryEntry): Work<Silence | null> {
  const of = (why: string, passes = false): Silence => ({ why, passes, part: 'endpoint' });
  if (endpoint === null) return of('it has no endpoint');
  try {
    const description = yield* describeResource('DescribeEndpoint', { EndpointName: endpoint });
    const status = description && String(description.EndpointStatus);
    if (status === undefined) return of(`its endpoint ${endpoint} is gone`);
    if (status === 'Deleting') return of(`its endpoint ${endpoint} is being deleted`);
    if (status === 'Failed')
      return of(`its endpoint ${endpoint} failed: ${description?.FailureReason || 'no reason was given'}`);
    return status === 'Creating' ? of(`its endpoint ${endpoint} is Creating`, true) : null;
  } catch (error) {
    if (!(error instanceof Later || error instanceof Refused)) throw error;
    return of(error.message, true);
  }
}

/** @throws what has nothing to do with the version: there is no admission to be read, or no warehouse */
function* askAboutOne(plan: Plan, entry: RegistryEntry): Work<Silence | null> {
  const { contract, settings } = plan;
  const of = (why: string, passes = false): Silence => ({ why, passes, part: 'functions' });
  const known = yield* featuresOf(plan, entry);
  if (known === null) return of('the registry has nothing to make its functions of');
  if (known.length === 0) return of('the contract has none of its features any more');
  const one = `(SELECT ${featureObject(contract)} AS FEATURES FROM ${qualify(settings, datasetNames(contract).features)}
  WHERE ${known.map((name) => `${name} IS NOT NULL`).join(' OR ')} LIMIT 1)`;
  if (!(yield* queryFirst(`SELECT FEATURES FROM ${one}`))) return null;
  const { predict } = namesOf(settings, entry);
  try {
    const row = yield* queryFirst(
      `SELECT D:version::VARCHAR AS VERSION, D:days::FLOAT AS DAYS FROM (SELECT ${qualify(settings, predict)}(FEATURES) AS D FROM ${one})`,
    );
    if (row?.VERSION !== entry.version) return of(`${row?.VERSION || 'nothing'} answers in its place`);
    return row.DAYS !== null && Number.isFinite(Number(row.DAYS))
      ? null
      : of('its answer is no number of days');
  } catch (error) {
    return failure(String(withoutValues(error).message));
  }
}

/** The features of its model that the contract still has; null: the registry has no model of it. */
function* featuresOf({ contract, settings }: Plan, { version }: RegistryEntry): Work<string[] | null> {
  try {
    const { model } = yield* recordOf(settings, version);
    return model.features.map(({ name }) => name).filter((name) => hasOwn(contract.features, name));
  } catch (error) {
    if (error instanceof Refused || error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Reads from a refused question what is wrong with the version. What the endpoint says comes as an error of the remote service, with the
 * status that API Gateway makes of it (deploy/stack/aws.ts): 429 and 5xx pass, as SageMaker's throttling and a role that is
 * seconds old do; another 4xx is about the version itself. Anything else was no answer of the endpoint's.
 */
function failure(message: string): Silence {
  const passes = isPassing(message);
  const remote = /remote service error/.test(message);
  return { why: messageLine(message), passes, part: remote || passes ? 'endpoint' : 'functions' };
}

/** Tells whether what a version's external function failed with may pass by itself. */
export function isPassing(message: string): boolean {
  return /remote service error: (403|408|429|5\d\d)|AWS_ROLE|is not authorized to perform|throttl|rate exceeded|timed? ?out/i.test(
    message,
  );
}
