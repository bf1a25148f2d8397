import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import { withoutHistory } from '../../procedures/dataset/history.js';
import { longStayDaysOf } from '../../procedures/dataset/long-stay.js';
import type { ExplorePlan } from '../../procedures/exploring/plan.js';
import { projectRoot } from '../project.js';
import type { Settings } from '../settings/settings.js';

/** What EXPLORE_ADMISSIONS is compiled with. */
export function explorePlan(contract: Contract, { snowflake, training, timeZone }: Settings): ExplorePlan {
  const folder = join(projectRoot, 'sql/exploring');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return {
    // Questions are of single admissions, as the raw table has them.
    contract: withoutHistory(contract),
    settings: { snowflake: { database: snowflake.database, schema: snowflake.schema } },
    zone: timeZone,
    longStayDays: longStayDaysOf(contract, training.longStayDays),
    sql: Object.fromEntries(
      files.map((name) => [name.replace(/\.sql$/, ''), readFileSync(join(folder, name), 'utf8')]),
    ),
  };
}
