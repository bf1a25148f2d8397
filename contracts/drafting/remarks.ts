import { requireValue } from '../../udfs/require-value.js';
import { askWhenKnown } from '../naming/column-names.js';
import type { ColumnProfile } from '../profiling/profile.js';
import { type Findings, namesOf } from './types.js';

/** Number of names that stand in a sentence before it says only how many more there are. */
const MOST_NAMED = 12;

/** Remarks on how a file writes its columns, and what nothing in it says. */
export function remarkOnColumns(columns: readonly ColumnProfile[], { notes, looks, open }: Findings): void {
  const which = (fits: (column: ColumnProfile) => unknown) => columns.filter((column) => fits(column));
  const unsettled = which(({ dates }) => dates?.unsettled);
  if (unsettled.length > 0) open.push(dateOrderRemark(unsettled));
  for (const order of ['DMY', 'MDY', 'YMD'] as const) {
    const those = which(({ dates }) => dates?.order === order);
    if (those.length > 0)
      notes.push(`Dates are in the order ${order} (${EXAMPLES[order]}): ${namesOf(those)}.`);
  }
  for (const { name, dates } of columns) {
    if (!dates?.years) continue;
    const [first, last] = dates.years;
    notes.push(`${name} has years of two digits: they are taken for ${first} to ${last}.`);
  }
  const local = which(({ dates }) => dates?.offsets);
  if (local.length > 0)
    notes.push(
      `Times are kept as the hospital's clock shows them, without their offsets (${[...new Set(local.flatMap(({ dates }) => dates?.offsets ?? []))].join(', ')}): ${namesOf(local)}.`,
    );
  const moments = which(({ type }) => /^TIMESTAMP_(TZ|LTZ)/.test(type));
  if (moments.length > 0)
    looks.push(
      `${namesOf(moments)}: moments, whose days are counted by the clock of timeZone in los.config.yaml. Is it the hospital's?`,
    );
  for (const { name, type, nulls } of columns)
    if (nulls)
      notes.push(
        `${name}: taken for ${/^(DATE|TIME)/.test(type) ? 'dates' : 'numbers'}, and these texts for missing: ${nulls.map((text) => JSON.stringify(text)).join(', ')}.`,
      );
  for (const column of which(({ mostly }) => mostly)) {
    const { kind, share } = requireValue(column.mostly, `what ${column.name} mostly is`);
    looks.push(
      kind === 'numbers'
        ? `${column.name}: numbers (${percent(share)}) and other texts. The feature ${column.name}_NUMBER has the numbers; the texts count as missing.`
        : `${column.name}: dates (${percent(share)}) in a column of texts, so no days can be counted by it. Give it the type DATE or TIMESTAMP_NTZ in the table; of a file, name the other texts in its nulls:.`,
    );
  }
  const contradictory = which((column) => column.contradictory);
  if (contradictory.length > 0)
    looks.push(
      `${namesOf(contradictory)}: some dates have the day first, some the month, so they are taken for text.`,
    );
  const decimals = which(({ decimal }) => decimal);
  for (const column of decimals)
    notes.push(
      `${column.name}: ${column.decimal === ',' ? '1.234,5' : '1,234.5'} is taken for one thousand two hundred and thirty-four and a half.`,
    );
  remarkOnNames(columns, notes);
}

const EXAMPLES = { DMY: '31/01/2026', MDY: '01/31/2026', YMD: '26/01/31' } as const;
const READINGS = { DMY: '3 April 2005 (DMY)', MDY: '4 March 2005 (MDY)', YMD: '5 April 2003 (YMD)' } as const;

function dateOrderRemark(columns: readonly ColumnProfile[]): string {
  const orders = [...new Set(columns.flatMap(({ dates }) => dates?.unsettled ?? []))];
  return `${namesOf(columns)}: a date such as ${orders.includes('YMD') ? '03/04/05' : '03/04/2005'} is ${orders.map((order) => READINGS[order]).join(' or ')}, and no value of the file says which. Say it: --date-order ${orders.join(' or ')}.`;
}

function remarkOnNames(columns: readonly ColumnProfile[], notes: string[]): void {
  const renamed = columns.filter(({ header }) => header !== undefined);
  if (renamed.length === 0) return;
  const pairs = renamed.slice(0, MOST_NAMED).map(({ header, name }) => `${header} is ${name}`);
  const more = renamed.length - pairs.length;
  notes.push(
    `In SQL, without quotes: ${pairs.join(', ')}${more > 0 ? `, and ${more} more (columns:, header:)` : ''}.`,
  );
  const names = new Set(columns.map(({ name }) => name));
  const numbered = renamed.filter(({ name }) => /_\d+$/.test(name) && names.has(name.replace(/_\d+$/, '')));
  const clash = numbered.filter(
    ({ name, header = '' }) =>
      !/[_ -]?\d+\W*$/.test(header) || !header.toUpperCase().endsWith(/\d+$/.exec(name)?.[0] ?? ''),
  );
  if (clash.length > 0)
    notes.push(
      `Of the same name but for what SQL does not take: ${clash.map(({ header, name }) => `${header} is ${name}, beside ${name.replace(/_\d+$/, '')}`).join('; ')}.`,
    );
}

/** Asks about what no data show: whether a feature was known on admission. */
export function askAboutFeatures(features: readonly ColumnProfile[]): string[] {
  const asked = new Map<string, string[]>();
  for (const { name, header } of features) {
    const what = askWhenKnown(header ?? name);
    if (what) asked.set(what, [...(asked.get(what) ?? []), name]);
  }
  if (asked.size === 0) return [];
  return [
    `Known on admission? The data do not show it: ${[...asked].map(([what, names]) => `${what} (${shorten(names)})`).join('; ')}. What comes later, or changes, belongs into afterAdmission and out of features.`,
  ];
}

function shorten(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 1 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}
