import { qualify } from '../ground/names.js';
import { query, type Work } from '../ground/work.js';
import type { InputFinding } from './measures/inputs.js';
import { keepInputs } from './measures/keeping.js';
import { dayAfter, measureInputs, type Window } from './measures/measuring.js';
import type { WatchPlan } from './plan.js';
import { inputSigns, type Sign } from './signs.js';

/** The inputs of the last full week and of the day, and which of them have shifted. */
export interface Inputs {
  readonly weekly: readonly InputFinding[];
  readonly daily: readonly InputFinding[];
  readonly signs: readonly Sign[];
}

/**
 * Measures and keeps the inputs of the week and of the day. What is flagged is a sign where it was flagged in the window before
 * too: a wave of referrals, or a day of one ward, passes.
 */
export function* lookAtInputs(plan: WatchPlan, version: string, day: string, week: Window): Work<Inputs> {
  const today: Window = { period: 'day', from: day, to: day };
  const weekly = yield* findingsOf(plan, version, day, week);
  const daily = yield* findingsOf(plan, version, day, today);
  const ofWeek = yield* lasting(plan, version, day, week, weekly);
  const isNew = (one: InputFinding) =>
    !ofWeek.some((other) => other.feature === one.feature && other.kind === one.kind);
  const ofDay = yield* lasting(plan, version, day, today, daily.filter(isNew));
  return {
    weekly,
    daily,
    signs: inputSigns(ofWeek, `the week from ${week.from}, and it was so the week before`).concat(
      inputSigns(ofDay, `${day}, and it was so the day before`),
    ),
  };
}

function* findingsOf(
  plan: WatchPlan,
  version: string,
  day: string,
  window: Window,
): Work<readonly InputFinding[]> {
  const found = yield* measureInputs(plan, version, window);
  yield* keepInputs(plan, version, day, window, found);
  return found;
}

/** Those that were flagged in the window before as well; where no watch has looked at that one, it is measured now. */
function* lasting(
  plan: WatchPlan,
  version: string,
  day: string,
  window: Window,
  found: readonly InputFinding[],
): Work<InputFinding[]> {
  const flagged = found.filter((one) => one.flagged);
  if (flagged.length === 0) return [];
  const back = window.period === 'week' ? -7 : -1;
  const earlier: Window = {
    period: window.period,
    from: dayAfter(window.from, back),
    to: dayAfter(window.to, back),
  };
  const kept = yield* query(
    `SELECT FEATURE, TEST, FLAGGED FROM ${qualify(plan.place, 'LOS_WATCH_INPUTS')}
WHERE DATASET = ? AND VERSION = ? AND PERIOD = ? AND FROM_DAY = TO_DATE(?, 'YYYY-MM-DD')`,
    [plan.contract.name, version, earlier.period, earlier.from],
  );
  const before =
    kept.length > 0
      ? kept.map((row) => ({
          feature: String(row.FEATURE),
          kind: String(row.TEST),
          flagged: row.FLAGGED === true,
        }))
      : yield* findingsOf(plan, version, day, earlier);
  return flagged.filter((one) =>
    before.some((other) => other.flagged && other.feature === one.feature && other.kind === one.kind),
  );
}
