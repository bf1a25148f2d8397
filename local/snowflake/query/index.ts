/** Queries, DML and session variables. */
import { makeCasts } from '../expressions/casts.js';
import type { Feature } from '../feature.js';
import { tableFunctions } from './bind/table-functions.js';
import { insertEvents } from './change/insert-from.js';
import { queryStatements } from './statements.js';
import { trackableTables, viewChanges } from './tracking/view-changes.js';

export const queries: Feature = {
  statements: queryStatements,
  tableFunctions,
  services: { insertEvents, trackableTables, viewChanges },
  async prepare({ storage }) {
    const connection = await storage.connect();
    makeCasts(connection.functions);
    connection.close();
  },
};
