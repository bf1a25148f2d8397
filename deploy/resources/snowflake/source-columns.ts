import { typeKind } from '../../../procedures/dataset/column-rules.js';
import { UserError } from '../../errors.js';
import { fingerprintOf } from '../fingerprint.js';
import type { LiveResource, Resource } from '../resource.js';
import type { SqlDefinition } from './definition.js';
import { columnTexts } from './read-statement.js';

/** Prefix of tableKind's property of a column. */
export const COLUMN = 'column ';

/**
 * Refuses a hospital's table that lacks columns of the contract. Apply leaves it alone: a column that it added would
 * be empty for all patients, without a word. Only a table that apply made itself follows a contract that has changed
 * since.
 * @returns what differs, and what to choose between; undefined where all columns are there
 */
export function refuseColumns(
  { kind, definition }: Resource<SqlDefinition>,
  { name: table, owner, fingerprint, properties = {} }: LiveResource,
): UserError | undefined {
  const own = owner === 'managed';
  if (own && fingerprint !== fingerprintOf(kind, definition)) return undefined;
  const columns = columnTexts(definition.create).map(({ name, written, type }) => ({
    ...{ name, written, type, live: properties[COLUMN + name] ?? type },
  }));
  const missing = columns.filter(({ live }) => live === '');
  // What another's table always was may be narrower than the contract says; one that apply made was altered.
  const retyped = columns.filter(
    ({ live, type }) => live !== '' && (own ? live !== type : typeKind(live) !== typeKind(type)),
  );
  if (missing.length + retyped.length === 0) return undefined;
  const path = /^CREATE TABLE (\S+)/.exec(definition.create)?.[1] ?? table;
  const list = (of: readonly { name: string }[]) => of.map(({ name }) => name).join(', ');
  const added = missing.map(({ written, type }) => `${written} ${type}`).join(', ');
  const differences = [
    ...(missing.length > 0 ? [`${table} has no ${list(missing)}, which the contract reads`] : []),
    ...retyped.map(({ name, type, live }) => `${name} of ${table} is ${live}, and ${type} in the contract`),
  ];
  const choices = [
    ...(missing.length > 0
      ? [
          `Bring ${list(missing)} back (ALTER TABLE ${path} RENAME COLUMN …, or with its values from the source); or change the contract: source: with the name that it has now, or columns and features without it, then los train --promote; or let its default stand for all: ALTER TABLE ${path} ADD COLUMN ${added};`,
        ]
      : []),
    ...(retyped.length > 0
      ? [
          `Give ${list(retyped)} the type of the contract again, or write into the contract what it is: ${retyped.map(({ name, live }) => `${name}: ${live}`).join(', ')}.`,
        ]
      : []),
  ];
  return new UserError(
    `${differences.join('; ')}. It is the hospital's table, and los alters nothing in it${missing.length > 0 ? ': no features are built until both agree, and admissions wait' : ''}.`,
    { next: `${choices.join(' ')} Then run los apply. See docs/runbook/column.md.` },
  );
}
