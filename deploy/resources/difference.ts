/**
 * What can be compared of an object, in the platform's own words: `WAREHOUSE_SIZE` → `XSMALL`.
 * `undefined`: the listing does not show it (then it is not compared); '' : it is not set.
 */
export type Properties = Readonly<Record<string, string | undefined>>;

/** One property that is not as declared; undefined on a side: there is none. */
export interface Difference {
  readonly property: string;
  readonly live: string | undefined;
  readonly declared: string | undefined;
}

/**
 * Compares what is declared with what lives. Properties that only one side knows are left out: what is not
 * declared is not ours to judge, and what a listing does not show cannot be judged.
 */
export function differencesOf(declared: Properties, live: Properties): Difference[] {
  return Object.entries(declared).flatMap(([property, wanted]) => {
    const found = live[property];
    if (wanted === undefined || found === undefined || wanted === found) return [];
    return [{ property, live: found || undefined, declared: wanted || undefined }];
  });
}

/** A difference in lines for a person: one line for a value, changed lines with -/+ for a text. */
export function showDifference({ property, live, declared }: Difference): string[] {
  if (![live, declared].some((text) => text?.includes('\n')))
    return [`${property}: ${short(live)} → ${short(declared)}`];
  return [`${property}:`, ...changedLines(live ?? '', declared ?? '').map((line) => `  ${line}`)];
}

const MOST_LINES = 20;

function short(value: string | undefined): string {
  if (value === undefined) return '(none)';
  return value.length > 300 ? `${value.slice(0, 300)} …` : value;
}

/** The lines between the common start and the common end of two texts. */
function changedLines(live: string, declared: string): string[] {
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
  const lines = [
    ...before.slice(start, before.length - end).map((line) => `- ${short(line)}`),
    ...after.slice(start, after.length - end).map((line) => `+ ${short(line)}`),
  ];
  if (lines.length <= MOST_LINES) return [`@@ line ${start + 1} @@`, ...lines];
  return [
    `@@ line ${start + 1} @@`,
    ...lines.slice(0, MOST_LINES),
    `… ${lines.length - MOST_LINES} more lines`,
  ];
}
