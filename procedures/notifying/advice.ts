import type { EventMessage } from './outbox.js';

/** Says whether an alarm can wait until morning; '' where there is nothing to say. */
export function urgencyOf({ kind, alarm, severity }: EventMessage): string {
  if (kind !== 'alarm' || severity !== 'critical') return '';
  if (alarm === 'scoring') return 'No admission is lost: all that wait are scored as soon as it runs again.';
  if (alarm === 'volume' || alarm === 'discharges')
    return 'Late rows are processed when they arrive. The interface to the hospital’s system has to be repaired.';
  return alarm === 'performance' ? 'A training has been opened, unless the settings say otherwise.' : '';
}

/** Commands to paste when an event arrives: SQL first, then the command line. The runbook explains them. */
export function adviceFor({ kind, alarm, subject }: EventMessage): string[] {
  if (kind === 'alarm') return forAlarm(alarm, subject);
  if (kind === 'promoted') return ['CALL ROLL_BACK_MODEL();', `los model show ${subject}`];
  if (kind === 'proposed')
    return [`CALL PROMOTE_MODEL('${subject}');`, `los model promote ${subject}`, `los model show ${subject}`];
  if (kind === 'rolled back') return [WORST_WEEKS, `los model show ${subject}`];
  if (kind === 'graph failed') return forAlarm('scoring', subject);
  if (kind === 'stream broken') return ["SHOW STREAMS LIKE '%';", "SHOW TABLES LIKE '%';", 'los apply'];
  if (kind === 'not promoted') return [`los model compare ${subject}`];
  if (kind === 'training ended') return [`los model show ${subject}`];
  if (kind === 'retraining' || kind === 'retraining failed' || kind === 'training failed')
    return ['SELECT STATE, STATUS, MESSAGE FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT DESC LIMIT 3;'];
  return [];
}

const WORST_WEEKS =
  "SELECT FROM_DAY, ROW_COUNT, RATIO, RATIO_LOW, RATIO_HIGH FROM LOS_WATCH_PERFORMANCE WHERE GROUPED_BY = 'all' ORDER BY FROM_DAY DESC LIMIT 8;";

function forAlarm(alarm: string | null, subject: string): string[] {
  switch (alarm) {
    case 'scoring':
      if (subject === 'quarantined')
        return ['SELECT REASON, COUNT(*) AS ADMISSIONS FROM LOS_QUARANTINE GROUP BY 1;', 'los doctor'];
      return [
        ...(subject === 'task graph' ? ["SHOW TASKS LIKE 'LOS_%';"] : []),
        "SELECT KIND, STATUS, STARTED_AT, MESSAGE FROM LOS_RUN_LOG WHERE STATUS <> 'SUCCEEDED' ORDER BY STARTED_AT DESC LIMIT 5;",
        'los doctor',
        ...(subject === 'task graph' ? ['los apply'] : []),
      ];
    case 'tasks':
      return [
        `SHOW TASKS LIKE '${subject}';`,
        "SELECT KIND, STATUS, STARTED_AT, MESSAGE FROM LOS_RUN_LOG WHERE STATUS <> 'SUCCEEDED' ORDER BY STARTED_AT DESC LIMIT 5;",
        'los doctor',
        'los apply',
      ];
    case 'volume':
    case 'discharges':
      return ['SELECT * FROM LOS_WATCH_PIPELINE ORDER BY WATCHED_ON DESC, MEASURE LIMIT 20;'];
    case 'performance':
      return [WORST_WEEKS, 'los watch'];
    case 'inputs':
      return ['SELECT * FROM LOS_WATCH_INPUTS WHERE FLAGGED ORDER BY FROM_DAY DESC LIMIT 20;', 'los watch'];
    default:
      return [];
  }
}
