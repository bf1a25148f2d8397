import { stringify } from 'yaml';
import type { SchemaObject } from '../../deploy/objects/index.js';
import { ownRelease } from '../../deploy/project.js';
import { columnTexts } from '../../deploy/resources/snowflake/read-statement.js';
import type { Settings } from '../../deploy/settings/settings.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { otherRelations, relationsOf } from '../../procedures/dataset/origin/relation.js';
import { plainName } from './manifest.js';
import { viewColumns } from './view-columns.js';

/** A file of properties for a dbt project, and what of it dbt cannot know. */
export interface Properties {
  readonly yaml: string;
  readonly tables: number;
  /** References that the exposure depends on, as dbt writes them. */
  readonly dependsOn: readonly string[];
  /** Relations that the product reads and that the project neither builds nor declares. */
  readonly unknown: readonly string[];
}

/**
 * Facts that a dbt project has to know of a deployment: its tables and views that people may read, as a source, and the product as an exposure of
 * the models that it reads. Source: docs.getdbt.com/reference/source-properties and /exposure-properties
 * @param objects everything in the schema
 * @param references as readReferences() has them; undefined: the exposure depends on nothing
 * @example
 * const { yaml } = dbtProperties(settings, contract, objects, readReferences('target/manifest.json'));
 */
export function dbtProperties(
  settings: Settings,
  contract: Contract,
  objects: readonly SchemaObject[],
  references?: ReadonlyMap<string, string>,
): Properties {
  const { snowflake } = settings;
  const tables = objects.flatMap((object) => tableOf(object, snowflake.roles));
  const read = relationsRead(contract, settings).map(plainName);
  const dependsOn = read.flatMap((relation) => references?.get(relation) ?? []);
  const yaml = stringify(
    {
      version: 2,
      sources: [
        {
          name: 'predict_los',
          description: `What predict-los ${ownRelease} writes for ${contract.name}.`,
          database: snowflake.database,
          schema: snowflake.schema,
          tables,
        },
      ],
      exposures: [
        {
          name: `predict_los_${contract.name}`,
          label: `Predicted lengths of stay (${contract.name})`,
          type: 'ml',
          owner: { name: 'predict-los', ...(settings.mail.to[0] ? { email: settings.mail.to[0] } : {}) },
          description:
            'Predicts the length of stay at admission, forecasts beds, and is trained on these admissions. What is gone from them is withdrawn.',
          ...(dependsOn.length > 0 ? { depends_on: dependsOn } : {}),
        },
      ],
    },
    { lineWidth: 0 },
  );
  return {
    yaml,
    tables: tables.length,
    dependsOn,
    unknown: references ? read.filter((relation) => !references.has(relation)) : [],
  };
}

/** A table or view that LOS_READ or LOS_PATIENTS may read, as dbt describes it. */
function tableOf({ declared, resource }: SchemaObject, roles: Settings['snowflake']['roles']): object[] {
  if (!('header' in declared) || (declared.kind !== 'table' && declared.kind !== 'view')) return [];
  const { readers } = declared.header;
  if (readers !== 'read' && readers !== 'patients') return [];
  const { create } = resource.definition as { readonly create: string };
  const columns = declared.kind === 'view' ? viewColumns(create) : columnTexts(create);
  return [
    {
      name: resource.name,
      description: plainText(declared.prose),
      config: { meta: { role: roles[readers] } },
      columns: columns.map(({ name, comment }) => ({
        name,
        ...(comment ? { description: plainText(comment) } : {}),
      })),
    },
  ];
}

/** All that it reads of the hospital's: DATABASE.SCHEMA.NAME each. */
function relationsRead(contract: Contract, settings: Settings): string[] {
  const admissions = contract.origin ?? { table: contract.table };
  return [...new Set([...relationsOf(admissions, settings), ...(otherRelations(contract, settings) ?? [])])];
}

/** dbt renders descriptions as Jinja. */
function plainText(text: string): string {
  return text.replace(/\{(?=[{%#])/g, '{ ');
}
