import type { Contract } from '../dataset/contract.js';
import type { DefaultQuestion, Question } from '../dataset/questions.js';

/**
 * The contract's own questions; without any, those that follow from it: how features are distributed, and how the stay
 * differs by each feature and each of its groups.
 */
export function questionsOf({ explore = {}, features, groups, id, patient }: Contract): readonly Question[] {
  if (explore.questions !== undefined) return explore.questions;
  const questions: Question[] = [
    {
      id: 'distribution',
      question: 'How is every feature distributed?',
      kind: 'distribution',
      count: patient === undefined ? [id] : [id, patient],
    },
  ];
  const by = Object.keys(features).map((name): readonly string[] => [name]);
  for (const columns of groups) if (!by.some((asked) => asked.join() === columns.join())) by.push(columns);
  for (const columns of by)
    questions.push({
      id: `stay-by-${columns.join('-and-').toLowerCase().split('_').join('-')}`,
      question: `Does the stay differ by ${columns.join(' and ')}?`,
      kind: 'difference',
      by: [columns],
    });
  return questions;
}

/** Why what is asked of all is left without an answer, by its id. @param byTime whether figures may be by time */
export function withoutAnswer(
  { admission, patient, split }: Contract,
  byTime: boolean,
): Readonly<Partial<Record<DefaultQuestion, string>>> {
  const dates = 'the contract names no dates of admission and discharge';
  const published = 'LOS_ACCURACY has the mean stay by month; current: TRUE has the rest, for LOS_PATIENTS';
  return {
    ...(admission === undefined ? { seasons: dates, weekdays: dates, edge: dates } : {}),
    ...(byTime ? {} : { seasons: published, periods: published }),
    ...(patient === undefined ? { patients: 'the contract names no column of patients' } : {}),
    ...(admission === undefined && split === undefined
      ? { periods: 'the contract names neither dates nor a split' }
      : {}),
  };
}
