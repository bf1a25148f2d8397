import { errorLine } from './without-values.js';
import { type Failure, query, type Row, type StatementStep, type Step, variant, type Work } from './work.js';

const READ = /^\s*(SELECT|WITH|SHOW|DESCRIBE)\b/;
/** But for what Snowflake may refuse a procedure (table functions of its own), and for rows whose order counts. */
const JOINT = /^\s*(SELECT|WITH)\b(?![\s\S]*(INFORMATION_SCHEMA\.\w+\(|ORDER BY (?![^)]*LIMIT 1$)[^)]*$))/;

/** Outcome of one of several works. */
export type Outcome<T> = { readonly result: T } | { readonly error: unknown };

/** A work as far as it has come: the step that it waits for, or what came of it. */
interface Begun<T> {
  readonly work: Work<T>;
  step: Step | undefined;
  outcome: Outcome<T>;
}

/**
 * Does works of which none needs another, in their order and in few statements: as long as they only read, what they ask is asked at once.
 * Where one wants to write, those after it begin again when it has ended, so that they see what it has written. Where the common statement
 * fails, each asks for itself, so that a work fails alone.
 * @param works without a moment among the columns that they ask for, which would come as text
 * @example
 * const [known, there] = (yield* together(texts.map((text) => () => queryFirst(text)))).map(resultOf);
 */
export function* together<T>(works: readonly (() => Work<T>)[]): Work<Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  while (outcomes.length < works.length) {
    const begun = works.slice(outcomes.length).map((work) => begin(work()));
    yield* readAhead(begun);
    for (const each of begun) {
      const writes = each.step !== undefined;
      while (each.step !== undefined) yield* take(each, each.step);
      outcomes.push(each.outcome);
      if (writes) break;
    }
  }
  return outcomes;
}

/** @throws what a work has thrown */
export function resultOf<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

/**
 * Like `attempt` (work.ts), of several works together: each with its name in words, and what to go on with where it fails.
 * @example
 * const [alarms, away] = yield* attemptTogether<[Alarm[], boolean]>(failures, [
 *   ['alarms', [], () => openAlarms(plan)],
 *   ['held changes', false, () => isSourceAway(plan)],
 * ]);
 */
export function* attemptTogether<T extends readonly unknown[]>(
  failures: Failure[],
  works: { readonly [I in keyof T]: readonly [name: string, otherwise: T[I], work: () => Work<T[I]>] },
): Work<T> {
  const outcomes = yield* together<unknown>(works.map(([, , work]) => work));
  return works.map(([name, fallback], i) => {
    const outcome = outcomes[i] as Outcome<unknown>;
    if ('result' in outcome) return outcome.result;
    failures.push({ name, why: errorLine(outcome.error) });
    return fallback;
  }) as unknown as T;
}

function begin<T>(work: Work<T>): Begun<T> {
  const begun: Begun<T> = { work, step: undefined, outcome: { error: undefined } };
  advance(begun, () => work.next());
  return begun;
}

function advance<T>(begun: Begun<T>, go: () => IteratorResult<Step, T>): void {
  begun.step = undefined;
  try {
    const next = go();
    if (next.done) begun.outcome = { result: next.value };
    else begun.step = next.value;
  } catch (error) {
    begun.outcome = { error };
  }
}

function* take<T>(begun: Begun<T>, step: Step): Work<void> {
  let answer: unknown;
  try {
    answer = yield step;
  } catch (error) {
    advance(begun, () => begun.work.throw(error));
    return;
  }
  advance(begun, () => begun.work.next(answer));
}

/** Until each has ended or wants to write; those after one that wants to write are left. */
function* readAhead<T>(begun: readonly Begun<T>[]): Work<void> {
  for (;;) {
    const writer = begun.findIndex(({ step }) => step !== undefined && !isRead(step, READ));
    const reading = (writer < 0 ? begun : begun.slice(0, writer)).filter(({ step }) => step !== undefined);
    if (reading.length === 0) return;
    const joint = reading.filter(({ step }) => isRead(step as Step, JOINT));
    const answers = yield* askAtOnce(joint.map(({ step }) => step as StatementStep));
    for (const each of reading) {
      const rows = answers[joint.indexOf(each)];
      if (rows === undefined) yield* take(each, each.step as Step);
      else advance(each, () => each.work.next({ rows, changed: 0 }));
    }
  }
}

function isRead(step: Step, form: RegExp): boolean {
  return 'sql' in step && step.wants === 'rows' && form.test(step.sql);
}

/** The rows of each; none of a single one, nor where one of them fails: which that is they say when they are asked one by one. */
function* askAtOnce(steps: readonly StatementStep[]): Work<(readonly Row[])[]> {
  if (steps.length < 2) return [];
  const parts = steps.map(
    ({ sql }, i) => `SELECT ${i} AS PART, OBJECT_CONSTRUCT_KEEP_NULL(*) AS FOUND FROM (\n${sql}\n)`,
  );
  let rows: readonly Row[];
  try {
    rows = yield* query(
      parts.join('\nUNION ALL\n'),
      steps.reduce<StatementStep['binds']>((all, { binds }) => all.concat(binds), []),
    );
  } catch {
    return [];
  }
  return steps.map((_, i) =>
    rows.filter(({ PART }) => Number(PART) === i).map(({ FOUND }) => variant<Row>(FOUND)),
  );
}
