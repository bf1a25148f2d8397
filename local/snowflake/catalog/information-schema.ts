import type { Account } from '../account.js';
import type { Session } from '../sessions/session.js';
import type { Database, Schema, View } from './objects.js';

/**
 * Every database has the schema INFORMATION_SCHEMA with its views: docs.snowflake.com/en/sql-reference/info-schema.
 * They are no objects of the catalog, as they cannot be made, changed or dropped, but SHOW and DESCRIBE show them.
 */
export const INFORMATION_SCHEMA = 'INFORMATION_SCHEMA';

interface Context {
  account: Account;
  session: Session;
}

const NOT_MADE = { id: -1, owner: '', comment: '' };

/** The databases of a scope whose INFORMATION_SCHEMA the session may read. */
function databases({ account, session }: Context, name?: string): Database[] {
  return account.catalog
    .list('DATABASE')
    .filter((each) => (name === undefined || each.name === name) && account.access.visible(session, each));
}

export function informationSchemas(context: Context, database?: string): Schema[] {
  return databases(context, database).map(({ name, createdOn }) => ({
    ...NOT_MADE,
    kind: 'SCHEMA',
    name: INFORMATION_SCHEMA,
    database: name,
    transient: false,
    createdOn,
    comment: 'Views describing the contents of schemas in this database',
  }));
}

export function informationSchemaViews(context: Context, database?: string): View[] {
  return databases(context, database).flatMap(({ name: database, createdOn }) =>
    Object.entries(context.account.features.services.informationColumns(context, database)).map(
      ([name, columns]): View => ({
        ...NOT_MADE,
        kind: 'VIEW',
        name,
        database,
        schema: INFORMATION_SCHEMA,
        createdOn,
        query: '',
        text: '',
        secure: false,
        columns: columns.map((column) => ({ ...column, nullable: true, comment: '' })),
      }),
    ),
  );
}

/** The view that a name means, if it lies in an INFORMATION_SCHEMA. */
export function informationView(context: Context, parts: string[]): View | undefined {
  const { session } = context;
  const [schema, database] = [parts.at(-2) ?? session.schema, parts.at(-3) ?? session.database];
  if (schema !== INFORMATION_SCHEMA || database === undefined) return undefined;
  return informationSchemaViews(context, database).find(({ name }) => name === parts.at(-1));
}

/** The schema that a name means, made or not; none if a part of the name is missing. */
export function schemaNamed(context: Context, name: (string | undefined)[]): Schema | undefined {
  const { account, session } = context;
  const parts = name.filter((part) => part !== undefined);
  if (parts.length < name.length) return undefined;
  const database = parts.at(-2) ?? session.database;
  if (parts.at(-1) === INFORMATION_SCHEMA && database !== undefined)
    return informationSchemas(context, database)[0];
  return account.catalog.find('SCHEMA', parts, session);
}
