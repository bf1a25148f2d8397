import { relative } from 'node:path';
import type { Contract } from '../dataset/contract.js';
import { datasetNames, shared } from '../dataset/names.js';
import { projectRoot } from '../project.js';
import type { Settings } from '../settings/settings.js';

/**
 * The file to look into when an object is refused, relative to the project.
 * @param id resource id, e.g. `snowflake.task-graph:LOS_BUILD_FEATURES`
 */
export function sourceOf(id: string, settings: Settings, contract: Contract): string {
  const kind = id.slice(0, id.indexOf(':'));
  const name = id.slice(id.indexOf(':') + 1);
  const dataset = relative(projectRoot, settings.dataset);
  const names = datasetNames(contract);
  const files: Readonly<Record<string, string>> = {
    [`snowflake.table:${names.raw}`]: dataset,
    [`snowflake.table:${names.features}`]: dataset,
    [`snowflake.table:${shared.log}`]: 'sql/tables/prediction-log.sql',
    [`snowflake.table:${shared.registry}`]: 'sql/tables/model-registry.sql',
    [`snowflake.table:${shared.runs}`]: 'sql/tables/run-log.sql',
    [`snowflake.table:${shared.evaluation}`]: 'sql/tables/evaluation.sql',
    [`snowflake.table:${shared.measures}`]: 'sql/tables/measures.sql',
    [`snowflake.view:${shared.features}`]: 'sql/views/features.sql',
    [`snowflake.stage:${settings.snowflake.stages.load}`]: 'sql/loading/stage.sql',
    [`snowflake.file-format:${shared.csv}`]: 'sql/loading/csv-format.sql',
    [`snowflake.function:${shared.response}(OBJECT)`]: 'udfs/response-translator.ts',
    [`snowflake.function:${shared.detailResponse}(OBJECT)`]: 'udfs/detail-response-translator.ts',
    'snowflake.function:LOS_RESPONSE_REASONS(OBJECT)': 'udfs/reasons-response-translator.ts',
    'snowflake.function:LOS_NO_MODEL(OBJECT)': 'udfs/no-model.ts',
  };
  const known = files[id];
  if (known) return known;
  // procedures/build-features.ts makes BUILD_FEATURES().
  if (kind === 'snowflake.procedure')
    return `procedures/${name.replace(/\(.*/, '').toLowerCase().replaceAll('_', '-')}.ts`;
  if (kind === 'snowflake.task-graph') return 'tasks/';
  if (kind === 'snowflake.stream') return 'deploy/stack/pipeline.ts';
  if (kind === 'aws.iam-role' || kind === 'aws.rest-api') return 'templates/iam/';
  return kind.startsWith('aws.') ? 'deploy/stack/aws.ts' : 'deploy/stack/snowflake.ts';
}

/** Puts the file before every resource id that begins a line of an error of apply. */
export function withSources(message: string, settings: Settings, contract: Contract): string {
  return message.replace(
    /^(\s*)((?:snowflake|aws)\.[a-z-]+:[^\s:]+(?:\([^)]*\))?)(?=:)/gm,
    (_, indent: string, id: string) => `${indent}${sourceOf(id, settings, contract)}: ${id}`,
  );
}
