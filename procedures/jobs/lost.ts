import { Refused } from '../ground/work.js';
import type { Description } from './create.js';

/**
 * A job that ended without what it was begun for: it failed, or was stopped, by a person or by its time limit. What it was
 * one of many for can go on without it.
 */
export class JobLost extends Refused {
  /** SageMaker itself failed, which asks for the same once more. */
  readonly internal: boolean;

  /** @param what `The training job NAME` */
  constructor(what: string, status: unknown, job: Description, next: string) {
    const reason = String(job.FailureReason || 'no reason was given');
    const other = status === 'Failed' ? 'failed' : 'found nothing';
    const ended = status === 'Stopped' ? 'was stopped' : other;
    super(`${what} ${ended}: ${reason.replace(/\.$/, '')}.`, next);
    // "InternalServerError: We encountered an internal error. Please try again." stands in the reason of a failed job.
    this.internal = status === 'Failed' && /^InternalServerError/.test(reason);
  }
}
