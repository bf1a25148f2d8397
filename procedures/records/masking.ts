import { literal, type Place, qualify } from '../ground/names.js';
import { type Marks, tagColumns } from './mark-columns.js';

/** Definition of tag-based masking: docs user-guide/tag-based-masking-policies. */
export interface MaskingDefinition {
  /** Roles that see values, as INVOKER_ROLE() names them. */
  readonly shownTo: readonly string[];
  readonly objects: readonly MaskedObject[];
}

export interface MaskedObject {
  readonly type: 'TABLE' | 'VIEW';
  readonly name: string;
  readonly columns: Marks;
}

/** Names of columns by table or view. */
export type Columns = ReadonlyMap<string, readonly string[]>;

/** "The tag can support one masking policy for each data type" (the same page). */
export const POLICY_TYPES: readonly string[] = [
  'VARCHAR',
  'NUMBER',
  'FLOAT',
  'BOOLEAN',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
  'VARIANT',
  'OBJECT',
  'ARRAY',
];

/** The masking policy of a type of data. */
export const policyName = (type: string): string => `LOS_MASK_${type}`;

/**
 * The role that reads is asked for, not the session's: a view or procedure reads as its owner, so that figures and predictions are made of
 * true values (sql-reference/functions/invoker_role). It is compared by its name, for administrators inherit every role.
 */
function policyBody(shownTo: readonly string[]): string {
  return `CASE WHEN INVOKER_ROLE() IN (${shownTo.map(literal).join(', ')}) THEN VAL ELSE NULL END`;
}

/** The statements that make a policy, or bring one to what is declared. */
export function policyStatements(place: Place, type: string, { shownTo }: MaskingDefinition): string[] {
  const policy = qualify(place, policyName(type));
  const body = policyBody(shownTo);
  return [
    `CREATE MASKING POLICY IF NOT EXISTS ${policy} AS (VAL ${type}) RETURNS ${type} -> ${body} COMMENT = 'What columns of patients show, and to whom'`,
    `ALTER MASKING POLICY ${policy} SET BODY -> ${body}`,
  ];
}

/** MASKING POLICY a, MASKING POLICY b, of ALTER TAG. */
export function policyList(place: Place, names: readonly string[]): string {
  return names.map((name) => `MASKING POLICY ${qualify(place, name)}`).join(', ');
}

/** The statements that give columns the tag, and take it off others. */
export function tagStatements(
  place: Place,
  tag: string,
  { type, name, columns }: MaskedObject,
  others: readonly string[] = [],
): string[] {
  const unset = others.map((column) => `COLUMN "${column.split('"').join('""')}" UNSET TAG ${tag}`);
  return [tagColumns(tag, columns), unset]
    .filter((changes) => changes.length > 0)
    .map((changes) => `ALTER ${type} ${qualify(place, name)} MODIFY ${changes.join(', ')}`);
}

/** The query of which columns policies protect, and by which tag (sql-reference/functions/policy_references). */
export function protectionSql(place: Place, objects: readonly MaskedObject[]): string {
  return objects
    .map(
      ({ type, name }) =>
        `SELECT REF_ENTITY_NAME, REF_COLUMN_NAME, TAG_NAME FROM TABLE(${place.snowflake.database}.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => '${qualify(place, name)}', REF_ENTITY_DOMAIN => '${type}'))`,
    )
    .join(' UNION ALL ');
}

/** Protected columns that are not declared. */
export function findUndeclared({ objects }: MaskingDefinition, masked: Columns): Columns {
  const found = new Map<string, readonly string[]>();
  for (const { name, columns } of objects) {
    const declared = Object.keys(columns).map(unquoteName);
    const others = (masked.get(name) || []).filter((column) => !declared.includes(column));
    if (others.length > 0) found.set(name, others);
  }
  return found;
}

/**
 * Lists in words what differs from what is declared.
 * @param bodies of the policies, in the order of their types; undefined where there is none
 */
export function listDifferences(
  definition: MaskingDefinition,
  masked: Columns,
  bodies: readonly unknown[],
): string[] {
  const body = policyBody(definition.shownTo);
  const differences = POLICY_TYPES.filter((_, i) => normalizeBody(bodies[i]) !== body).map(
    (type) => `${policyName(type)} is not as declared`,
  );
  for (const { name, columns } of definition.objects)
    for (const column of Object.keys(columns))
      if (!(masked.get(name) || []).includes(unquoteName(column)))
        differences.push(`${name}.${column} is not masked`);
  for (const [name, columns] of Array.from(findUndeclared(definition, masked)))
    for (const column of columns) differences.push(`${name}.${column} is masked`);
  return differences;
}

function normalizeBody(body: unknown): string {
  return String(body || '')
    .replace(/\s+/g, ' ')
    .trim();
}

function unquoteName(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).split('""').join('"') : name;
}
