import type { Contract } from '../../procedures/dataset/contract.js';
import { shared } from '../../procedures/ground/names.js';
import { procedureResource } from '../compile/sql.js';
import { explorePlan } from '../eda/plan.js';
import type { Resource, ResourceId } from '../resources/resource.js';
import type { Settings } from '../settings/settings.js';

/** EXPLORE_ADMISSIONS: questions of the contract, answered in Snowflake. */
export async function exploringResources(contract: Contract, settings: Settings): Promise<Resource[]> {
  const dependsOn: ResourceId[] = [`snowflake.table:${contract.table}`, `snowflake.table:${shared.runs}`];
  return [
    await procedureResource('procedures/exploring/explore-admissions.ts', {
      dependsOn,
      define: { PLAN: explorePlan(contract, settings) },
    }),
  ];
}
