import { perform, speak } from '../ground/inside.js';
import type { Plan } from '../ground/plan.js';
import { isStillWaiting, type Outcome, renewRun, type States, stepRun, takeRun } from './machine.js';
import { runOf, type StateName } from './run.js';

/** Milliseconds after which a run that is worked on is held for longer, before the next statement. */
const RENEWED_AFTER = 60_000;

/**
 * One state of a run and those after it that the same procedure knows, inside Snowflake. A run that the caller does not hold is taken
 * where there is something to be done for it, and is held after a move.
 */
export function stepInside(plan: Plan, states: States, id: string, lease: string): Outcome {
  let renewed = Date.now();
  const hold = () => {
    if (Date.now() - renewed < RENEWED_AFTER) return;
    renewed = Date.now();
    perform(plan.settings, renewRun(plan, id, lease));
  };
  try {
    let run = perform(plan.settings, runOf(plan.settings, id));
    if (run?.status === 'OPEN' && run.lease !== lease) {
      if (perform(plan.settings, isStillWaiting(plan, states, run))) return 'nothing new';
      if (!perform(plan.settings, takeRun(plan, id, lease))) return 'taken';
      const { state } = run;
      run = perform(plan.settings, runOf(plan.settings, id));
      // Another has moved it meanwhile, perhaps to a state that only the caller knows whom to ask about.
      if (run?.state !== state) return 'moved';
    }
    let outcome = perform(plan.settings, stepRun(plan, states, run, lease), hold);
    while (outcome === 'moved') {
      run = perform(plan.settings, runOf(plan.settings, id));
      if (run?.status !== 'OPEN' || !states[run.state as StateName]) break;
      outcome = perform(plan.settings, stepRun(plan, states, run, lease), hold);
    }
    return outcome;
  } catch (error) {
    return speak(error);
  }
}
