import { isRefusal } from '../deploy/clients/missing-right.js';
import { UserError } from '../deploy/errors.js';
import type { Answer, Check, Finding, Refusal } from './check.js';

export interface RunOptions {
  /** Findings from before the first check; checks may need it. */
  readonly settled?: readonly Finding[];
  /** Meaning of a refusal. */
  refusal(error: Refusal): Answer;
  /** Before each check that is looked at. */
  readonly onCheck?: (name: string) => void;
}

/** True if an error is one of the clouds' or the settings', which is an answer; a mistake of our own is none. */
export const isAnswer = (error: unknown): error is Refusal => error instanceof UserError || isRefusal(error);

/**
 * Looks at one check after the other. One in the shadow of another that does not hold is left open, so that the findings
 * name causes and not their consequences.
 * @throws what is neither a refusal of a cloud nor a UserError
 */
export async function run<Scene>(
  checks: readonly Check<Scene>[],
  scene: Scene,
  { settled = [], refusal, onCheck }: RunOptions,
): Promise<Finding[]> {
  const findings = [...settled];
  for (const check of checks) {
    const { name, asks, means } = check;
    const shadow = findings.find((other) => other.verdict !== 'holds' && check.needs?.includes(other.name));
    const seen: Answer = shadow
      ? { verdict: 'open', because: shadow.because ?? shadow.name }
      : await look(check, scene);
    findings.push({ name, asks, ...(means === undefined ? {} : { means }), ...seen });
  }
  return findings.slice(settled.length);

  async function look(check: Check<Scene>, at: Scene): Promise<Answer> {
    onCheck?.(check.name);
    try {
      return (await check.look(at)) ?? { verdict: 'holds' };
    } catch (error) {
      if (!isAnswer(error)) throw error;
      return check.refusal?.(error, at) ?? refusal(error);
    }
  }
}
