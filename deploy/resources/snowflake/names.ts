import type { Settings } from '../../settings/settings.js';

/** `DATABASE.SCHEMA` of the project. */
export function schemaPath({ snowflake }: Settings): string {
  return `${snowflake.database}.${snowflake.schema}`;
}

/** `DATABASE.SCHEMA.NAME` of an object of the project. */
export function qualified(settings: Settings, name: string): string {
  return `${schemaPath(settings)}.${name}`;
}
