import { identifier } from '../catalog/catalog.js';
import type { Routine } from '../catalog/objects.js';
import {
  altered,
  comment,
  created,
  empty,
  type InformationView,
  number,
  text,
  type ViewColumn,
  viewOf,
  visible,
  yes,
} from '../kernel/information-view.js';
import { MAX_TEXT } from '../types/data-type.js';
import { typeName } from '../types/type-name.js';

function signature(routine: Routine): string {
  const shown = routine.arguments.map(
    ({ name, type }) => `${name} ${type.kind === 'TEXT' ? 'VARCHAR' : type.kind}`,
  );
  return `(${shown.join(', ')})`;
}

/** Of a table function a TABLE (…) type with its columns; how an account writes it exactly no page says. */
function dataType({ returns, returnsTable }: Routine): string {
  if (returnsTable)
    return `TABLE (${returnsTable.map(({ name, type }) => `${identifier(name)} ${typeName(type)}`).join(', ')})`;
  return returns.kind === 'TEXT' ? 'VARCHAR' : returns.kind;
}

const beginning = (prefix: 'FUNCTION' | 'PROCEDURE'): ViewColumn<Routine>[] => [
  text(`${prefix}_CATALOG`, (routine) => routine.database),
  text(`${prefix}_SCHEMA`, (routine) => routine.schema),
  text(`${prefix}_NAME`, (routine) => routine.name),
  text(`${prefix}_OWNER`, (routine) => routine.owner),
  text('ARGUMENT_SIGNATURE', signature),
  text('DATA_TYPE', dataType),
  number('CHARACTER_MAXIMUM_LENGTH', ({ returns }) => (returns.kind === 'TEXT' ? returns.length : null)),
  number('CHARACTER_OCTET_LENGTH', ({ returns }) =>
    returns.kind === 'TEXT' ? Math.min(returns.length * 4, MAX_TEXT) : null,
  ),
  number('NUMERIC_PRECISION', ({ returns }) => (returns.kind === 'NUMBER' ? returns.precision : null)),
  number('NUMERIC_PRECISION_RADIX', ({ returns }) => (returns.kind === 'NUMBER' ? 10 : null)),
  number('NUMERIC_SCALE', ({ returns }) => (returns.kind === 'NUMBER' ? returns.scale : null)),
  text(`${prefix}_LANGUAGE`, (routine) => routine.language),
  text(`${prefix}_DEFINITION`, (routine) => routine.body),
];

/** FUNCTIONS and PROCEDURES; docs: sql-reference/info-schema/functions and …/procedures. */
export const routineViews: Record<string, InformationView> = {
  FUNCTIONS: viewOf<Routine>(visible('FUNCTION'), [
    ...beginning('FUNCTION'),
    text('VOLATILITY', (routine) => routine.volatility),
    text('IS_NULL_CALL', (routine) => yes(!routine.strict)),
    text('IS_SECURE', (routine) => yes(routine.secure)),
    created,
    altered,
    comment,
    text('IS_EXTERNAL', (routine) => yes(routine.language === 'EXTERNAL')),
    text('API_INTEGRATION', (routine) => routine.external?.integration ?? null),
    text('CONTEXT_HEADERS', ({ external }) =>
      external && external.contextHeaders.length > 0 ? JSON.stringify(external.contextHeaders) : null,
    ),
    number('MAX_BATCH_ROWS', (routine) => routine.external?.maxBatchRows ?? null),
    text('REQUEST_TRANSLATOR', (routine) => routine.external?.requestTranslator?.join('.') ?? null),
    text('RESPONSE_TRANSLATOR', (routine) => routine.external?.responseTranslator?.join('.') ?? null),
    text('COMPRESSION', (routine) => routine.external?.compression ?? null),
    ...empty('PACKAGES', 'RUNTIME_VERSION', 'INSTALLED_PACKAGES'),
    text('IS_MEMOIZABLE', () => 'NO'),
    text('IS_AGGREGATE', () => 'NO'),
    ...empty('EXTERNAL_ACCESS_INTEGRATIONS', 'SECRETS'),
    text('IS_DATA_METRIC', () => 'NO'),
  ]),
  PROCEDURES: viewOf<Routine>(visible('PROCEDURE'), [
    ...beginning('PROCEDURE'),
    created,
    altered,
    comment,
    ...empty('EXTERNAL_ACCESS_INTEGRATIONS', 'SECRETS'),
  ]),
};
