import type { Row, Step, Work } from '../../procedures/ground/work.js';
import type { ControlAnswer } from '../../udfs/control/control-response-translator.js';

/** What a step is answered: rows of a statement, how many it changed, or SageMaker's words. Nothing: no rows, none changed. */
export type Scripted = readonly Row[] | number | ControlAnswer | undefined;

/**
 * Carries out a work over a test's answers.
 * @param answer may throw what a statement would
 * @throws what the work throws
 */
export function scripted<T>(work: Work<T>, answer: (step: Step) => Scripted): T {
  let next = work.next();
  while (!next.done) {
    const step = next.value;
    let given: Scripted;
    try {
      given = answer(step);
    } catch (error) {
      next = work.throw(error);
      continue;
    }
    next = work.next(
      'action' in step
        ? (given ?? { ok: true, answer: {} })
        : { rows: Array.isArray(given) ? given : [], changed: typeof given === 'number' ? given : 0 },
    );
  }
  return next.value;
}

/** Where the objects of a test's plan lie. */
export const place = { snowflake: { database: 'D', schema: 'S' } } as const;
