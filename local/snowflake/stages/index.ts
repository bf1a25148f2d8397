/** Stages: files on their way into and out of tables. */
import './transformation.js';

export { stageStatements } from './statements.js';
