import { datasetNames } from '../../dataset/names.js';
import { literal, qualify } from '../../ground/names.js';
import { unlessUnreadable } from '../../ground/stale.js';
import { query } from '../../ground/work.js';
import type { Check } from './checks.js';

/** Two weeks, so that two weekends are among the days that the last one is held against. */
const DAYS = 14;
/** Where fewer events come on a day, a day without any says nothing. */
const ENOUGH = 100;
/** A day with such a share of the fewest that came on a day is one on which a feed stands still. */
const STILL = 0.3;

/** Subject of the alarm that events stand still. While it is open, the days before it are the yardstick: an outage never becomes one. */
const STOPPED = 'events of stays';

/** Whether events of stays still come: predictions of the morning are made of what has come by then. */
export const eventsCheck: Check = {
  name: 'events of stays',
  kinds: ['source'],
  *look({ contract, place, zone }) {
    if (contract.eventFeatures === undefined) return [];
    const view = qualify(place, datasetNames(contract).eventRows);
    const now = `CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ`;
    const counts: number[] = [];
    let since: string | null = null;
    // That they cannot be read is told elsewhere.
    const unread = yield* unlessUnreadable(function* () {
      const rows =
        yield* query(`SELECT a.SINCE AS SINCE, IFF(e.RECORDED > DATEADD(day, -1, a.TODAY), 0, FLOOR(DATEDIFF(minute, e.RECORDED, a.TILL) / 1440)) AS AGO, COUNT(e.RECORDED) AS N
FROM (
  SELECT TO_VARCHAR(MIN(BEGAN_ON), 'YYYY-MM-DD') AS SINCE, ${now} AS TODAY, COALESCE(CONVERT_TIMEZONE(${literal(zone)}, MIN(RAISED_AT))::TIMESTAMP_NTZ, ${now}) AS TILL
  FROM ${qualify(place, 'LOS_ALARMS')} WHERE DATASET = ${literal(contract.name)} AND KIND = 'source' AND SUBJECT = '${STOPPED}' AND ENDED_ON IS NULL
) AS a
LEFT JOIN ${view} AS e ON e.RECORDED <= a.TODAY AND e.RECORDED > DATEADD(day, -${DAYS + 1}, a.TILL) AND e.AT > DATEADD(day, -${2 * DAYS}, a.TILL)
  AND (e.RECORDED > DATEADD(day, -1, a.TODAY) OR e.RECORDED <= DATEADD(day, -1, a.TILL))
GROUP BY 1, 2`);
      for (const { SINCE, AGO, N } of rows) {
        if (SINCE !== null) since = String(SINCE);
        if (AGO !== null) counts[Number(AGO)] = Number(N);
      }
    });
    if (unread !== undefined) return [];
    const least = fewestADay(counts, since !== null);
    const latest = counts[0] || 0;
    if (least < ENOUGH || latest >= STILL * least) return [];
    return [
      {
        kind: 'source',
        subject: STOPPED,
        severity: 'warning',
        message: `In the last 24 hours ${latest} events of stays were recorded; on each of the ${DAYS} days before${since === null ? '' : ` ${since}`} at least ${least}. Predictions of the morning know no more.`,
        next: 'Look whether a load or an interface stands still.',
        lookAt: 'source',
      },
    ];
  },
};

/**
 * The fewest events that came on a day of the yardstick.
 * @param counts by how many days before its end; 0 is not one of them
 * @param isOpen whether the alarm is: where retention has taken its yardstick by now, the least that raises one stands for it
 */
export function fewestADay(counts: readonly number[], isOpen: boolean): number {
  let least = Number.POSITIVE_INFINITY;
  for (let ago = 1; ago <= DAYS; ago++) least = Math.min(least, counts[ago] || 0);
  return isOpen ? Math.max(least, ENOUGH) : least;
}
