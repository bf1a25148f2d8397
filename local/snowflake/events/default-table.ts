import { SYSTEM_GRANTS } from '../access/access.js';
import type { Catalog, CatalogTransaction } from '../catalog/catalog.js';
import type { ObjectKind, Table } from '../catalog/objects.js';
import { createTableSql } from '../kernel/table-storage.js';
import type { Storage } from '../storage/storage.js';
import { eventColumns } from './columns.js';
import { DEFAULT_EVENT_TABLE } from './parameters.js';

/**
 * Makes SNOWFLAKE.TELEMETRY.EVENTS, the event table that every account has, and what ACCOUNTADMIN may do with it:
 * docs, developer-guide/logging-tracing/event-table-setting-up, "Use the default event table". An account from
 * before there were event tables gets them, and the privileges that came with them, when it is opened.
 */
export async function prepareEventTable(
  storage: Storage,
  catalog: Catalog,
  createdOn: number,
): Promise<void> {
  const [database, schema, name] = DEFAULT_EVENT_TABLE;
  if (catalog.at('DATABASE', database)) return;
  const connection = await storage.connect();
  const base = { owner: '', comment: '', createdOn };
  await catalog.change(connection, async (tx) => {
    const databaseId = catalog.nextId();
    const schemaId = catalog.nextId();
    const id = catalog.nextId();
    tx.put({ kind: 'DATABASE', id: databaseId, name: database, transient: false, ...base });
    tx.put({ kind: 'SCHEMA', id: schemaId, name: schema, database, transient: false, ...base });
    const table: Table = {
      kind: 'TABLE',
      event: true,
      id,
      name,
      database,
      schema,
      ...base,
      physical: `t${id}`,
      columns: eventColumns(),
      persistence: 'permanent',
      primaryKey: [],
      changeTracking: false,
    };
    await tx.run(createTableSql(table));
    tx.put(table);
    grant(catalog, tx, createdOn, 'DATABASE', databaseId, ['USAGE']);
    grant(catalog, tx, createdOn, 'SCHEMA', schemaId, ['USAGE']);
    grant(catalog, tx, createdOn, 'TABLE', id, ['SELECT', 'DELETE', 'TRUNCATE']);
    const held = catalog.grantsTo({ kind: 'ROLE', name: 'ACCOUNTADMIN' }).map(({ privilege }) => privilege);
    const missing = SYSTEM_GRANTS.ACCOUNTADMIN!.filter((privilege) => !held.includes(privilege));
    grant(catalog, tx, createdOn, 'ACCOUNT', 0, missing);
  });
  connection.close();
}

function grant(
  catalog: Catalog,
  tx: CatalogTransaction,
  createdOn: number,
  kind: ObjectKind,
  id: number,
  privileges: string[],
): void {
  for (const privilege of privileges)
    tx.put({
      kind: 'GRANT',
      id: catalog.nextId(),
      privilege,
      on: { kind, id },
      to: { kind: 'ROLE', name: 'ACCOUNTADMIN' },
      grantOption: true,
      by: '',
      createdOn,
    });
}
