/** Stages: files on their way into and out of tables. */
import type { Feature } from '../feature.js';
import { prepareLoadHistory } from '../kernel/loads.js';
import { inferSchema } from './formats/infer-schema.js';
import { copyHistory, loadHistory } from './load/load-history.js';
import { stageSource } from './load/stage-source.js';
import { validate } from './load/validate.js';
import { stageStatements } from './statements.js';

export const stages: Feature = {
  statements: stageStatements,
  tableFunctions: { COPY_HISTORY: copyHistory, INFER_SCHEMA: inferSchema },
  functionsOfTables: { VALIDATE: validate },
  sqlViews: { LOAD_HISTORY: loadHistory },
  services: { stageSource },
  prepare: ({ storage }) => prepareLoadHistory(storage),
};
