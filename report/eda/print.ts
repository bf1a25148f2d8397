import type { Answer } from '../../procedures/exploring/answer.js';
import type { Exploration } from '../results/exploration.js';
import { formatTable } from '../text/table.js';
import { wrap } from '../text/wrap.js';
import { mailTable } from './tables.js';

/** Lines of a table that a terminal shows; --json has all. */
const LINES = 30;
/** Number of lines from which on a terminal shows only the first few. */
const FAR_MORE = 60;
const LINES_SHOWN = 8;

/** Prints highlights, then every question with its answer and tables, in the width of a terminal. */
export function printExploration({
  highlights,
  questions,
  leftOut,
}: Pick<Exploration, 'highlights' | 'questions' | 'leftOut'>): string[] {
  return [
    ...highlights.flatMap((sentence) => wrap(sentence, '- ')),
    ...questions.flatMap(answer),
    ...(leftOut.length > 0 ? ['', 'Left out:', ...leftOut.flatMap((sentence) => wrap(sentence, '- '))] : []),
  ];
}

function answer({ id, question, answer: sentences, tables }: Answer): string[] {
  const heading = wrap(`${id}: ${question}`);
  return [
    '',
    ...heading,
    '-'.repeat(Math.max(...heading.map((line) => line.length))),
    ...wrap(sentences),
    ...tables.flatMap((table) => [
      '',
      ...formatTable(withoutRepeats(mailTable(table, table.rows.length > FAR_MORE ? LINES_SHOWN : LINES))),
    ]),
  ];
}

/** Blanks the first columns where they repeat the line above. */
function withoutRepeats(table: ReturnType<typeof mailTable>): ReturnType<typeof mailTable> {
  return {
    ...table,
    rows: table.rows.map((row, i) => {
      const above = table.rows[i - 1];
      let same = above !== undefined;
      return row.map((cell, column) => {
        same &&= column < row.length - 1 && cell === above?.[column];
        return same ? '' : cell;
      });
    }),
  };
}
