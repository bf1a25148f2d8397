import { together } from '../../ground/together.js';
import { errorLine } from '../../ground/without-values.js';
import type { Failure, Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';

/** One question of hourly monitoring. What one cannot answer hides nothing of the others. */
export interface Check<P extends WatchPlan = WatchPlan> {
  /** What it looks at, in words: `streams`. */
  readonly name: string;
  /** What it looks for. An alarm of a kind ends where none of its checks finds a sign of it and each of them could be answered. */
  readonly kinds: readonly Sign['kind'][];
  /** What it finds; it leaves no transaction open. @param day that signs are of */
  readonly look: (plan: P, day: string) => Work<readonly Sign[]>;
}

/** What is asked with checks and finds no sign. */
export function beside(name: string, ask: () => Work<void>): Check {
  return {
    name,
    kinds: [],
    *look() {
      yield* ask();
      return [];
    },
  };
}

/** What checks came to. */
export interface Checked {
  readonly signs: readonly Sign[];
  /** The kinds of which every check was answered. */
  readonly kinds: readonly Sign['kind'][];
  readonly failures: readonly Failure[];
}

/** Asks all; one that fails is a failure, and the others are asked all the same. */
export function* runChecks<P extends WatchPlan>(
  plan: P,
  day: string,
  checks: readonly Check<P>[],
): Work<Checked> {
  const signs: Sign[] = [];
  const failures: Failure[] = [];
  const outcomes = yield* together(
    checks.map(
      ({ look }) =>
        () =>
          look(plan, day),
    ),
  );
  outcomes.forEach((outcome, i) => {
    if ('result' in outcome) signs.push(...outcome.result);
    else failures.push({ name: (checks[i] as Check<P>).name, why: errorLine(outcome.error) });
  });
  const isAnswered = ({ name }: Check<P>) => !failures.some((failure) => failure.name === name);
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
