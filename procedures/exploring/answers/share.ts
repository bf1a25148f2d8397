import type { Question } from '../../dataset/questions.js';
import type { Answer, AnswerTable } from '../answer.js';
import { labelOf } from '../coding.js';
import { conditionWords, type Dimension } from '../groupings.js';
import { list, number, percent, percentage } from '../words.js';

/** Number of stays of each level of a dimension: of those that are asked about, and of all others. */
export interface Shares {
  readonly dimension: Dimension;
  readonly counts: readonly { readonly code: number; readonly asked: number; readonly others: number }[];
}

/** So many shares a sentence names. */
const NAMED = 3;

/** Describes the stays of a question, beside all others. */
export function share(question: Question, all: readonly Shares[]): Answer {
  const where = question.where ? conditionWords(question.where) : null;
  const tables: AnswerTable[] = [];
  const sentences: string[] = [];
  let weight = 0;
  for (const { dimension, counts } of all) {
    const asked = counts.reduce((sum, each) => sum + each.asked, 0);
    const others = counts.reduce((sum, each) => sum + each.others, 0);
    const rank = (code: number) => (code > 0 ? code : 1000 - code);
    const order = counts.slice().sort((a, b) => rank(a.code) - rank(b.code));
    const ofOthers = (n: number) => (others === 0 ? null : n / others);
    tables.push({
      title: `Stays by ${dimension.name}${where === null ? '' : `, where ${where}`}`,
      columns: [dimension.name, 'stays', '%', ...(others === 0 ? [] : ['% of the others'])],
      rows: order
        .filter((each) => each.asked > 0)
        .map(({ code, asked: n, others: m }) => [
          labelOf(dimension, code),
          n,
          percentage(n / asked),
          ...(others === 0 ? [] : [percentage(ofOthers(m) as number)]),
        ]),
    });
    if (asked === 0) continue;
    const bySize = counts.filter(({ code, asked: n }) => code > 0 && n > 0).sort((a, b) => b.asked - a.asked);
    const most = bySize
      .slice(0, NAMED)
      .map(({ code, asked: n }) => `${labelOf(dimension, code)} (${percent(n / asked)})`);
    if (sentences.length === 0)
      sentences.push(`There are ${number(asked, 0)} stays${where === null ? '' : ` where ${where}`}.`);
    sentences.push(`By ${dimension.name} they are mostly ${list(most)}.`);
    const lift = (each: (typeof counts)[number]) => each.asked / asked - (ofOthers(each.others) || 0);
    const more = counts
      .filter(({ code }) => code > 0)
      .sort((a, b) => Math.abs(lift(b)) - Math.abs(lift(a)))[0];
    if (others > 0 && more && Math.abs(lift(more)) >= 0.03)
      sentences.push(
        `${lift(more) > 0 ? 'More' : 'Fewer'} than of the others are ${labelOf(dimension, more.code)}: ${percent(more.asked / asked)} against ${percent(more.others / others)}.`,
      );
    if (more && others > 0) weight = Math.max(weight, Math.abs(lift(more)) / 2);
  }
  return { id: question.id, question: question.question, answer: sentences.join(' '), tables, weight };
}
