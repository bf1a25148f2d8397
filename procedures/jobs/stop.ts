import { ask, type Work } from '../ground/work.js';
import { classify } from './answers.js';
import { describeResource, refusal } from './create.js';

/** Kinds of jobs, as the names of SageMaker's actions and members call them. */
export type JobKind = 'TrainingJob' | 'TransformJob';

/**
 * Ends a job that is going on. It is `Stopping` for a while then, and paid until it has ended.
 * @returns false where there is none of that name, or it has ended or is stopping already
 * @throws Later where SageMaker wants fewer requests, Refused where the job goes on all the same
 */
export function* stopJob(kind: JobKind, name: string): Work<boolean> {
  const request = { [`${kind}Name`]: name };
  const answer = yield* ask(`Stop${kind}` as const, request);
  if (answer.ok) return true;
  if (classify(answer) === 'missing') return false;
  // It has one error for whatever cannot be stopped; that a job is over is none to us.
  const job = yield* describeResource(`Describe${kind}` as const, request);
  if (job?.[`${kind}Status`] !== 'InProgress') return false;
  throw refusal(`Stop${kind}` as const, answer);
}
