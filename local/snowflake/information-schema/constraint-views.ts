import { constraintsOf } from '../catalog/constraints.js';
import type { Constraint, Table } from '../catalog/objects.js';
import {
  type InformationView,
  type Place,
  text,
  time,
  viewOf,
  visible,
  yes,
} from '../kernel/information-view.js';

interface ConstraintOf {
  table: Table;
  constraint: Constraint;
}

const constraints = (place: Place): ConstraintOf[] =>
  visible('TABLE')(place).flatMap((table) =>
    constraintsOf(table).map((constraint) => ({ table, constraint })),
  );

/** The table that a foreign key refers to, and the key of it. */
function referenceOf({ constraint }: ConstraintOf, { account }: Place) {
  const { tableId, columns } = constraint.references!;
  const table = account.catalog.get(tableId);
  if (table?.kind !== 'TABLE') return undefined;
  const key = constraintsOf(table).find((each) => each.columns.join('\0') === columns.join('\0'));
  return { table, key };
}

/** TABLE_CONSTRAINTS and REFERENTIAL_CONSTRAINTS; docs: sql-reference/info-schema. */
export const constraintViews: Record<string, InformationView> = {
  TABLE_CONSTRAINTS: viewOf(constraints, [
    text<ConstraintOf>('CONSTRAINT_CATALOG', ({ table }) => table.database),
    text<ConstraintOf>('CONSTRAINT_SCHEMA', ({ table }) => table.schema),
    text<ConstraintOf>('CONSTRAINT_NAME', ({ constraint }) => constraint.name),
    text<ConstraintOf>('TABLE_CATALOG', ({ table }) => table.database),
    text<ConstraintOf>('TABLE_SCHEMA', ({ table }) => table.schema),
    text<ConstraintOf>('TABLE_NAME', ({ table }) => table.name),
    text<ConstraintOf>('CONSTRAINT_TYPE', ({ constraint }) => constraint.kind),
    text<ConstraintOf>('IS_DEFERRABLE', () => 'NO'),
    text<ConstraintOf>('INITIALLY_DEFERRED', () => 'YES'),
    text<ConstraintOf>('ENFORCED', () => 'NO'),
    text<ConstraintOf>('COMMENT', ({ constraint }) => constraint.comment || null),
    time<ConstraintOf>('CREATED', ({ table }) => table.createdOn),
    time<ConstraintOf>('LAST_ALTERED', ({ table }) => table.createdOn),
    text<ConstraintOf>('RELY', ({ constraint }) => yes(constraint.rely)),
  ]),
  REFERENTIAL_CONSTRAINTS: viewOf(
    (place) => constraints(place).filter(({ constraint }) => constraint.references !== undefined),
    [
      text<ConstraintOf>('CONSTRAINT_CATALOG', ({ table }) => table.database),
      text<ConstraintOf>('CONSTRAINT_SCHEMA', ({ table }) => table.schema),
      text<ConstraintOf>('CONSTRAINT_NAME', ({ constraint }) => constraint.name),
      text<ConstraintOf>(
        'UNIQUE_CONSTRAINT_CATALOG',
        (each, place) => referenceOf(each, place)?.table.database ?? null,
      ),
      text<ConstraintOf>(
        'UNIQUE_CONSTRAINT_SCHEMA',
        (each, place) => referenceOf(each, place)?.table.schema ?? null,
      ),
      text<ConstraintOf>(
        'UNIQUE_CONSTRAINT_NAME',
        (each, place) => referenceOf(each, place)?.key?.name ?? null,
      ),
      text<ConstraintOf>('MATCH_OPTION', () => 'FULL'),
      text<ConstraintOf>('UPDATE_RULE', () => 'NO ACTION'),
      text<ConstraintOf>('DELETE_RULE', () => 'NO ACTION'),
      text<ConstraintOf>('COMMENT', ({ constraint }) => constraint.comment || null),
      time<ConstraintOf>('CREATED', ({ table }) => table.createdOn),
      time<ConstraintOf>('LAST_ALTERED', ({ table }) => table.createdOn),
    ],
  ),
};
