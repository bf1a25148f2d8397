import type { Contract } from '../../procedures/dataset/contract.js';
import { procedureResource } from '../compile/sql.js';
import { explorePlan } from '../eda/plan.js';
import type { Resource, ResourceId } from '../resources/resource.js';
import type { Settings } from '../settings/settings.js';

/** EXPLORE_ADMISSIONS: questions of the contract, answered in Snowflake. */
export async function exploringResources(contract: Contract, settings: Settings): Promise<Resource[]> {
  const dependsOn: ResourceId[] = [`snowflake.table:${contract.table}`, `snowflake.table:LOS_RUN_LOG`];
  return [
    await procedureResource('procedures/exploring/explore-admissions.ts', {
      dependsOn,
      define: { PLAN: explorePlan(contract, settings) },
    }),
  ];
}
