import { qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { queryFirst, variant, type Work } from '../ground/work.js';
import type { CheckResult } from './check.js';

/** The same by CHECK_MODEL, which has the code of a version's functions in it. */
export function* callCheck({ settings }: Plan, version: string): Work<CheckResult> {
  const row = (yield* queryFirst(`CALL ${qualify(settings, 'CHECK_MODEL')}(?)`, [version])) || {};
  return variant<CheckResult>(row[Object.keys(row)[0] as string]);
}
