import type { PlannedChange } from './describe.js';

/**
 * Describes the effect of a plan on a deployed dataset, where the settings name another one: easily meant for once,
 * and done for good.
 * @returns a sentence; undefined where no table is left
 */
export function describeAbandoned(
  changes: readonly Pick<PlannedChange, 'action' | 'id'>[],
): string | undefined {
  const tables = changes.flatMap(({ action, id }) =>
    action === 'remove' ? (/^snowflake\.stream:(.+)_CHANGES$/.exec(id)?.[1] ?? []) : [],
  );
  if (tables.length === 0) return undefined;
  return `${tables.join(', ')} is read no longer with these settings: another dataset is built, scored and watched in its place. To keep it, name its contract with dataset: in los.config.yaml; two datasets beside each other need a schema each (--env).`;
}
