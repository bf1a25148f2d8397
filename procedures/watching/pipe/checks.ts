import { messageLine, withoutValues } from '../../ground/without-values.js';
import type { Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';

/** One question of hourly monitoring. What one cannot answer hides nothing of the others. */
export interface Check {
  /** What it looks at, in words: `streams`. */
  readonly name: string;
  /** What it looks for. An alarm of a kind ends where none of its checks finds a sign of it and each of them could be answered. */
  readonly kinds: readonly Sign['kind'][];
  /** What it finds; it leaves no transaction open. @param day that signs are of */
  readonly look: (plan: WatchPlan, day: string) => Work<readonly Sign[]>;
}

/** What checks came to. */
export interface Checked {
  readonly signs: readonly Sign[];
  /** The kinds of which every check was answered. */
  readonly kinds: readonly Sign['kind'][];
  readonly failures: readonly Failure[];
}

/** A check that could not be answered, and what Snowflake said, without a value of a row. */
export interface Failure {
  readonly name: string;
  readonly why: string;
}

/** The longest words of an error that a mail wants. */
const LONGEST = 300;

/** Asks one after the other; one that fails is a failure, and the next is asked all the same. */
export function* runChecks(plan: WatchPlan, day: string, checks: readonly Check[]): Work<Checked> {
  const signs: Sign[] = [];
  const failures: Failure[] = [];
  const unanswered: Sign['kind'][] = [];
  for (const { name, kinds, look } of checks)
    try {
      signs.push(...(yield* look(plan, day)));
    } catch (error) {
      failures.push({ name, why: shorten(error) });
      unanswered.push(...kinds);
    }
  const asked: Sign['kind'][] = [];
  for (const { kinds } of checks) asked.push(...kinds);
  const kinds = asked.filter((kind, i) => asked.indexOf(kind) === i && unanswered.indexOf(kind) < 0);
  return { signs, kinds, failures };
}

/** An error in one line, without a value of a row. */
export function shorten(error: unknown): string {
  return messageLine(withoutValues(error).message).slice(0, LONGEST).trim();
}

/** That a check could not be answered is a sign of its own. */
export function failureSign({ name, why }: Failure): Sign {
  return {
    kind: 'unreadable',
    subject: name,
    severity: 'critical',
    message: `Monitoring cannot look at ${name}: ${why}${/[.!?]$/.test(why) ? '' : '.'} What it looks at besides is not affected.`,
    lookAt: 'unreadable',
  };
}
