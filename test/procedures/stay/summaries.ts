import type { EventFeature, Summary } from '../../../procedures/dataset/origin/feeds.js';

/** An event as a hospital has it; times are minutes from the begin of the day of admission. */
export interface Row {
  readonly stay: string;
  readonly at: number;
  readonly name: string;
  readonly value: string | null;
  readonly recorded: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * What sql/stay/features.sql has to say of a stay, written down a second time.
 * @param asOf minutes, as those of the rows
 */
export function summarize(
  rows: readonly Row[],
  features: Readonly<Record<string, EventFeature>>,
  asOf: number,
): Record<string, (number | string | null)[]> {
  const known = rows.filter(({ at, recorded }) => at <= asOf && recorded <= asOf && at >= -30 * DAY);
  const latest = known.filter((row) =>
    known.every((other) => other.name !== row.name || other.at !== row.at || other.recorded <= row.recorded),
  );
  const events: Record<string, (number | string | null)[]> = {};
  const full = latest.filter(
    (row, i) =>
      row.value !== null &&
      row.value.trim() !== '' &&
      latest.findIndex(
        (other) =>
          other.name === row.name && other.at === row.at && other.value?.trim() === row.value?.trim(),
      ) === i,
  );
  if (full.length > 0)
    events['hours of intensive care'] = [
      full.filter(({ name, value }) => name === 'WARD' && value!.trim() === 'ICU').length * 12,
    ];
  for (const [name, feature] of Object.entries(features)) {
    if ('sql' in feature) continue;
    const numeric = feature.some((each) =>
      ['last', 'change', 'step', 'least', 'most', 'mean'].includes(each),
    );
    const own = full
      .filter((row) => row.name === name)
      .map((row) => ({ ...row, text: row.value!.trim(), number: numberOf(row.value!) }))
      .filter(({ number }) => !numeric || number !== null)
      .sort(
        (a, b) =>
          b.at - a.at ||
          b.recorded - a.recorded ||
          (b.number ?? Number.POSITIVE_INFINITY) - (a.number ?? Number.POSITIVE_INFINITY) ||
          (a.text < b.text ? 1 : a.text > b.text ? -1 : 0),
      );
    if (own.length > 0) events[name] = feature.map((summary) => summaryOf(summary, own, asOf));
  }
  return events;
}

type Known = Row & { readonly text: string; readonly number: number | null };

function summaryOf(summary: Summary, rows: readonly Known[], asOf: number): number | string | null {
  const numbers = rows.map(({ number }) => number).filter((each) => each !== null);
  const newest = rows[0]!;
  switch (summary) {
    case 'last':
      return numbers[0] ?? null;
    case 'change':
      return numbers[0]! - numbers.at(-1)!;
    case 'step':
      return numbers.length < 2 ? null : numbers[0]! - numbers[1]!;
    case 'least':
      return Math.min(...numbers);
    case 'most':
      return Math.max(...numbers);
    case 'mean':
      return Number((numbers.reduce((sum, each) => sum + each, 0) / numbers.length).toFixed(6));
    case 'count':
      return rows.filter(({ at }) => at > asOf - DAY).length;
    case 'total':
      return rows.length;
    case 'hours':
      return Number(((asOf - newest.at) / HOUR).toFixed(2));
    case 'ever':
      return 1;
    case 'category':
      return newest.text;
    case 'changes':
      return rows.filter(({ text }, i) => i > 0 && text !== rows[i - 1]!.text).length;
  }
}

function numberOf(text: string): number | null {
  const number = Number(text);
  return Math.abs(number) <= 3.4e38 ? number : null;
}
