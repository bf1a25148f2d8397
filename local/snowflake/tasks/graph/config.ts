import { SnowflakeError } from '../../errors.js';

/** @throws SnowflakeError unless the text is a JSON object, as CONFIG must be */
export function checkConfig(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isObject(value)) return text;
  throw new SnowflakeError(
    '001018',
    '22023',
    `SQL compilation error:\nInvalid config '${text}': CONFIG of a task must be a JSON object.`,
  );
}

/**
 * EXECUTE TASK … USING CONFIG: the default configuration with the fields that are given anew, at every depth
 * (docs: sql-reference/sql/execute-task, "Use a dynamic CONFIG").
 */
export function mergeConfig(standard: string | undefined, given: string): string {
  const dynamic = JSON.parse(checkConfig(given)) as unknown;
  return JSON.stringify(standard === undefined ? dynamic : mergeValues(JSON.parse(standard), dynamic));
}

function mergeValues(standard: unknown, dynamic: unknown): unknown {
  if (!isObject(standard) || !isObject(dynamic)) return dynamic;
  const all = { ...standard };
  for (const [key, value] of Object.entries(dynamic))
    all[key] = Object.hasOwn(standard, key) ? mergeValues(standard[key], value) : value;
  return all;
}

/** A value of a configuration by a path as in GET_PATH (`a.b[0]."odd key"`, `['c']`); null if there is none. */
export function configValue(config: string, path: string): string | null {
  let value = JSON.parse(config) as unknown;
  for (const [, quoted, index, bracket, plain] of path.matchAll(
    /"((?:[^"]|"")*)"|\[(\d+)\]|\['([^']*)'\]|([^.[\]"]+)/g,
  )) {
    const key = quoted?.replaceAll('""', '"') ?? index ?? bracket ?? plain!;
    const has = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    value = has ? (value as Record<string, unknown>)[key] : undefined;
  }
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
