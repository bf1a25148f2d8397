import { literal, qualify } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import type { Change } from '../resources/plan.js';
import { partsOf } from '../resources/resource.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/**
 * No question is answered without a warehouse.
 * @throws UserError where it sleeps and does not resume by itself: no task runs either, so that nothing inside can tell
 */
export async function requireWarehouse(ctx: Context): Promise<void> {
  const { name } = ctx.settings.snowflake.warehouse;
  const shown = await showOrNothing(ctx, `SHOW WAREHOUSES LIKE ${literal(name)}`);
  const asleep = shown.find(
    (row) => /^suspend/i.test(String(row.state)) && !/^true$/i.test(String(row.auto_resume)),
  );
  if (asleep)
    throw new UserError(
      `The warehouse ${name} is suspended and does not resume by itself: no task runs, and no question is answered.`,
      {
        next: `ALTER WAREHOUSE ${name} SET AUTO_RESUME = TRUE; and look again with los status.`,
      },
    );
}

/** So many are named. */
const NAMED = 8;

/**
 * Finds objects that were deployed and are gone, in sentences with what mends it, and a warehouse that does not
 * start: nothing inside Snowflake may be left that could tell of it.
 */
export function missingObjects({ settings }: Context, changes: readonly Change[]): string[] {
  const gone = changes.filter(({ action }) => action === 'create');
  const isTable = ({ id }: Change) => partsOf(id).kind === 'snowflake.table';
  const nameOf = ({ id }: Change) => partsOf(id).name;
  const [tables, others] = [gone.filter(isTable), gone.filter((change) => !isTable(change))];
  // A role and what is granted to it have one name.
  const names = [...new Set(others.map(nameOf))];
  const more = names.length - NAMED;
  const asleep = changes.flatMap(({ id, differences }) =>
    differences.some(({ property }) => property === 'AUTO_RESUME')
      ? [
          `${partsOf(id).name} does not resume by itself, so that no task runs: ALTER WAREHOUSE ${partsOf(id).name} SET AUTO_RESUME = TRUE;`,
        ]
      : [],
  );
  return [
    ...tables.map(
      (change) =>
        `The table ${nameOf(change)} is gone. If it was dropped: UNDROP TABLE ${qualify(settings, nameOf(change))}; and then los apply. See docs/runbook/unreadable.md.`,
    ),
    ...(names.length === 0
      ? []
      : [
          `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''} ${names.length === 1 ? 'is' : 'are'} missing. Next: los apply makes what is missing again.`,
        ]),
    ...asleep,
  ];
}
