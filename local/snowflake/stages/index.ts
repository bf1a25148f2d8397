/** Stages: files on their way into and out of tables. */
import './formats/infer-schema.js';
import './load/load-history.js';
import './load/stage-source.js';
import './load/validate.js';

export { stageStatements } from './statements.js';
