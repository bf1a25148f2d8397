import { relative } from 'node:path';
import { accountName, readDeclarations } from '../../deploy/headers/files.js';
import { readCodeObjects } from '../../deploy/objects/code-objects.js';
import { projectRoot } from '../../deploy/project.js';
import { partsOf } from '../../deploy/resources/resource.js';
import type { Settings } from '../../deploy/settings/settings.js';
import type { Contract } from '../../procedures/dataset/contract.js';

/** Folders of what is around the schema, by the beginning of its kind. */
const SURROUNDINGS: Readonly<Record<string, string>> = {
  'aws.iam-role': 'templates/iam/',
  'aws.rest-api': 'templates/iam/',
  aws: 'deploy/stack/aws.ts',
};

/**
 * The file to look into when an object is refused, relative to the project: the one that declares it, or the contract where this has its
 * columns.
 * @param id resource id, e.g. `snowflake.table:LOS_RUN_LOG`
 */
export function sourceOf(id: string, settings: Settings, contract: Contract): string {
  const { kind, name } = partsOf(id);
  const code = readCodeObjects().find(
    (object) => `snowflake.${object.kind}` === kind && object.name === name,
  );
  if (code) return code.file;
  const declared = readDeclarations().find(
    ({ header }) => accountName(header.name, contract, settings) === name.replace(/\(.*/, ''),
  );
  if (declared)
    return declared.header.name.startsWith('<') && declared.kind !== 'external-function'
      ? relative(projectRoot, settings.dataset)
      : declared.file;
  return SURROUNDINGS[kind] ?? SURROUNDINGS[kind.replace(/\..*/, '')] ?? 'deploy/stack/snowflake.ts';
}

/** Puts the file before every resource id that begins a line of an error of apply. */
export function withSources(message: string, settings: Settings, contract: Contract): string {
  return message.replace(
    /^(\s*)((?:snowflake|aws)\.[a-z-]+:[^\s:()]+(?:\([^)]*\))?)(?=:)/gm,
    (_, indent: string, id: string) => `${indent}${sourceOf(id, settings, contract)}: ${id}`,
  );
}
