import type { Contract } from '../../dataset/contract.js';
import { datasetNames } from '../../dataset/names.js';
import { rawName } from '../../dataset/raw.js';
import { type Place, qualify } from '../../ground/names.js';
import { type CountedTable, forgetCounts } from '../../records/counted.js';
import type { ForgetPlan } from '../plans.js';

/**
 * The statements of FORGET_ADMISSION: every table in which the id of an admission stands.
 * @param erasures of the tables that are deployed; those of a training and of a demo come and go
 */
export function forgetPlan(
  contract: Contract,
  settings: Place,
  erasures: ForgetPlan['steps'],
  counted: readonly CountedTable[],
): ForgetPlan {
  const names = datasetNames(contract);
  const { id } = contract;
  const stepById = (table: string, column: string = id) => ({
    table,
    sql: `DELETE FROM ${qualify(settings, table)} WHERE TO_VARCHAR(${column}) = ?`,
  });
  return {
    dataset: contract.name,
    runLog: qualify(settings, 'LOS_RUN_LOG'),
    steps: [
      ...erasures.map((each) => {
        const table = counted.find(({ name }) => name === each.table);
        return table ? { ...each, counts: forgetCounts(settings, contract.name, table, each.sql) } : each;
      }),
      stepById(names.trainingSet),
      stepById(names.arrivals, rawName(contract, id)),
      stepById(names.demo),
    ],
    stays: [
      'Rows of numbers without identifiers in the training files of past trainings in S3, until the lifecycle of the bucket removes them, and what models learned from them.',
      `Values that features have among the rows of the last training, each once and without an id, in ${names.encoded}, until the next training.`,
      'Earlier states of the tables in Time Travel, for DATA_RETENTION_TIME_IN_DAYS of each (1 day unless it was changed), then 7 days in Fail-safe, where only Snowflake can reach them.',
      'Changes that a stream has not been read past, until the next run of the task graph.',
    ],
  };
}
