import type { Accident, Expected } from './accident.js';
import { keptName } from './advice.js';
import type { OnCall } from './on-call.js';

const SCHEMA = 'PREDICT_LOS.LOS';

/** What can happen to the rows of a table of ours. */
type Harm = 'dropped' | 'emptied' | 'halved' | 'doubled' | 'renamed' | 'halved with its counts';

let renamings = 0;

const HARMS: Readonly<Record<Harm, (table: string) => string>> = {
  dropped: (table) => `DROP TABLE ${SCHEMA}.${table}`,
  emptied: (table) => `DELETE FROM ${SCHEMA}.${table}`,
  halved: (table) => `DELETE FROM ${SCHEMA}.${table} WHERE MOD(ABS(HASH(*)), 2) = 0`,
  doubled: (table) => `INSERT INTO ${SCHEMA}.${table} SELECT * FROM ${SCHEMA}.${table}`,
  'halved with its counts': (table) => `${HARMS.halved(table)}; DELETE FROM ${SCHEMA}.LOS_TABLE_COUNTS`,
  // Under another name each time: in a year the same table is renamed twice.
  renamed: (table) => `ALTER TABLE ${SCHEMA}.${table} RENAME TO ${SCHEMA}.${table}_OLD_${++renamings}`,
};

/** A harm to a table. Its rows are kept beside it by hand, for advice that only Time Travel can carry out. */
function harm(table: string, what: Harm, expected: Expected, more: Partial<Accident> = {}): Accident {
  return {
    name: `${table} ${what}${more.asleep === undefined ? '' : ' at night'}`,
    expected,
    names: new RegExp(table),
    async breaks(onCall: OnCall) {
      await onCall.sql(`CREATE OR REPLACE TABLE ${keptName(table)} AS SELECT * FROM ${SCHEMA}.${table}`);
      for (const statement of HARMS[what](table).split('; ')) await onCall.sql(statement);
    },
    ...more,
  };
}

/** Derived from the hospital's table and the log: found again whatever happens to them. */
export const derivedTables: readonly Accident[] = [
  harm('HEALTH_FEATURES', 'dropped', 'told'),
  harm('HEALTH_FEATURES', 'emptied', 'heals'),
  harm('HEALTH_FEATURES', 'halved', 'heals'),
  harm('HEALTH_FEATURES', 'doubled', 'heals', { names: /feature table/ }),
  harm('HEALTH_FEATURES', 'renamed', 'told'),
  harm('HEALTH_SCORING_QUEUE', 'dropped', 'told', { names: /SCORING_QUEUE/ }),
  harm('HEALTH_CHANGED_ADMISSIONS', 'dropped', 'told', { names: /CHANGED/ }),
];

/** What no table can be asked for again. */
export const memory: readonly Accident[] = [
  harm('LOS_PREDICTION_LOG', 'dropped', 'told'),
  harm('LOS_PREDICTION_LOG', 'emptied', 'told'),
  harm('LOS_PREDICTION_LOG', 'halved', 'told'),
  harm('LOS_PREDICTION_LOG', 'halved', 'told', { asleep: 3 }),
  harm('LOS_PREDICTION_LOG', 'halved with its counts', 'told'),
  harm('LOS_PREDICTION_LOG', 'doubled', 'told'),
  harm('LOS_PREDICTION_LOG', 'renamed', 'told'),
  harm('LOS_MODEL_REGISTRY', 'dropped', 'told'),
  harm('LOS_MODEL_REGISTRY', 'emptied', 'told'),
  harm('LOS_RUN_LOG', 'dropped', 'told'),
  harm('LOS_RUN_LOG', 'emptied', 'told'),
  harm('LOS_EVENTS', 'dropped', 'outside'),
  harm('LOS_EVENTS', 'emptied', 'told'),
  harm('LOS_ALARMS', 'dropped', 'told'),
];
