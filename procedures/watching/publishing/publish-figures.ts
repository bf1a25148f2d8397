import { perform } from '../../ground/inside.js';
import { fromEntries } from '../../ground/lists.js';
import type { PlanSource, ProcedureObject } from '../../object.js';
import { type WatchedSettings, watchPlan } from '../make-plan.js';
import { dayAfter } from '../measures/measuring.js';
import type { WatchPlan } from '../plan.js';
import { publishFigures } from './figures.js';

declare const PLAN: WatchPlan;

export const object = {
  signature: {
    name: 'LOS_PUBLISH_FIGURES',
    args: [
      ['DAY', 'VARCHAR'],
      ['VERSION', 'VARCHAR'],
      ['WEEK', 'VARCHAR'],
      ['STAYS', 'VARCHAR'],
    ],
    returns: 'VARCHAR',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  plan: (from: PlanSource<WatchedSettings>) => ({
    PLAN: {
      ...watchPlan(from, /^$/),
      sql: fromEntries(
        [
          'ended-months',
          'group-stays',
          'groups',
          ...(from.contract.expectedDischarge ? ['dates'] : []),
          ...(from.contract.readyForDischarge ? ['delays'] : []),
        ].map((name) => [`publishing/${name}`, from.texts('publishing')[name] as string] as const),
      ),
    },
  }),
} as const satisfies ProcedureObject<typeof publishFiguresOf>;

/**
 * Publishes what WATCH_PREDICTIONS, which calls it, has seen, to those who may not read rows.
 * @param day YYYY-MM-DD: months that are over by its end may be published
 * @param version that answers; NULL: none does
 * @param week Monday of the week whose inputs were measured; NULL: none were
 * @param stays temporary table of the session: the stays whose predictions were looked at; NULL: none were
 * @returns the day
 * @example
 * CALL LOS_PUBLISH_FIGURES('2026-11-29', 'health-v1', '2026-11-23', NULL);
 */
export default function publishFiguresOf(
  day: string,
  version: string | null,
  week: string | null,
  stays: string | null,
): string {
  const { place } = PLAN;
  perform(
    place,
    publishFigures(
      PLAN,
      day,
      version
        ? { version, week: week ? { period: 'week', from: week, to: dayAfter(week, 6) } : null, stays }
        : undefined,
    ),
  );
  return day;
}
