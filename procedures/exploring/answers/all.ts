import type { DefaultQuestion, Question } from '../../dataset/questions.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import type { Answer, Exploration } from '../answer.js';
import type { Facts, MeasuredTable } from '../facts.js';
import { SMALL_KEY } from '../groupings.js';
import { STAY } from '../numbers.js';
import { questionsOf } from '../questions.js';
import { countOf, number, percent } from '../words.js';
import { associations, associationsOf, leaks } from './association.js';
import { difference } from './difference.js';
import { distribution } from './distribution.js';
import { patients } from './patients.js';
import { missing, outliers } from './quality.js';
import { type Shares, share } from './share.js';
import { edge, periods, seasons, weekdays } from './time.js';

/** Questions that are asked of every dataset, in words. */
const ASKED: Readonly<Record<DefaultQuestion, string>> = {
  missing: 'What is missing, and do stays differ where it is?',
  outliers: 'Which values lie far from all others, and how much do the longest stays take?',
  leaks: 'Does a feature reveal the stay?',
  associations: 'Which features go with the stay, and how sure is that?',
  seasons: 'Do admissions and stays change from month to month?',
  weekdays: 'On which days of the week do patients come and leave?',
  patients: 'Who comes again?',
  edge: 'How many stays have not ended, and what does that do to late admissions?',
  periods: 'Is the later half of the stays like the earlier one?',
};

/** Why there is no answer where the contract names what it takes. */
const SMALL_GROUPS_REASON = `too many of its groups are of fewer than ${FEWEST_PATIENTS} patients`;

/** So many sentences stand before everything else. */
const HIGHLIGHTS = 8;
/** Answers that weigh less are no highlight. */
const LEAST_WEIGHT = 0.05;

/** Every answer in the order in which it is asked, and what stands out. */
export function answersOf(
  facts: Facts,
  measured: ReadonlyMap<string, readonly MeasuredTable[]>,
  small: number,
  leftOut: string[],
): Pick<Exploration, 'questions' | 'highlights'> {
  const { contract, longStayDays, columns, counts, stay } = facts;
  const questions: Answer[] = [];
  for (const question of questionsOf(contract)) {
    const own = measured.get(question.id);
    if (own === undefined) continue;
    if (question.kind === 'distribution') questions.push(distribution(question, facts));
    else if (own.length === 0) continue;
    else if (question.kind === 'share')
      questions.push(
        share(
          question,
          own.map((one) => sharesOf(question, one)),
        ),
      );
    else questions.push(difference(question, own, longStayDays));
  }
  const ranked = associationsOf(
    columns.filter(({ role }) => role !== 'derived'),
    facts.associations,
  );
  const always: readonly [DefaultQuestion, Answer | null][] = [
    ['missing', missing(ASKED.missing, facts)],
    ['outliers', outliers(ASKED.outliers, facts, STAY)],
    ['leaks', leaks(ASKED.leaks, facts, ranked)],
    ['associations', associations(ASKED.associations, facts, ranked)],
    ['seasons', seasons(ASKED.seasons, facts)],
    ['weekdays', weekdays(ASKED.weekdays, facts)],
    ['patients', patients(ASKED.patients, facts)],
    ['edge', edge(ASKED.edge, facts)],
    ['periods', periods(ASKED.periods, facts)],
  ];
  for (const [id, answer] of always)
    if (answer) questions.push(answer);
    else leftOut.push(`${id} is left out: ${facts.unanswered[id] || SMALL_GROUPS_REASON}.`);
  if (small > 0)
    leftOut.push(
      `${countOf(small, 'stay')} in groups of fewer than ten patients are one line together, in every table that would name one of these groups or let it be worked out.`,
    );
  const first = `${countOf(counts.stays, 'stay')}${contract.patient === undefined ? '' : ` of ${countOf(counts.patients, 'patient')}`}: on average ${number(stay.mean, 2)} days, half of them up to ${number(stay.median)}; ${percent(stay.long / stay.n)} are long (${longStayDays} days and more).`;
  const outstanding = questions
    .filter(({ weight, answer }) => weight >= LEAST_WEIGHT && answer !== '')
    .sort((a, b) => b.weight - a.weight)
    .slice(0, HIGHLIGHTS - 1)
    .map(({ answer }) => firstSentence(answer));
  return { questions, highlights: [first, ...outstanding] };
}

/** Up to the first full stop that ends a sentence: one that a capital or a number follows. */
export function firstSentence(text: string): string {
  const end = /[.!?] (?=[A-Z0-9])/.exec(text);
  return end ? text.slice(0, end.index + 1) : text;
}

function sharesOf({ where }: Question, { grouping, lines }: MeasuredTable): Shares {
  const flagged = where !== undefined;
  const counts = new Map<number, { code: number; asked: number; others: number }>();
  for (const { key, codes, n } of lines) {
    if (key === SMALL_KEY) continue;
    const code = codes[codes.length - 1] as number;
    const own = counts.get(code) || { code, asked: 0, others: 0 };
    if (!flagged || codes[0] === 1) own.asked += n;
    else own.others += n;
    counts.set(code, own);
  }
  return {
    dimension: grouping.dimensions[grouping.dimensions.length - 1] as Shares['dimension'],
    counts: Array.from(counts.values()),
  };
}
