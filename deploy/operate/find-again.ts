import type { Contract } from '../../procedures/dataset/contract.js';
import { qualify } from '../../procedures/ground/names.js';
import { lostFeaturesSql } from '../../procedures/scoring/statements/reconcile.js';
import type { Context } from '../context.js';
import type { Change } from '../resources/plan.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { sqlFile } from '../sql-file.js';

/**
 * Finds rows of derived tables again, over a deployment that has worked before: of tables that an apply has just made or changed, for one was
 * dropped, or keeps more of its rows than it did; and of the features, where they have lost some. On the first day the task graph builds all.
 * @param changes that were carried out
 */
export async function findRowsAgain(
  ctx: Context,
  contract: Contract,
  changes: readonly Change[],
): Promise<void> {
  const isFirst = ({ action, id }: Change) =>
    action === 'create' && /^snowflake\.stream:.+_CHANGES$/.test(id);
  if (changes.some(isFirst)) return;
  const statements = new Set<string>();
  for (const { action, resource, differences } of changes) {
    if (action !== 'create' && differences.length === 0) continue;
    if (resource?.again) statements.add(resource.again);
  }
  const [lost] = await showOrNothing(ctx, lostFeaturesSql(contract, ctx.settings, sqlFile));
  if (Number(lost?.MISSING ?? 0) + Number(lost?.DOUBLED ?? 0) > 0)
    statements.add(`CALL ${qualify(ctx.settings, 'RECONCILE')}(FALSE)`);
  for (const statement of statements) await ctx.snowflake.execute(statement);
}
