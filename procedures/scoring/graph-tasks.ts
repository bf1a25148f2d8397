/**
 * The tasks of the scoring graph, each after the one before it: what it calls, and the KIND of the run that this writes into
 * LOS_RUN_LOG. Their files in tasks/ say the same, and a test compares the two.
 */
export const graphSteps = [
  { task: 'LOS_BUILD_FEATURES', procedure: 'BUILD_FEATURES', run: 'features' },
  { task: 'LOS_SCORE', procedure: 'SCORE_ADMISSIONS', run: 'scoring' },
] as const;

/** The task that comes at the end of every run of the graph, however it ended. */
export const graphEnd = {
  task: 'LOS_REPORT_GRAPH_RUN',
  procedure: 'REPORT_GRAPH_RUN',
} as const;
