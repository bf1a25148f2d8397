import { type Outcome, together } from '../../ground/together.js';
import { errorLine } from '../../ground/without-values.js';
import type { Failure, Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';

/** Signs that a check finds; with what of its question cannot be asked where the rest could be. */
export type Findings =
  | readonly Sign[]
  | { readonly signs: readonly Sign[]; readonly failures: readonly Failure[] };

/** One question of a monitor. What one cannot answer hides nothing of the others. */
export interface Check<P extends WatchPlan = WatchPlan> {
  /** What it looks at, in words: `streams`. */
  readonly name: string;
  /** What it looks for. An alarm of a kind ends where none of its checks finds a sign of it and each of them could be answered. */
  readonly kinds: readonly Sign['kind'][];
  /** What it finds; it leaves no transaction open. Others may be asked with it, and again where one writes. @param day that signs are of */
  readonly look: (plan: P, day: string) => Work<Findings>;
  /** Always writes: what comes later waits, and is asked after it. */
  readonly writes?: true;
}

/** What is done among checks and finds no sign. */
export function act<P extends WatchPlan>(
  name: string,
  work: (plan: P, day: string) => Work<unknown>,
  more: Pick<Check<P>, 'writes'> = {},
): Check<P> {
  return {
    name,
    kinds: [],
    *look(plan, day) {
      yield* work(plan, day);
      return [];
    },
    ...more,
  };
}

/** What checks came to. */
export interface Checked {
  readonly signs: readonly Sign[];
  /** The kinds of which every check was answered. */
  readonly kinds: readonly Sign['kind'][];
  readonly failures: readonly Failure[];
}

/** Asks all in their order; one that fails is a failure, and the others are asked all the same. */
export function* runChecks<P extends WatchPlan>(
  plan: P,
  day: string,
  checks: readonly Check<P>[],
): Work<Checked> {
  const signs: Sign[] = [];
  const failures: Failure[] = [];
  const open: Sign['kind'][] = [];
  const outcomes: Outcome<Findings>[] = [];
  while (outcomes.length < checks.length) {
    const rest = checks.slice(outcomes.length);
    const writer = rest.findIndex(({ writes }) => writes === true);
    const some = rest.slice(0, writer < 0 ? rest.length : Math.max(writer, 1));
    outcomes.push(
      ...(yield* together(
        some.map(
          ({ look }) =>
            () =>
              look(plan, day),
        ),
      )),
    );
  }
  outcomes.forEach((outcome, i) => {
    const { name, kinds } = checks[i] as Check<P>;
    const found = 'result' in outcome ? outcome.result : [];
    const failed = 'result' in outcome ? [] : [{ name, why: errorLine(outcome.error) }];
    const own = failed.concat('failures' in found ? found.failures : []);
    signs.push(...('signs' in found ? found.signs : found));
    failures.push(...own);
    if (own.length > 0) open.push(...kinds);
  });
  const kinds: Sign['kind'][] = [];
  for (const check of checks) kinds.push(...check.kinds);
  return {
    signs,
    kinds: kinds.filter((kind, i) => kinds.indexOf(kind) === i && open.indexOf(kind) < 0),
    failures,
  };
}
