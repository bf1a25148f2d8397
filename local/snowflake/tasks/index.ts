/** Tasks: graphs of statements on a schedule. */
import './functions.js';
import { registerTaskFunctions } from './history.js';

registerTaskFunctions();

export { TaskEngine, taskEngine } from './engine.js';
export { taskStatements } from './statements.js';
