import { dateLiteral, literal } from '../ground/names.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import type { Work } from '../ground/work.js';
import type { Exploration, Overview } from './answer.js';
import { answersOf } from './answers/all.js';
import { type Column, contractColumns, DERIVED } from './columns.js';
import type { Counts, Facts } from './facts.js';
import { type Coded, measureGroups } from './groups.js';
import { type Boundary, Measures } from './measure.js';
import { type NumberFacts, STAY } from './numbers.js';
import type { ExplorePlan } from './plan.js';
import { questionTables } from './question-tables.js';
import { questionsOf, withoutAnswer } from './questions.js';
import { dayOf } from './words.js';

/**
 * Explores the raw admissions: every question of the contract and those that are asked of all, answered in tables and
 * sentences. All of it is about ended stays, in two temporary tables, so that a statement answers many questions at once.
 * @param leavePublished takes ended stays out of the table of values that may not be spoken of; then there is nothing by time, which other
 *   published figures are of too
 */
export function* explore(
  plan: ExplorePlan,
  leavePublished?: (values: string) => Work<void>,
): Work<Exploration> {
  const measures = new Measures(plan);
  try {
    return yield* explorationOf(plan, measures, leavePublished);
  } finally {
    yield* measures.drop();
  }
}

interface All extends Coded {
  readonly numbers: ReadonlyMap<number, NumberFacts>;
  readonly boundary: Boundary | null;
}

function* codeAll(
  plan: ExplorePlan,
  measures: Measures,
  columns: readonly Column[],
  counts: Counts,
  leftOut: string[],
  byTime: boolean,
): Work<All> {
  const boundary = byTime ? boundaryOf(plan, counts) : null;
  const numbers = yield* measures.numbers(columns);
  const coded = yield* measures.code(columns, numbers, boundary, byTime);
  const asked = questionTables(questionsOf(plan.contract), coded, leftOut);
  const period = coded.find(({ name, role }) => role === 'derived' && name === DERIVED.period);
  return { coded, asked, period, numbers, boundary };
}

function* explorationOf(
  plan: ExplorePlan,
  measures: Measures,
  leavePublished?: (values: string) => Work<void>,
): Work<Exploration> {
  const { contract, longStayDays } = plan;
  const leftOut: string[] = [];
  const columns = yield* makeValueTable(measures, contractColumns(contract), leftOut);
  const known = yield* measures.counts();
  // Counts of who is in are of all.
  const weeks = yield* measures.weeks(known);
  if (leavePublished) yield* leavePublished(measures.values);
  const counts = leavePublished ? yield* measures.counts() : known;
  const base = { dataset: contract.name, longStayDays };
  if (counts.patients < FEWEST_PATIENTS)
    return {
      ...base,
      overview: overviewOf(counts, undefined),
      highlights: [reasonForNone(known)],
      questions: [],
      leftOut,
    };
  const byTime = !leavePublished || contract.admission === undefined;
  const all = yield* codeAll(plan, measures, columns, counts, leftOut, byTime);
  const { coded, numbers, boundary } = all;
  const { single, measured, small, mix } = yield* measureGroups(measures, all, counts, leftOut);
  const facts: Facts = {
    contract,
    longStayDays,
    counts,
    columns: coded,
    stay: numbers.get(STAY) as NumberFacts,
    numbers,
    single,
    associations: yield* measures.associations(
      coded.filter(({ role, place }) => role !== 'derived' && single.has(place)),
    ),
    mix,
    far: yield* measures.findOutliers(coded, numbers),
    weeks,
    boundary: boundary === null ? null : boundary.words,
    unanswered: withoutAnswer(contract, byTime),
  };
  const overview = overviewOf(counts, facts.stay);
  const { questions, highlights } = answersOf(facts, measured, small, leftOut);
  return { ...base, overview, highlights, questions, leftOut };
}

/** Makes the table of values, without what cannot be computed of some row. */
function* makeValueTable(
  measures: Measures,
  columns: readonly Column[],
  leftOut: string[],
): Work<readonly Column[]> {
  try {
    yield* measures.makeValues(columns);
    return columns;
  } catch (error) {
    const failing: string[] = [];
    for (const column of columns.filter(({ source }) => source?.ofInputs))
      try {
        yield* measures.makeValues([column]);
      } catch {
        failing.push(column.name);
      }
    if (failing.length === 0) throw error;
    for (const name of failing)
      leftOut.push(
        `${name} is left out: its expression in the contract fails on some row. See LOS_QUARANTINE and los dataset check.`,
      );
    const others = columns.filter(({ name }) => !failing.includes(name));
    yield* measures.makeValues(others);
    return others;
  }
}

function overviewOf(counts: Counts, stay: NumberFacts | undefined): Overview {
  const days = (value: number | undefined) => (value === undefined ? null : Math.round(value * 100) / 100);
  return {
    admissions: counts.admissions,
    stays: counts.stays,
    stillInHospital: counts.unfinished,
    negative: counts.negative,
    patients: counts.patients < FEWEST_PATIENTS ? null : counts.patients,
    meanLos: days(stay?.mean),
    medianLos: days(stay?.median),
    p90Los: days(stay?.p90),
  };
}

/** Two periods of the same number of stays; without dates the sides of the split. */
function boundaryOf({ contract }: ExplorePlan, { middleDay, firstDay, lastDay }: Counts): Boundary | null {
  const { admission, split } = contract;
  if (
    admission !== undefined &&
    middleDay !== null &&
    firstDay !== null &&
    lastDay !== null &&
    middleDay > firstDay
  )
    return {
      later: `CAME >= ${dateLiteral(dayOf(middleDay))}`,
      words: `Admissions from ${dayOf(middleDay)} on against those before`,
    };
  if (admission === undefined && split !== undefined)
    return {
      later: `SIDE = ${literal(split.holdout)}`,
      words: `${split.column} ${split.holdout} against the rest`,
    };
  return null;
}

/** Says why there is no answer. */
function reasonForNone({ stays, patients }: { readonly stays: number; readonly patients: number }): string {
  if (stays === 0) return 'No stay has ended yet.';
  return patients >= FEWEST_PATIENTS
    ? 'More stays have ended, but beside the published answer a new one would reveal figures of fewer than ten of them.'
    : `The stays of fewer than ${FEWEST_PATIENTS} patients have ended, too few to say anything of them.`;
}
