import type { SchemaObject } from '../../deploy/objects/index.js';
import { ownRelease } from '../../deploy/project.js';
import type { Settings } from '../../deploy/settings/settings.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { viewColumns } from '../dbt/view-columns.js';
import { INSTRUCTIONS, type LogicalTable, questions, TABLES } from './questions.js';

/**
 * A semantic view, for agents and people that ask in words: forecasts of beds and the accuracy of predictions, with questions whose
 * statements are verified. It reads views of LOS_READ alone, so no answer is about fewer than ten patients.
 * Source: docs.snowflake.com/sql-reference/sql/create-semantic-view
 * @param objects everything in the schema
 * @returns statements for a role that has CREATE SEMANTIC VIEW on the schema, and the name of the view
 * @throws Error where a view that it reads is not there, or has no column of that name
 * @example
 * const { sql } = semanticView(settings, contract, objects);
 */
export function semanticView(
  settings: Settings,
  contract: Contract,
  objects: readonly SchemaObject[],
): { readonly name: string; readonly sql: string } {
  const name = qualify(settings, `${contract.name.toUpperCase()}_LENGTH_OF_STAY`);
  const tables = TABLES.map((table) => ({ table, ...describeTable(table, objects) }));
  const expressions = (isDimension: boolean) =>
    tables.flatMap(({ table: { view, dimensions }, columns }) =>
      columns
        .filter((column) => dimensions.includes(column.name) === isDimension)
        .map((column) => `${view}.${column.name} AS ${column.name} COMMENT = ${literal(column.comment)}`),
    );
  const queries = questions(contract.name).map(
    (query) =>
      `${query.name} AS (\n      QUESTION ${literal(query.question)}\n      ONBOARDING_QUESTION TRUE\n      SQL ${literal(query.sql)}\n    )`,
  );
  const sql = `-- Written by los semantic-view ${ownRelease}. Its role needs CREATE SEMANTIC VIEW on the schema, and what ${settings.snowflake.roles.read} may read.
CREATE OR REPLACE SEMANTIC VIEW ${name}
  TABLES ${list(tables.map(({ table, comment }) => tableOf(table, qualify(settings, table.view), comment)))}
  FACTS ${list(expressions(false))}
  DIMENSIONS ${list(expressions(true))}
  COMMENT = ${literal(`Forecasts of beds and predicted lengths of stay of ${contract.name}.`)}
  AI_SQL_GENERATION ${literal(INSTRUCTIONS)}
  AI_VERIFIED_QUERIES ${list(queries)}
  COPY GRANTS;
GRANT SELECT ON SEMANTIC VIEW ${name} TO ROLE ${settings.snowflake.roles.read};
`;
  return { name, sql };
}

function describeTable({ view, dimensions }: LogicalTable, objects: readonly SchemaObject[]) {
  const found = objects.find(({ resource }) => resource.name === view);
  if (!found || !('prose' in found.declared)) throw new Error(`The schema has no view ${view}`);
  const columns = viewColumns((found.resource.definition as { readonly create: string }).create);
  const unknown = dimensions.find((dimension) => !columns.some(({ name }) => name === dimension));
  if (unknown) throw new Error(`${view} has no column ${unknown}`);
  return { comment: found.declared.prose, columns };
}

function tableOf({ view, key, synonyms }: LogicalTable, full: string, comment: string): string {
  return `${view} AS ${full} PRIMARY KEY (${key.join(', ')}) WITH SYNONYMS = (${synonyms.map(literal).join(', ')}) COMMENT = ${literal(comment)}`;
}

function list(items: readonly string[]): string {
  return `(\n    ${items.join(',\n    ')}\n  )`;
}
