import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../../deploy/project.js';
import type { Settings } from '../../deploy/settings/settings.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';

/** Folder of the files that kinds of objects are made from; the files are named after the objects. */
const folders: Readonly<Record<string, string>> = {
  'snowflake.table': 'sql/tables',
  'snowflake.view': 'sql/views',
  'snowflake.stage': 'sql/loading',
  'snowflake.file-format': 'sql/loading',
  'snowflake.task-graph': 'tasks',
  'aws.iam-role': 'templates/iam',
  'aws.rest-api': 'templates/iam',
};

/**
 * The file or folder to look into when an object is refused, relative to the project.
 * @param id resource id, e.g. `snowflake.table:LOS_RUN_LOG`
 */
export function sourceOf(id: string, settings: Settings, contract: Contract): string {
  const kind = id.slice(0, id.indexOf(':'));
  const name = id.slice(id.indexOf(':') + 1);
  const { arrivals: _, trainingSet: __, ...own } = datasetNames(contract);
  if (Object.values(own).includes(name)) return relative(projectRoot, settings.dataset);
  if (/\.(function|procedure)$/.test(kind))
    return entryOf(name.replace(/\(.*/, '')) ?? 'deploy/stack/pipeline.ts';
  const folder = folders[kind];
  if (folder === undefined)
    return kind.startsWith('aws.') ? 'deploy/stack/aws.ts' : 'deploy/stack/snowflake.ts';
  // LOS_RUN_LOG is sql/tables/run-log.sql.
  const file = `${folder}/${name.replace(/^LOS_/, '').toLowerCase().replaceAll('_', '-')}.sql`;
  return existsSync(join(projectRoot, file)) ? file : `${folder}/`;
}

/** The entry file whose signature has the name. */
function entryOf(name: string): string | undefined {
  for (const folder of ['udfs', 'procedures'])
    for (const file of readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }))
      if (
        file.endsWith('.ts') &&
        readFileSync(join(projectRoot, folder, file), 'utf8').includes(`name: '${name}'`)
      )
        return `${folder}/${file}`;
  return undefined;
}

/** Puts the file before every resource id that begins a line of an error of apply. */
export function withSources(message: string, settings: Settings, contract: Contract): string {
  return message.replace(
    /^(\s*)((?:snowflake|aws)\.[a-z-]+:[^\s:()]+(?:\([^)]*\))?)(?=:)/gm,
    (_, indent: string, id: string) => `${indent}${sourceOf(id, settings, contract)}: ${id}`,
  );
}
