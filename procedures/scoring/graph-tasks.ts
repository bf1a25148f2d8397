import { shared } from '../ground/names.js';

/**
 * The tasks of the scoring graph, each after the one before it: its file in tasks/, what it calls, and the KIND of the run that
 * this writes into LOS_RUN_LOG.
 */
export const graphSteps = [
  { task: shared.buildTask, file: 'build-features.sql', procedure: 'BUILD_FEATURES', run: 'features' },
  { task: shared.scoreTask, file: 'score.sql', procedure: 'SCORE_ADMISSIONS', run: 'scoring' },
] as const;

/** The task that comes at the end of every run of the graph, however it ended. */
export const graphEnd = {
  task: shared.reportTask,
  file: 'report.sql',
  procedure: 'REPORT_GRAPH_RUN',
} as const;
