/** Stages: files on their way into and out of tables. */
import './infer-schema.js';
import './load-history.js';
import './stage-source.js';
import './validate.js';

export { stageStatements } from './statements.js';
