import { isDay } from '../ground/days.js';
import { perform } from '../ground/inside.js';
import { fill } from '../ground/plan.js';
import { beginRun, recordRun } from '../runs.js';
import type { RenewPlan } from './plan.js';
import { renewMorning } from './renew.js';

/** One run: the newest morning, or that of a day. */
export function runRenewal(plan: RenewPlan, day: string | null) {
  if (day !== null && !isDay(day)) throw new Error(`${day} is not a day. Write it as 2026-11-20.`);
  const kind = { kind: 'renewal', dataset: plan.dataset };
  const opening = fill(plan.opening, { day: `'${day}'` });
  const [id, asOf, version, waiting, served, since] = beginRun(plan.runLog, kind, opening);
  const morning = { as_of: String(asOf), version: version === null ? null : String(version) };
  if (Number(waiting) === 0) return { rows: 0, ...morning, run: null };
  return recordRun(plan.runLog, { ...kind, id: String(id) }, (current) => {
    const renewed = perform(
      plan.place,
      renewMorning(plan, current.id, {
        asOf: morning.as_of,
        served: Number(served),
        since: since === null ? null : String(since),
      }),
    );
    return { ...renewed, ...morning, details: { ...renewed, ...morning } };
  });
}
