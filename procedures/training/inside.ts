import { perform, speak } from '../ground/inside.js';
import type { Plan } from '../ground/plan.js';
import { type Outcome, renewRun, type State, step } from './machine.js';
import type { StateName } from './run.js';

/** Milliseconds after which a run that is worked on is held for longer, before the next statement. */
const RENEWED_AFTER = 60_000;

/** One state of a run, inside Snowflake; the procedure's caller holds the run. */
export function stepInside(
  plan: Plan,
  states: Readonly<Partial<Record<StateName, State>>>,
  run: string,
  lease: string,
): Outcome {
  let renewed = Date.now();
  const hold = () => {
    if (Date.now() - renewed < RENEWED_AFTER) return;
    renewed = Date.now();
    perform(plan.settings, renewRun(plan, run, lease));
  };
  try {
    return perform(plan.settings, step(plan, states, run, lease), hold);
  } catch (error) {
    return speak(error);
  }
}
