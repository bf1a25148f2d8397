/** Tasks: graphs of statements on a schedule. */
import type { Feature } from '../feature.js';
import { taskEngine } from './engine/engine.js';
import { taskFunctions } from './history/functions.js';
import { taskTableFunctions } from './history/history.js';
import { taskStatements } from './statements.js';

export const tasks: Feature = {
  statements: taskStatements,
  systemFunctions: taskFunctions,
  tableFunctions: taskTableFunctions,
  keeper: taskEngine,
};
