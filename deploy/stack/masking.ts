import { type Marks, PATIENT_DATA } from '../../procedures/records/mark-columns.js';
import type { MaskedObject } from '../../procedures/records/masking.js';
import type { SchemaObject } from '../objects/index.js';
import type { Resource } from '../resources/resource.js';
import { maskingKind } from '../resources/snowflake/masking.js';
import type { Settings } from '../settings/settings.js';

/** Who sees the columns that files of sql/ mark, where `snowflake.masking` is set: no object of others is touched. */
export function maskingResources(settings: Settings, objects: readonly SchemaObject[]): Resource[] {
  if (!settings.snowflake.masking) return [];
  const { deploy, patients } = settings.snowflake.roles;
  const masked = objects.filter(({ marks }) => Object.keys(marks ?? {}).length > 0);
  return [
    maskingKind.resource(
      PATIENT_DATA,
      { shownTo: [deploy, patients], objects: masked.map(describeObject) },
      {
        dependsOn: [
          `snowflake.schema:${settings.snowflake.schema}`,
          ...masked.map(({ resource }) => `${resource.kind}:${resource.name}`),
        ],
        redo: 'tags',
      },
    ),
  ];
}

function describeObject({ declared, resource, marks }: SchemaObject): MaskedObject {
  return {
    type: declared.kind === 'view' ? 'VIEW' : 'TABLE',
    name: resource.name,
    columns: marks as Marks,
  };
}
