import { type Place, qualified, shared } from '../ground/names.js';
import { execute, type Work } from '../ground/work.js';

/** After so many hours without a watch somebody else has to say so. */
const SILENT_HOURS = 36;

/**
 * Whoever has stopped cannot say so: where the watch has been silent for too long, whoever looks at the pipe or sends events writes that down, once a day.
 */
export function* noticeSilence(place: Place, dataset: string): Work<void> {
  const table = qualified(place, shared.events);
  yield* execute(
    `INSERT INTO ${table} (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, NEXT_STEP, DETAILS, ATTEMPTS)
SELECT UUID_STRING(), ?, CURRENT_TIMESTAMP(), CURRENT_DATE(), 'alarm', 'critical', 'LOS_WATCH',
  'Nothing has been watched for ' || HOURS || ' hours: the task LOS_WATCH is suspended, fails or never ran, so no alarm would be raised.',
  'See docs/runbook/watch.md.', OBJECT_CONSTRUCT('alarm', 'watch'), 0
FROM (
  SELECT DATEDIFF(hour, COALESCE(MAX(IFF(KIND = 'watch' AND STATUS = 'SUCCEEDED', FINISHED_AT, NULL)), MIN(STARTED_AT)), CURRENT_TIMESTAMP()) AS HOURS
  FROM ${qualified(place, shared.runs)} WHERE DATASET = ?
)
WHERE HOURS >= ${SILENT_HOURS} AND NOT EXISTS (
  SELECT 1 FROM ${table} WHERE DATASET = ? AND SUBJECT = 'LOS_WATCH' AND HAPPENED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP()))`,
    [dataset, dataset, dataset],
  );
}
