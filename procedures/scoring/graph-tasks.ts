/**
 * The tasks of the scoring graph, each after the one before it: its file in tasks/, what it calls, and the KIND of the run that
 * this writes into LOS_RUN_LOG.
 */
export const graphSteps = [
  { task: 'LOS_BUILD_FEATURES', file: 'build-features.sql', procedure: 'BUILD_FEATURES', run: 'features' },
  { task: 'LOS_SCORE', file: 'score.sql', procedure: 'SCORE_ADMISSIONS', run: 'scoring' },
] as const;

/** The task that comes at the end of every run of the graph, however it ended. */
export const graphEnd = {
  task: 'LOS_REPORT_GRAPH_RUN',
  file: 'report-graph-run.sql',
  procedure: 'REPORT_GRAPH_RUN',
} as const;
