import type { ChangeSummary } from '../results/deployment.js';
import { type ValueChange, valueChanges } from './compiled-values.js';
import { showDifference } from './difference.js';

const SIGN = { create: '+', rename: '>', update: '~', remove: '-' } as const;

/** A plan in lines for a person: each change with its reason and its differences, then a summary. */
export function describePlan(plan: { changes: readonly ChangeSummary[]; unchanged: number }): string[] {
  const { changes, unchanged } = plan;
  if (!changes.length) return [`Nothing to do: ${unchanged} objects are as declared.`];
  const count = (of: (change: ChangeSummary) => boolean) => changes.filter(of).length;
  const parts = [
    [count(({ action }) => action === 'create'), 'to create'],
    [count(({ action }) => action === 'rename'), 'to rename'],
    [count(({ action, replaces }) => action === 'update' && !replaces), 'to change'],
    [count(({ replaces }) => !!replaces), 'to replace'],
    [count(({ action }) => action === 'remove'), 'to remove'],
    [unchanged, 'unchanged'],
  ] as const;
  const values = valuesOf(changes);
  return [
    ...describeValues(values),
    ...changes.flatMap((change) => describeChange(change, values.get(change))),
    `${parts
      .filter(([number]) => number > 0)
      .map(([number, what]) => `${number} ${what}`)
      .join(', ')}.`,
  ];
}

/** A text longer than this is SQL that is made from the contract, a hash or a table: it is named, not shown. */
const LONGEST_TEXT = 60;

/** True if a value says by itself what changes. Of the contract each does, however long. */
const isShown = ({ path, live = '', declared = '' }: ValueChange) =>
  path.startsWith('contract.') || Math.max(live.length, declared.length) <= LONGEST_TEXT;

/** The changes whose objects differ in nothing but compiled-in values, with these. */
function valuesOf(changes: readonly ChangeSummary[]): Map<ChangeSummary, ValueChange[]> {
  return new Map(
    changes.flatMap((change) => {
      if (change.action !== 'update' || change.differences.length === 0) return [];
      const values = change.differences.map(valueChanges);
      return values.includes(undefined) ? [] : [[change, values.flat() as ValueChange[]]];
    }),
  );
}

/** Each value that changes, once, with how many objects carry it: an edit of the contract reaches two dozen procedures. */
function describeValues(values: ReadonlyMap<ChangeSummary, readonly ValueChange[]>): string[] {
  const carriers = new Map<string, number>();
  for (const list of values.values())
    for (const line of new Set(list.filter(isShown).flatMap(lineOf)))
      carriers.set(line, (carriers.get(line) ?? 0) + 1);
  if (carriers.size === 0) return [];
  return [
    'Values that change in procedures and functions:',
    ...[...carriers].sort(([, a], [, b]) => b - a).map(([line, count]) => `    ${line} (in ${count})`),
  ];
}

const lineOf = ({ path, ...sides }: ValueChange) => showDifference({ property: path, ...sides });

/** True if an object carries the text of the values, in its one line. */
function carriesText(values: readonly ValueChange[]): string {
  const made = values.filter((value) => !isShown(value)).map(({ path }) => path);
  const parts = [
    values.some(isShown) ? 'the values above' : '',
    made.length > 0 ? `what is made from them: ${made.join(', ')}` : '',
  ];
  return parts.filter(Boolean).join(' and ');
}

function describeChange(change: ChangeSummary, values?: readonly ValueChange[]): string[] {
  const sign = change.replaces ? '±' : SIGN[change.action];
  const drift = change.drift ? 'drift: ' : '';
  const replaced = change.replaces ? '; has to be made again' : '';
  const carries = values === undefined ? '' : `: ${carriesText(values)}`;
  const { id, from } = change;
  const colon = id.indexOf(':');
  const named = from === undefined ? id : `${id.slice(0, colon)}:${from} → ${id.slice(colon + 1)}`;
  const head = `${sign} ${named} (${drift}${change.reason}${carries}${replaced})`;
  if (values !== undefined) return [head];
  return [
    head,
    // Of something new its name says enough.
    ...(change.action === 'create' ? [] : change.differences.flatMap(showDifference)).map(
      (line) => `    ${line}`,
    ),
  ];
}
