import type { Contract } from '../../dataset/contract.js';
import { datasetNames } from '../../dataset/names.js';
import { literal, qualify } from '../../ground/names.js';
import { later, type SqlFile } from '../../ground/plan.js';
import type { RescorePlan, ScoringSettings } from '../plans.js';
import { queuePlan } from './build.js';

/** The statements of RESCORE_ADMISSIONS. */
export function rescorePlan(contract: Contract, settings: ScoringSettings, sqlFile: SqlFile): RescorePlan {
  const names = datasetNames(contract);
  const { id, admission } = contract;
  return {
    dataset: contract.name,
    runLog: qualify(settings, 'LOS_RUN_LOG'),
    since: `${admission === undefined ? 'TO_DATE(f.FIRST_BUILT_AT)' : `f.${admission}`} >= TO_DATE(?, 'YYYY-MM-DD')`,
    version: 'l.MODEL_VERSION = ?',
    fill: sqlFile('sql/scoring/rescore.sql', {
      ...later('which'),
      id,
      dataset: literal(contract.name),
      waiting: qualify(settings, names.waiting),
      features: qualify(settings, names.features),
      log: qualify(settings, 'LOS_PREDICTION_LOG'),
    }),
    queue: queuePlan(contract, settings, sqlFile, 'all'),
  };
}
