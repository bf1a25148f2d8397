import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { literal, qualify } from '../ground/names.js';
import { later, type SqlFile } from '../ground/plan.js';
import type { Constants, PlanSource } from '../object.js';
import type { ScoringSettings } from '../scoring/plans.js';
import { championSql, logSql, questionSql } from '../scoring/statements/score.js';
import { ANSWERS, type BackfillStatements } from './plan.js';

/** What STEP_BACKFILL is compiled with. */
export async function backfillConstants({
  contract,
  settings,
  sql,
  restore,
  version,
}: PlanSource<ScoringSettings>): Promise<Constants> {
  const { PLAN: plan } = await version(
    ['training/load-answers'],
    ['udfs/translators/batch-line.ts', 'udfs/translators/batch-detail.ts'],
  );
  const statements = backfillStatements(contract, settings, sql, restore('LOS_OPEN_BACKFILLS'));
  return { PLAN: { ...plan, statements } };
}

/**
 * The statements of STEP_BACKFILL.
 * @param restoreStream recreates the stream on LOS_BACKFILLS, with its mark
 */
export function backfillStatements(
  contract: Contract,
  settings: ScoringSettings,
  sqlFile: SqlFile,
  restoreStream: string,
): BackfillStatements {
  const dataset = literal(contract.name);
  const waiting = qualify(settings, datasetNames(contract).waiting);
  const rows = qualify(settings, 'LOS_BACKFILL_ROWS');
  const logged = `SELECT CASE_ID FROM ${qualify(settings, 'LOS_PREDICTION_LOG')} WHERE DATASET = ${dataset} AND RUN_ID = ?`;
  const values = { rows, dataset, asked: questionSql(contract, settings, sqlFile) };
  return {
    champion: championSql(contract, settings, sqlFile),
    freeze: sqlFile('sql/backfill/freeze.sql', { ...values, ...later('line') }),
    hold: `UPDATE ${waiting} SET RUN_ID = RUN_ID WHERE RUN_ID = ?`,
    log: logSql(
      contract,
      settings,
      sqlFile,
      sqlFile('sql/backfill/answered.sql', {
        ...values,
        ...later('detail', 'each'),
        answers: qualify(settings, 'LOS_CANDIDATE_PREDICTIONS'),
        candidate: literal(ANSWERS),
      }),
    ),
    unquarantine: `DELETE FROM ${qualify(settings, 'LOS_QUARANTINE')} WHERE DATASET = ${dataset} AND CASE_ID IN (${logged})`,
    done: `DELETE FROM ${waiting} WHERE RUN_ID = ? AND (TO_VARCHAR(ID) IN (${logged})
  OR TO_VARCHAR(ID) NOT IN (SELECT CASE_ID FROM ${rows} WHERE RUN_ID = ?))`,
    release: [
      `INSERT INTO ${waiting} (ID, SINCE, RESCORE) SELECT ID, SINCE, RESCORE FROM ${waiting} WHERE RUN_ID = ?`,
      `DELETE FROM ${waiting} WHERE RUN_ID = ?`,
    ],
    restoreStream,
  };
}
