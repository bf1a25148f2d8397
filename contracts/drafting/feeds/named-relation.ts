import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../../deploy/errors.js';
import type { Relation } from '../../../procedures/dataset/origin/feeds.js';
import { relationProblems } from '../../../procedures/dataset/origin/relation.js';

/** Place of rows: a relation, or a SELECT with the name by which people know it. */
export interface NamedRelation {
  readonly name: string;
  readonly relation: Relation;
}

/**
 * Relation that an option names: SCHEMA.NAME of a relation, a file with a SELECT, or one of a shape's SELECTs.
 * @param option by which it is given, for the message
 * @param ofShape the shape's SELECTs, by name
 * @throws UserError where it is none of them
 */
export function namedRelation(
  option: string,
  given: string,
  ofShape: Readonly<Record<string, string>> = {},
): NamedRelation {
  const shaped = ofShape[given];
  if (shaped !== undefined) return { name: given, relation: { query: shaped } };
  const relation = relationOf(given);
  const [problem] = relationProblems(given, relation);
  if (problem === undefined) return { name: given, relation };
  throw new UserError(`${option} ${problem}.`, {
    next: 'Name a relation (LAB.CORE.RESULTS), or a file with one SELECT.',
  });
}

/** A file with a SELECT, a qualified name, or a table of the schema of los. */
function relationOf(given: string): Relation {
  if (existsSync(given)) return { query: readFileSync(given, 'utf8') };
  return given.includes('.') ? { source: given } : { table: given.toUpperCase() };
}
