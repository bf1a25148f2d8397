import type { Catalog } from './catalog.js';
import type { Database, Retention, Schema, Table } from './objects.js';

/** The account's defaults, in days; docs: sql-reference/parameters. */
const DEFAULTS: Required<Retention> = { retentionDays: 1, extensionDays: 14 };

/** What applies to a table, schema or database: its own parameters, else those above it, else the account's. */
export function retentionOf(catalog: Catalog, object: Table | Schema | Database): Required<Retention> {
  const levels: (Retention | undefined)[] = [object];
  if (object.kind === 'TABLE') levels.push(catalog.at('SCHEMA', object.database, object.schema));
  if (object.kind !== 'DATABASE') levels.push(catalog.at('DATABASE', object.database));
  levels.push(DEFAULTS);
  const first = (key: keyof Retention): number => levels.find((each) => each?.[key] !== undefined)![key]!;
  return { retentionDays: first('retentionDays'), extensionDays: first('extensionDays') };
}
