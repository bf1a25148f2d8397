import { UserError } from '../../deploy/errors.js';
import { isTaken } from '../../procedures/dataset/column-rules.js';
import type { TableProfile } from '../profiling/profile.js';
import { choose } from './choice.js';
import { contractText } from './contract-text.js';
import { decisionTable } from './decisions.js';
import { draftFeatures, isKnownByName, PROTECTED } from './features.js';
import { askAboutFeatures, remarkOnColumns } from './remarks.js';
import { findRoles } from './roles.js';
import { type Door, type DraftContract, type Findings, type Hints, namesOf } from './types.js';

export type { Door, DraftContract, Hints } from './types.js';

/**
 * The draft itself; pure. Where it is unsure it writes what comes nearest and says LOOK in the line; what it must not guess it
 * leaves open, and such a contract is refused by whatever reads it.
 * @param table what the dataset is named after
 * @param door where the rows are, as the contract says it
 * @throws UserError when there are no rows, or a column that was named is not there
 */
export function draft(
  table: string,
  { rows, columns: found }: TableProfile,
  hints: Hints = {},
  door: Door = { table },
): DraftContract {
  if (rows === 0)
    throw new UserError(`${table} has no rows.`, {
      next: 'Take a table or file of some hundred admissions.',
    });
  const findings: Findings = { notes: [...(hints.notes ?? [])], looks: [], open: [] };
  const { notes, looks, open } = findings;
  const columns = found.filter(({ type }) => isTaken(type));
  const strange = found.filter(({ type }) => !isTaken(type));
  if (strange.length > 0)
    notes.push(
      `Left out, being of types that no contract can take in: ${strange.map(({ source, type }) => `${source} (${type})`).join(', ')}.`,
    );
  const roles = findRoles(table, rows, columns, hints, findings);
  remarkOnColumns(columns, findings);
  const { candidates, after, leftOut } = choose(columns, rows, roles);
  const features = draftFeatures(candidates, rows, roles.admission?.name);
  for (const [column, why] of features.leftOut) leftOut.set(column, why);
  if (features.lines.length < 2)
    open.push('Fewer than two columns are left to be features: a model needs two.');
  const kinds = [...features.kinds.keys()];
  const known = kinds.filter(isKnownByName);
  if (known.length > 0)
    looks.push(
      `By their names, these are recorded when the patient arrives (knownAtAdmission): ${namesOf(known)}. Is that right?`,
    );
  const people = [...leftOut].filter(([, why]) => why === PROTECTED).map(([column]) => column);
  if (people.length > 0)
    looks.push(
      `These say who a patient is: ${namesOf(people)}. Errors are measured by their groups, and none is a feature. If one has a medical reason to be, write it into features.`,
    );
  looks.push(...askAboutFeatures(kinds.filter((column) => !known.includes(column))));
  const markers = [...new Set(columns.flatMap((column) => column.markers))];
  if (markers.length > 0 && !hints.nulls)
    notes.push(
      `Taken for missing values where they stand alone: ${markers.map((m) => JSON.stringify(m)).join(', ')}.`,
    );
  const name = datasetName(table);
  return {
    name,
    yaml: contractText({
      name,
      door,
      columns,
      candidates,
      after,
      leftOut,
      roles,
      features,
      markers,
      findings,
    }),
    decisions: decisionTable(roles, features.kinds, after, leftOut),
    notes,
    looks,
    open,
  };
}

function datasetName(table: string): string {
  return (
    table
      .toLowerCase()
      .replace(/^[^a-z]+/, '')
      .replace(/[^a-z0-9_]/g, '_')
      .slice(0, 20) || 'admissions'
  );
}
