import { settingsSchema } from './schema.js';

const { properties: settingsProperties } = settingsSchema;

/**
 * JSON Schema of the file as it is written: the settings, and `environments` that lay some of them over the
 * rest. Without defaults: what is left out of an overlay is left as it is.
 */
export const fileSchema = {
  ...settingsSchema,
  properties: {
    ...(withoutDefaults(settingsProperties) as typeof settingsProperties),
    environments: {
      type: 'object',
      description: 'what differs in an environment, chosen with --env; account-wide names get its suffix',
      propertyNames: { pattern: '^[a-z][a-z0-9]{0,7}$' },
      additionalProperties: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: withoutDefaults(settingsProperties),
      },
    },
  },
};

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'default')
      .map(([key, item]) => [key, withoutDefaults(item)]),
  );
}

/** The same for editors: with the defaults, so that they can show and complete them. */
export const editorSchema = {
  ...fileSchema,
  properties: { ...settingsProperties, environments: fileSchema.properties.environments },
};
