import type { ControlAction } from '../../udfs/control/control-actions.js';
import type { ControlAnswer } from '../../udfs/control/control-response-translator.js';
import { ask, Later, Refused, type Work } from '../ground/work.js';
import { classify } from './answers.js';

/** Answer of SageMaker to a Describe… action. */
export type Description = Readonly<Record<string, unknown>>;

/**
 * Asks SageMaker about something that has a name; undefined where there is none of that name.
 * @throws Later where SageMaker wants fewer requests
 */
export function* describeResource(action: ControlAction, request: object): Work<Description | undefined> {
  const answer = yield* ask(action, request);
  if (answer.ok) return answer.answer as Description;
  if (classify(answer) === 'missing') return undefined;
  throw refusal(action, answer);
}

/**
 * Makes something of a given name. Snowflake may deliver the request twice, and an earlier step may have been killed
 * after its own: what is there already is what was wanted.
 * @throws Later where it is worth while to wait, Refused where it is not
 */
export function* create(action: ControlAction, request: object): Work<void> {
  const answer = yield* ask(action, request);
  if (answer.ok || classify(answer) === 'exists') return;
  throw refusal(action, answer);
}

/** Removes something; what is gone already is what was wanted. */
export function* remove(action: ControlAction, request: object): Work<void> {
  const answer = yield* ask(action, request);
  if (answer.ok || classify(answer) === 'missing') return;
  throw refusal(action, answer);
}

/** Seconds for which a role that SageMaker cannot assume may only be new. */
const NEW_ROLE = 120;
/** Seconds for which jobs of others may hold a quota. */
const FULL = 3600;

/** Outcome of an error of SageMaker: a wait or an end. */
export function refusal(action: ControlAction, answer: Extract<ControlAnswer, { ok: false }>): Error {
  const said = `SageMaker refuses ${action}: ${answer.message || answer.error}`;
  const kind = classify(answer);
  if (kind === 'throttled') return new Later(said);
  if (kind === 'role not known yet') return new Later(said, NEW_ROLE);
  if (kind === 'limit' && /Job$/.test(action)) return new Later(said, FULL);
  if (kind === 'limit') return new Refused(said, quotaAdvice(answer.message));
  if (kind === 'denied')
    return new Refused(said, 'Run los apply, then los doctor, which says what the role may not do.');
  return new Refused(said, 'Run los doctor.');
}

/** Advises what to ask AWS for. Its words: "… limit 'NAME' is 4 …, with current utilization of 3 … and a request delta of 2". */
function quotaAdvice(message: string): string {
  const found = /limit '([^']+)' is (\d+).*?utilization of (\d+).*?delta of (\d+)/.exec(message);
  const where = 'console > Service Quotas > AWS services > Amazon SageMaker';
  if (!found) return `Ask AWS for more: ${where}.`;
  const [, quota, , used, asked] = found;
  return `Ask AWS for at least ${Number(used) + Number(asked)}: ${where} > “${quota}” > Request increase at account level. Or lower endpoint.maxConcurrency, training.keepVersions or training.parallelJobs.`;
}
