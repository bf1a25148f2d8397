import { attempt, type Failure, type Work } from '../../ground/work.js';
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

/** Asks one after the other; one that fails is a failure, and the next is asked all the same. */
export function* runChecks(plan: WatchPlan, day: string, checks: readonly Check[]): Work<Checked> {
  const signs: Sign[] = [];
  const failures: Failure[] = [];
  for (const { name, look } of checks)
    signs.push(...(yield* attempt(failures, name, [], () => look(plan, day))));
  const isAnswered = ({ name }: Check) => !failures.some((failure) => failure.name === name);
  const kinds: Sign['kind'][] = [];
  for (const check of checks) kinds.push(...check.kinds);
  return {
    signs,
    kinds: kinds.filter(
      (kind, i) =>
        kinds.indexOf(kind) === i &&
        checks.filter((check) => check.kinds.indexOf(kind) >= 0).every(isAnswered),
    ),
    failures,
  };
}
