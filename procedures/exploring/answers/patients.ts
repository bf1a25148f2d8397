import type { Answer, AnswerTable } from '../answer.js';
import { DERIVED } from '../columns.js';
import type { Facts } from '../facts.js';
import { linesTable, margin } from '../lines.js';
import { number, percent } from '../words.js';
import { findDerived } from './time.js';

/** Who comes again, how soon, and whether they stay longer then. */
export function patients(question: string, facts: Facts): Answer | null {
  const stays = findDerived(facts, DERIVED.stays);
  if (!stays) return null;
  const { counts } = facts;
  const tables: AnswerTable[] = [
    linesTable('Stay by stays of the patient', stays.grouping, stays.lines, facts.longStayDays),
  ];
  const sentences: string[] = [];
  let weight = 0;
  if (counts.comers < 10 || counts.patients - counts.comers < 10)
    sentences.push(
      counts.comers < 10
        ? `The ${number(counts.stays, 0)} stays are of ${number(counts.patients, 0)} patients; few came more than once.`
        : `The ${number(counts.stays, 0)} stays are of ${number(counts.patients, 0)} patients; nearly all came more than once.`,
    );
  else {
    const once = counts.patients - counts.comers;
    const share = (counts.stays - once) / counts.stays;
    sentences.push(
      `The ${number(counts.stays, 0)} stays are of ${number(counts.patients, 0)} patients: ${percent(counts.comers / counts.patients)} came more than once, and have ${percent(share)} of the stays.`,
    );
    weight = Math.min(0.35, share / 2);
  }
  const since = findDerived(facts, DERIVED.since);
  if (since) {
    tables.push(
      linesTable('Stay by time since the last discharge', since.grouping, since.lines, facts.longStayDays),
    );
    const [first, soon] = ['first stay', 'within 30 days'].map((label) =>
      since.lines.find(({ labels }) => labels[0] === label),
    );
    if (first && soon)
      sentences.push(
        `${percent(soon.n / counts.stays)} of the stays begin within 30 days of the patient's last discharge; they last ${number(soon.mean)} days on average, first stays ${number(first.mean)} (${number(Math.abs(soon.mean - first.mean))} ± ${number(margin(soon, first))} apart).`,
      );
  }
  return { id: 'patients', question, answer: sentences.join(' '), tables, weight };
}
