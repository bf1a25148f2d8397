import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { execute, Refused, type Work } from '../ground/work.js';
import { endpointStatus } from '../jobs/endpoint.js';
import { type Comparison, compareLive } from '../judging/compare.js';
import { shadowSql } from '../judging/shadow-sql.js';
import { findVersion, namesOf } from '../versions/registry.js';

/** A challenger beside the champions that answered. */
export interface ShadowResult {
  readonly version: string;
  /** Logged predictions that the challenger was asked about now. */
  readonly scored: number;
  /** The challenger and whatever answered, on admissions whose stay is known by now; null: too few of them. */
  readonly comparison: Comparison | null;
}

/**
 * Lets a version that is not the champion predict every admission that was logged since it was trained and that
 * it has not predicted yet, from the inputs that were logged then, and compares it with what was answered as far
 * as the stays are known. Run again, it takes up what has come since. The same on a schedule: tasks.challenger.
 */
export function* shadow(plan: Plan, name: string | null): Work<ShadowResult> {
  const { contract, settings } = plan;
  const entry = yield* findVersion(settings, contract.name, name);
  if (entry.status === 'CHAMPION')
    throw new Refused(
      `${entry.version} is the champion: what it predicts is in the log already.`,
      'Name a challenger; los model list names the versions.',
    );
  const status = entry.endpoint === null ? undefined : yield* endpointStatus(entry.endpoint);
  if (status !== 'InService')
    throw new Refused(
      `The endpoint of ${entry.version} is ${status || 'gone'}, so it cannot be asked.`,
      'Name another version, or train one with los train.',
    );
  const version = namesOf(settings, entry);
  const scored = yield* execute(
    shadowSql(contract, settings, version, qualify(settings, 'LOS_PREDICTION_LOG')),
  );
  return { version: entry.version, scored, comparison: yield* compareLive(plan, entry, null) };
}
