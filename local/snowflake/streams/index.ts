/** Streams: what a table's consumers have not seen yet. */
import type { Feature } from '../feature.js';
import { streamFunctions } from './functions.js';
import { streamKeeper } from './keeper.js';
import { streamStatements } from './statements.js';

export const streams: Feature = {
  statements: streamStatements,
  systemFunctions: streamFunctions,
  keeper: streamKeeper,
};
