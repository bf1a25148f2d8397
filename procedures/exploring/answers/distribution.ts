import type { Question } from '../../dataset/questions.js';
import type { Answer } from '../answer.js';
import { type CodedColumn, MISSING } from '../coding.js';
import type { Facts, MeasuredTable } from '../facts.js';
import type { Line } from '../lines.js';
import { countOf, figure, list, number, percent, percentage } from '../words.js';

/** Every feature: numbers by their quantiles, categories by their levels. */
export function distribution(question: Question, facts: Facts): Answer {
  const { columns, numbers, single, counts, stay } = facts;
  const features = columns.filter(({ role }) => role === 'feature');
  const numeric = features.filter(({ place, kind }) => kind === 'number' && numbers.has(place));
  const levelled = features.filter(({ kind, place }) => kind === 'category' && single.has(place));
  const share = (line: Line) => line.n / counts.stays;
  const top = ({ place }: CodedColumn) =>
    (single.get(place) as MeasuredTable).lines
      .filter(({ codes }) => codes[0] !== undefined && codes[0] > 0)
      .sort((a, b) => b.n - a.n)[0];
  const widest = levelled
    .map((column) => ({ column, line: top(column) }))
    .filter(({ line }) => line !== undefined) as { column: CodedColumn; line: Line }[];
  const constant = widest.filter(({ line }) => share(line) >= 0.95);
  const spread = widest.slice().sort((a, b) => b.column.distinct - a.column.distinct)[0];
  const sentences = [
    `${countOf(counts.stays, 'stay')} have ended, on average after ${number(stay.mean, 2)} days; half of them after ${number(stay.median)} at most, nine of ten after ${number(stay.p90)}.`,
  ];
  const numbersOf = (question.count || []).map((name) => countWords(name, facts));
  if (numbersOf.length > 0) sentences.push(`Different values: ${list(numbersOf)}.`);
  sentences.push(
    `${countOf(features.length, 'feature')}: ${countOf(numeric.length, 'number')} and ${countOf(features.length - numeric.length, 'category', 'categories')}${
      spread ? `, ${spread.column.name} with the most levels (${number(spread.column.distinct, 0)})` : ''
    }.`,
  );
  if (constant.length > 0)
    sentences.push(
      `Nearly always the same: ${list(constant.map(({ column, line }) => `${column.name} (${line.labels[0]}, ${percent(share(line))})`))}.`,
    );
  return {
    id: question.id,
    question: question.question,
    answer: sentences.join(' '),
    weight: 0,
    tables: [
      {
        title: 'Numbers',
        columns: ['feature', 'known', 'values', 'mean', 'sd', 'min', 'P25', 'median', 'P75', 'max'],
        rows: [
          ['stay, days', stay, stay.n] as const,
          ...numeric.map((column) => {
            const own = numbers.get(column.place) as typeof stay;
            return [column.name, own, valueCount(facts, column, own.n)] as const;
          }),
        ].map(([name, each, known]) => [
          name,
          known,
          each.distinct,
          ...[each.mean, each.sd, each.low, each.p25, each.median, each.p75, each.high].map((value) =>
            value === null ? null : figure(value),
          ),
        ]),
      },
      ...(levelled.length === 0
        ? []
        : [
            {
              title: 'Categories',
              columns: ['feature', 'levels', 'most frequent'],
              rows: levelled.map((column) => [
                column.name,
                column.distinct,
                mostFrequent(single.get(column.place) as MeasuredTable, counts.stays),
              ]),
            },
            {
              title: 'Levels',
              columns: ['feature', 'level', 'stays', '%'],
              rows: levelled.reduce<(string | number)[][]>((rows, column) => {
                const { lines } = single.get(column.place) as MeasuredTable;
                return rows.concat(
                  lines.map((line) => [
                    column.name,
                    line.labels[0] as string,
                    line.n,
                    percentage(share(line)),
                  ]),
                );
              }, []),
            },
          ]),
    ],
  };
}

/** How many stays have a value; null where those without one are of fewer than ten patients, who would be counted by it. */
function valueCount({ counts, single }: Facts, { place }: CodedColumn, n: number): number | null {
  const told = single.get(place)?.lines.some(({ codes }) => codes[0] === MISSING);
  return n === counts.stays || told ? n : null;
}

function mostFrequent({ lines }: MeasuredTable, stays: number): string {
  return lines
    .filter(({ codes }) => codes[0] !== undefined && codes[0] > 0)
    .sort((a, b) => b.n - a.n)
    .slice(0, 3)
    .map(({ labels, n }) => `${labels[0]} ${percent(n / stays)}`)
    .join(', ');
}

function countWords(name: string, { contract, columns, counts }: Facts): string {
  if (name === contract.id) return `${number(counts.stays, 0)} of ${name}`;
  if (name === contract.patient) return `${number(counts.patients, 0)} of ${name}`;
  const column = columns.find((each) => each.name === name);
  return `${number(column ? column.distinct : 0, 0)} of ${name}`;
}
