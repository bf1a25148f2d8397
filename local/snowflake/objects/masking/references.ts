// What tags and policies stand before: POLICY_REFERENCES of INFORMATION_SCHEMA and SYSTEM$GET_TAG.
import { columnPolicy } from '../../catalog/column-policy.js';
import type { Column, Table, View } from '../../catalog/objects.js';
import { localRefusal } from '../../errors.js';
import type { SystemFunction, TableFunction } from '../../feature.js';
import { splitName } from '../../language/split-name.js';
import type { Binder } from '../../query/bind/binder.js';
import { fromRows } from '../../query/bind/table-functions.js';
import { type ResultColumn, TEXT } from '../../types/data-type.js';

/** docs: sql-reference/functions/policy_references */
const COLUMNS: ResultColumn[] = [
  'POLICY_DB',
  'POLICY_SCHEMA',
  'POLICY_NAME',
  'POLICY_KIND',
  'REF_DATABASE_NAME',
  'REF_SCHEMA_NAME',
  'REF_ENTITY_NAME',
  'REF_ENTITY_DOMAIN',
  'REF_COLUMN_NAME',
  'REF_ARG_COLUMN_NAMES',
  'TAG_DATABASE',
  'TAG_SCHEMA',
  'TAG_NAME',
  'POLICY_STATUS',
].map((name) => ({ name, type: TEXT(), nullable: true }));

/**
 * The policies of one table or view. "If the role has the global APPLY MASKING POLICY privilege, Snowflake returns all masking policy
 * associations", the owner of the object those of it (the same page).
 */
const policyReferences: TableFunction = (b, _args, named) => {
  const text = (name: string) => named.get(name)?.constant;
  const entity = text('REF_ENTITY_NAME');
  if (typeof entity !== 'string')
    throw localRefusal(
      'POLICY_REFERENCES of a policy',
      'the columns of one table or view are listed',
      'Give REF_ENTITY_NAME and REF_ENTITY_DOMAIN.',
    );
  const relation = relationOf(b, entity);
  const { access } = b.account;
  if (!access.holdsAccount(b.session, 'APPLY MASKING POLICY')) access.requireOwnership(b.session, relation);
  const rows = relation.columns.flatMap((column) => {
    const found = columnPolicy(b.account.catalog, column);
    if (!found) return [];
    const { policy, tag } = found;
    return [
      [
        ...[policy.database, policy.schema, policy.name, 'MASKING_POLICY'],
        ...[relation.database, relation.schema, relation.name, relation.kind, column.name, null],
        ...[tag.database, tag.schema, tag.name, 'ACTIVE'],
      ],
    ];
  });
  return fromRows(COLUMNS, rows);
};

function relationOf(b: Binder, name: string): Table | View {
  const relation = b.account.catalog.resolveRelation(splitName(name), b.session);
  if (relation.kind === 'STREAM') throw localRefusal('policies of a stream', 'they are its table’s');
  return relation;
}

/** SYSTEM$GET_TAG('tag', 'table.column', 'COLUMN'); docs: sql-reference/functions/system_get_tag */
const getTag: SystemFunction = {
  name: 'SYSTEM$GET_TAG',
  arity: [3, 3],
  returns: TEXT(),
  run(b, [tagName, object, domain]) {
    if (String(domain).toUpperCase() !== 'COLUMN')
      throw localRefusal(`SYSTEM$GET_TAG of a ${domain}`, 'only columns have tags here');
    const tag = b.account.catalog.resolve('TAG', splitName(String(tagName)), b.session);
    const path = splitName(String(object));
    const { columns } = b.account.catalog.resolveRelation(path.slice(0, -1), b.session) as Table;
    const column = columns.find(({ name }: Column) => name === path.at(-1));
    return column?.tags?.[tag.id] ?? null;
  },
};

export const maskingFunctions = { POLICY_REFERENCES: policyReferences };
export const tagFunctions: SystemFunction[] = [getTag];
