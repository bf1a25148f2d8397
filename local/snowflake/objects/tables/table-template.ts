import { physicalColumn } from '../../catalog/physical.js';
import { SnowflakeError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';
import { TokenStream } from '../../language/lexer.js';
import { parseType } from '../../language/parse-type.js';
import { evaluateText } from '../../query/for-ddl.js';
import type { TableDefinition } from './table-definition.js';

interface TemplateColumn {
  COLUMN_NAME?: unknown;
  TYPE?: unknown;
  NULLABLE?: unknown;
}

/**
 * CREATE TABLE … USING TEMPLATE (query): the query gives an array of columns, as INFER_SCHEMA describes them:
 * `SELECT ARRAY_AGG(OBJECT_CONSTRUCT(*)) FROM TABLE(INFER_SCHEMA(…))`. Docs: sql-reference/sql/create-table.
 */
export async function templateDefinition(context: StatementContext): Promise<TableDefinition> {
  const json = await evaluateText(context, `(${context.tokens.parenthesesText()})`);
  const list: unknown = json === null ? [] : JSON.parse(json);
  if (!Array.isArray(list) || list.length === 0) throw noColumns();
  const definition: TableDefinition = { columns: [], constraints: [] };
  for (const { COLUMN_NAME: name, TYPE: type, NULLABLE: nullable } of list as TemplateColumn[]) {
    if (typeof name !== 'string' || typeof type !== 'string') throw noColumns();
    const taken = definition.columns.map(({ column }) => column);
    definition.columns.push({
      column: {
        name,
        physical: physicalColumn(name, taken),
        type: parseType(new TokenStream(type)),
        nullable: nullable !== false,
        comment: '',
      },
      constraints: [],
    });
  }
  return definition;
}

function noColumns(): SnowflakeError {
  return new SnowflakeError(
    '001003',
    '42000',
    'SQL compilation error:\nUSING TEMPLATE needs a query that gives an array of objects with COLUMN_NAME and TYPE: SELECT ARRAY_AGG(OBJECT_CONSTRUCT(*)) FROM TABLE(INFER_SCHEMA(…)).',
  );
}
