import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hasEvents } from '../dataset/origin/events.js';
import { invocations, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { execute, queryFirst, type Work } from '../ground/work.js';
import { namesOf, type RegistryEntry, recordOf, stayOfVersion } from '../versions/registry.js';

/** Has predict_los, predict_los_detail and predict_los_reasons ask a version. */
export function* switchTo(plan: Plan, entry: RegistryEntry): Work<void> {
  const { contract, settings } = plan;
  const { requestTranslator, reasonsTranslator } = namesOf(settings, entry);
  const { days, detail, reasons } = invocations(settings);
  for (const [name, translator] of [
    [days, requestTranslator],
    [detail, requestTranslator],
    [reasons, reasonsTranslator],
  ] as const)
    yield* execute(
      `ALTER FUNCTION ${qualify(settings, name)}(OBJECT) SET REQUEST_TRANSLATOR = ${qualify(settings, translator)}`,
    );
  if (hasEvents(contract)) yield* switchStay(plan, entry);
}

/** Has LOS_INVOKE_STAY ask a version's model of stays, where it has one; where not, it is not asked (RENEW_PREDICTIONS). */
function* switchStay({ settings }: Plan, entry: RegistryEntry): Work<void> {
  const stay = yield* stayOfVersion(settings, entry.version);
  const translator = stay ? namesOf(settings, entry).stayTranslator : 'LOS_NO_MODEL';
  yield* execute(
    `ALTER FUNCTION ${qualify(settings, invocations(settings).stay)}(OBJECT) SET REQUEST_TRANSLATOR = ${qualify(settings, translator)}`,
  );
}

/** Seconds between two looks whether AWS has learnt of a permission. */
const PAUSE = 2;

/** Proves it, again for some seconds where AWS refuses: a permission that apply has just mended is not known at once. */
export function* proveWithin(plan: Plan, entry: RegistryEntry, seconds: number): Work<void> {
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
