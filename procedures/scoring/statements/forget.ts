import type { Contract } from '../../dataset/contract.js';
import { datasetNames } from '../../dataset/names.js';
import { rawName } from '../../dataset/raw.js';
import { literal, type Place, qualified } from '../../ground/names.js';
import type { ForgetPlan } from '../plans.js';

/** The statements of FORGET_ADMISSION: every table in which the id of an admission stands. */
export function forgetPlan(contract: Contract, settings: Place): ForgetPlan {
  const names = datasetNames(contract);
  const { id } = contract;
  const step = (table: string, condition: string) => ({
    table,
    sql: `DELETE FROM ${qualified(settings, table)} WHERE ${condition}`,
  });
  const stepById = (table: string, column: string = id) => step(table, `TO_VARCHAR(${column}) = ?`);
  const ofDataset = (table: string) => step(table, `DATASET = ${literal(contract.name)} AND CASE_ID = ?`);
  return {
    dataset: contract.name,
    runLog: qualified(settings, 'LOS_RUN_LOG'),
    steps: [
      stepById(names.raw, rawName(contract, id)),
      stepById(names.features),
      stepById(names.changed),
      stepById(names.waiting, 'ID'),
      ofDataset('LOS_PREDICTION_LOG'),
      ofDataset('LOS_QUARANTINE'),
      ofDataset('LOS_SHADOW_LOG'),
      // Its line stays in its place until the batch transform is over: numbers without an id.
      {
        table: 'LOS_BACKFILL_ROWS',
        sql: `UPDATE ${qualified(settings, 'LOS_BACKFILL_ROWS')} SET CASE_ID = '', FEATURES = NULL WHERE DATASET = ${literal(contract.name)} AND CASE_ID = ?`,
      },
      step('LOS_EVALUATION', `STARTSWITH(VERSION, ${literal(`${contract.name}-v`)}) AND CASE_ID = ?`),
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
