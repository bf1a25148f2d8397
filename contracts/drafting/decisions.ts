import type { Table } from '../../report/mail/events.js';
import type { ColumnProfile } from '../profiling/profile.js';
import type { DraftFeatures } from './features.js';
import type { Roles } from './roles.js';
import type { Omissions } from './types.js';

/** Table of what every column was taken for: a row for each use of columns. */
export function decisionTable(
  { id, patient, admission, discharge, los, split }: Roles,
  kinds: DraftFeatures['kinds'],
  after: ReadonlyMap<ColumnProfile, string>,
  leftOut: Omissions,
): Table {
  const rows = new Map<string, string[]>();
  const put = (use: string, column: ColumnProfile | undefined) => {
    if (column) rows.set(use, [...(rows.get(use) ?? []), column.name]);
  };
  put('identifies the admission', id);
  put('identifies the patient', patient);
  put('admission', admission);
  put('discharge', discharge);
  put('the stay in days', los);
  put('training or holdout', split);
  for (const [kind, use] of [
    ['number', 'feature: number'],
    ['ordered', 'feature: ordered'],
    ['category', 'feature: category'],
    ['yes or no', 'feature: there or not'],
  ] as const)
    for (const [column, its] of kinds) if (its === kind) put(use, column);
  for (const [column, what] of after) put(`after admission: ${what}`, column);
  for (const [column, why] of leftOut) put(`left out: ${why.replace(/[:,] .*/, '')}`, column);
  return {
    title: '',
    columns: ['taken for', 'columns'],
    rows: [...rows].map(([use, names]) => [use, names.join(', ')]),
  };
}
