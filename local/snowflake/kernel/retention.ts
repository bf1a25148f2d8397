import type { Retention } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import type { OptionValue } from './options.js';

/** Parameter → field, and the longest time in days (docs: sql-reference/parameters). */
const PARAMETERS: Record<string, keyof Retention> = {
  DATA_RETENTION_TIME_IN_DAYS: 'retentionDays',
  MAX_DATA_EXTENSION_TIME_IN_DAYS: 'extensionDays',
};
const LONGEST_DAYS = 90;

/**
 * Takes DATA_RETENTION_TIME_IN_DAYS and MAX_DATA_EXTENSION_TIME_IN_DAYS out of options. Here they decide when
 * streams become stale; queries of the past (AT | BEFORE, UNDROP) are refused by name.
 * @param transient transient and temporary objects keep their past for a day at most (docs: user-guide/tables-temp-transient)
 * @throws SnowflakeError 001008 for a value that Snowflake does not allow
 */
export function readRetention(
  options: Record<string, OptionValue>,
  transient: boolean,
): { retention: Retention; rest: Record<string, OptionValue> } {
  const retention: Retention = {};
  const rest: Record<string, OptionValue> = {};
  for (const [key, value] of Object.entries(options)) {
    const field = PARAMETERS[key];
    if (!field) {
      rest[key] = value;
      continue;
    }
    const longest = transient && field === 'retentionDays' ? 1 : LONGEST_DAYS;
    if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > longest)
      throw new SnowflakeError(
        '001008',
        '22023',
        `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
      );
    retention[field] = Number(value);
  }
  return { retention, rest };
}

/** An object without one of the parameters, which is then inherited; undefined if `key` is none of them. */
export function withoutRetention<T extends Retention>(object: T, key: string): T | undefined {
  const field = PARAMETERS[key];
  if (!field) return undefined;
  const { [field]: _, ...rest } = object;
  return rest as T;
}
