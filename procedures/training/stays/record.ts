import type { Run, StayRun } from '../run.js';

/** Record of a version's model of stays in the registry; null: it has none that serves. */
export function stayRecord({ data }: Run): object | null {
  const { stay } = data;
  if (!stay || stay.none !== undefined || !stay.model || !stay.metrics) return null;
  const training = stay.refitTraining && stay.refitLost === undefined ? stay.refitTraining : stay.training;
  return {
    from: stay.metrics.from,
    model: stay.model,
    job: training?.job,
    artifact: training?.artifact,
  };
}

/** Lineage of it: counts and names, and why there is none. */
export function lineageOfStay({
  days,
  events,
  calibrated,
  none,
  job,
  training,
  refitTraining,
  refitLost,
}: StayRun): object {
  return {
    days,
    events: (events || []).map(({ name }) => name),
    calibrated,
    none,
    job,
    training,
    refitTraining,
    refitLost,
  };
}
