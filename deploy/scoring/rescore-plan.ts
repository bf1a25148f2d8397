import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { literal, qualified, shared } from '../../procedures/ground/names.js';
import type { RescorePlan } from '../../procedures/scoring/plans.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';
import { queuePlan } from './build-plan.js';

/** The statements of RESCORE_ADMISSIONS. */
export function rescorePlan(contract: Contract, settings: Settings): RescorePlan {
  const names = datasetNames(contract);
  const { id, admission } = contract;
  return {
    dataset: contract.name,
    runLog: qualified(settings, shared.runs),
    since:
      admission === undefined ? 'TO_DATE(f.FIRST_BUILT_AT) >= TO_DATE(?)' : `f.${admission} >= TO_DATE(?)`,
    version: 'l.MODEL_VERSION = ?',
    fill: sqlFile('sql/scoring/rescore.sql', {
      id,
      dataset: literal(contract.name),
      waiting: qualified(settings, names.waiting),
      features: qualified(settings, names.features),
      log: qualified(settings, shared.log),
    }),
    queue: queuePlan(contract, settings, 'all'),
  };
}
