/** Event tables: what routines log and trace. */
import type { Feature } from '../feature.js';
import { prepareEventTable } from './default-table.js';
import { eventFunctions } from './functions.js';
import { eventStatements } from './statements.js';

export const eventTables: Feature = {
  statements: eventStatements,
  systemFunctions: eventFunctions,
  prepare: ({ storage, catalog, now }) => prepareEventTable(storage, catalog, now),
};
