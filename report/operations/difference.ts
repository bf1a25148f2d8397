import type { Difference } from '../results/deployment.js';

/** A difference in lines for a person: one line for a value, changed lines with -/+ for a text. */
export function showDifference({ property, live, declared }: Difference): string[] {
  if (![live, declared].some((text) => text?.includes('\n')))
    return [`${property}: ${shorten(live, declared)} → ${shorten(declared, live)}`];
  return [`${property}:`, ...differingLines(live ?? '', declared ?? '').map((line) => `  ${line}`)];
}

const MOST_LINES = 20;

/** So much of a value is shown. */
const SHOWN = 300;
/** So much of what both sides have is shown before what differs. */
const BEFORE = 60;

/** Two values, cut to where they differ. */
function shorten(value: string | undefined, other?: string): string {
  if (value === undefined) return '(none)';
  if (value.length <= SHOWN) return value;
  let same = 0;
  while (other !== undefined && same < value.length && value[same] === other[same]) same++;
  const start = other === undefined || same < SHOWN ? 0 : same - BEFORE;
  const end = start + SHOWN;
  return `${start > 0 ? '… ' : ''}${value.slice(start, end)}${end < value.length ? ' …' : ''}`;
}

/** The lines between the common start and the common end of two texts. */
function differingLines(live: string, declared: string): string[] {
  const before = live.split('\n');
  const after = declared.split('\n');
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  const gone = before.slice(start, before.length - end);
  const come = after.slice(start, after.length - end);
  const lines = [
    ...gone.map((line, i) => `- ${shorten(line, come[i])}`),
    ...come.map((line, i) => `+ ${shorten(line, gone[i])}`),
  ];
  if (lines.length <= MOST_LINES) return [`@@ line ${start + 1} @@`, ...lines];
  return [
    `@@ line ${start + 1} @@`,
    ...lines.slice(0, MOST_LINES),
    `… ${lines.length - MOST_LINES} more lines`,
  ];
}
