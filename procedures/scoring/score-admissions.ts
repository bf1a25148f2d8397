import { perform } from '../ground/inside.js';
import { type Place, placeOf } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { beginRun, recordRun } from '../runs.js';
import type { ScorePlan, ScoringSettings } from './plans.js';
import { scoreWaiting } from './score.js';
import { scorePlan } from './statements/score.js';

/** Derived from the dataset contract (statements/score.ts) and compiled in. */
declare const PLAN: ScorePlan;
declare const PLACE: Place;

export const object = {
  signature: {
    name: 'SCORE_ADMISSIONS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql }: PlanSource<ScoringSettings>) => ({
    PLAN: scorePlan(contract, settings, sql),
    PLACE: placeOf(settings),
  }),
} as const satisfies ProcedureObject<typeof scoreAdmissions>;

/**
 * Predicts the stay of every admission that waits, and logs it. It works in pieces, each one transaction that
 * claims ids, asks the model, writes the log and takes the ids off the queue: a killed run has logged whole pieces,
 * and the rest waits. The first piece is small; the next are as large as the endpoint is quick, and smaller where it had too much
 * to do. A piece that the model refuses is halved until the admissions that it cannot read stand
 * alone; they go to quarantine. A failure that passes by waiting leaves all as it is for the next run.
 * Without a promoted version nothing is touched.
 * @returns {rows, version, quarantined, waiting, details, run}
 * @example
 * CALL SCORE_ADMISSIONS();
 */
export default function scoreAdmissions() {
  const kind = { kind: 'scoring', dataset: PLAN.dataset };
  const [id, champion, quarantined, others, queued] = beginRun(PLAN.runLog, kind, PLAN.opening);
  if (champion === null) return { rows: 0, version: null, run: null };
  const version = String(champion);
  return recordRun(PLAN.runLog, { ...kind, id: String(id) }, (current) => {
    const opening = {
      run: current.id,
      version,
      quarantined: Number(quarantined) > 0,
      others: Number(others) > 0,
      queued: Number(queued),
    };
    return { ...perform(PLACE, scoreWaiting(PLAN, opening)), version };
  });
}
