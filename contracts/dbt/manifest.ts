import { existsSync, readFileSync } from 'node:fs';
import { messageOf, UserError } from '../../deploy/errors.js';
import { nameParts } from '../../procedures/dataset/origin/grants.js';

/** Node of dbt's manifest, as far as it is read. Source: schemas.getdbt.com/dbt/manifest/v12 */
interface Node {
  readonly resource_type: string;
  readonly package_name: string;
  readonly name: string;
  readonly source_name?: string;
  /** Its name in Snowflake, with quotes where dbt quotes; null: it has none, as an ephemeral model. */
  readonly relation_name?: string | null;
}

/** Kinds of nodes that `ref` finds. */
const REFERABLE = ['model', 'seed', 'snapshot'];

/**
 * Reads how a dbt project refers to the relations that it builds or reads: `ref('encounter')`, `source('adt', 'visits')`.
 * @param file that `dbt parse` writes: target/manifest.json
 * @returns by DATABASE.SCHEMA.NAME, without quotes
 * @throws UserError where it is not there, or no manifest
 */
export function readReferences(file: string): ReadonlyMap<string, string> {
  const next = 'Run dbt parse in the dbt project, and name its target/manifest.json with --manifest.';
  if (!existsSync(file)) throw new UserError(`${file} is not there.`, { next });
  let manifest: { readonly nodes: Record<string, Node>; readonly sources: Record<string, Node> };
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`${file} is no JSON: ${messageOf(cause)}`, { next, cause });
  }
  if (!manifest?.nodes || !manifest.sources)
    throw new UserError(`${file} is no manifest of dbt: it has no nodes and sources.`, { next });
  const references = new Map<string, string>();
  // A model of that name is what dbt builds; the source beside it, if any, is another project's view of it.
  for (const node of [...Object.values(manifest.sources), ...Object.values(manifest.nodes)])
    if (node.relation_name && (node.resource_type === 'source' || REFERABLE.includes(node.resource_type)))
      references.set(plainName(node.relation_name), referenceOf(node));
  return references;
}

/** DATABASE.SCHEMA.NAME as Snowflake knows it: unquoted parts in upper case, the others as they stand between quotes. */
export function plainName(relation: string): string {
  return nameParts(relation)
    .map((part) => part.replace(/^"|"$/g, '').replaceAll('""', '"'))
    .join('.');
}

function referenceOf({ resource_type, source_name, package_name, name }: Node): string {
  if (resource_type === 'source') return `source('${source_name}', '${name}')`;
  return `ref('${package_name}', '${name}')`;
}
