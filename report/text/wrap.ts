import { splitStatements } from '../../procedures/notifying/statements.js';

/** Columns that a text on a terminal has at most: what people see side by side, and what mails quote. */
export const WIDTH = 80;

/** Columns that a line may have there: those of a terminal. Elsewhere a line stays one, because logs are searched. */
export function widthOf({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  // A terminal may not know its width, and says 0.
  return isTTY ? Math.max(40, columns || WIDTH) : Number.POSITIVE_INFINITY;
}

/**
 * A text in lines of whole words, per cent with their numbers. A word that is longer than a line is broken after its
 * underscores; what still is longer has a line of its own, and so has each statement, which is pasted.
 * @param lead before the first line; the others are indented by as much
 * @example
 * wrap('Beds occupied on the ward tonight', '- ', 22); // ["- Beds occupied on the", "  ward tonight"]
 */
export function wrap(text: string, lead = '', width = WIDTH): string[] {
  if (lead.length + text.length <= width) return wrapProse(text, lead, width);
  const steps = splitStatements(text).filter((step) => step.text !== '' || step.sql !== '');
  const indent = ' '.repeat(lead.length);
  const lines = steps.flatMap((step) =>
    step.sql === '' ? wrapProse(step.text, indent, width) : step.sql.split('\n').map((line) => indent + line),
  );
  return lines.map((line, i) => (i === 0 ? lead + line.slice(lead.length) : line));
}

function wrapProse(text: string, lead: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (part: string, gap: string) => {
    if (line !== '' && lead.length + line.length + gap.length + part.length > width) {
      lines.push(line);
      line = part;
    } else line += line === '' ? part : gap + part;
  };
  for (const word of wordsOf(text)) {
    if (lead.length + word.length <= width) add(word, ' ');
    else for (const [i, part] of partsOf(word).entries()) add(part, i === 0 ? ' ' : '');
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines.map((each, i) => (i === 0 ? lead : ' '.repeat(lead.length)) + each);
}

/** A label or two and what stands beside them: `Mail       smtp://…`. */
const LABELLED = /^(\s*(?:\S+(?: \S+){0,3} {2,}){1,2})\S/;

/**
 * A line of output in the width of a terminal: further lines begin where its text does, beside its label if it has one. A
 * row of a table, a text of several lines, such as a script, and a line with a command to paste stay as they are.
 */
export function wrapLine(line: string, width = WIDTH): string[] {
  const gaps = line.match(/\S {2,}(?=\S)/g)?.length ?? 0;
  if (line.length <= width || line.includes('\n') || gaps > 2) return [line];
  const lead = LABELLED.exec(line)?.[1] ?? line.slice(0, line.length - line.trimStart().length);
  return wrap(line.slice(lead.length), lead.length < width / 2 ? lead : '', width);
}

/** Length of the longest piece that `wrap` does not break. */
export function longestPart(text: string): number {
  return Math.max(0, ...wordsOf(text).flatMap((word) => partsOf(word).map((part) => part.length)));
}

function wordsOf(text: string): string[] {
  return text.split(/\s+(?!%)/).filter((word) => word !== '');
}

function partsOf(word: string): string[] {
  return word.match(/[^_]+_*|_+/g) ?? [];
}
