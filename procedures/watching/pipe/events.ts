import { datasetNames } from '../../dataset/names.js';
import { literal, qualify } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { errorLine } from '../../ground/without-values.js';
import { query } from '../../ground/work.js';
import type { Check } from './checks.js';

/** Two weeks, so that two weekends are among the days that the last one is held against. */
const DAYS = 14;
/** Where fewer events come on a day, a day without any says nothing. */
const ENOUGH = 100;
/** A day with such a share of the fewest that came on a day is one on which a feed stands still. */
const STILL = 0.3;

/** Whether events of stays can be read, and still come: predictions of the morning are made of what has come by then. */
export const eventsCheck: Check = {
  name: 'events of stays',
  kinds: ['source'],
  *look({ contract, place, zone }) {
    if (contract.eventFeatures === undefined) return [];
    const view = qualify(place, datasetNames(contract).eventRows);
    const now = `CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ`;
    const sign = (severity: 'warning' | 'critical', message: string, next: string) => [
      { kind: 'source', subject: 'events of stays', severity, message, next, lookAt: 'source' } as const,
    ];
    const counts: number[] = [];
    try {
      const rows =
        yield* query(`SELECT FLOOR(DATEDIFF(minute, RECORDED, ${now}) / 1440) AS AGO, COUNT(*) AS N FROM ${view}
WHERE RECORDED <= ${now} AND RECORDED > DATEADD(day, -${DAYS + 1}, ${now}) AND AT > DATEADD(day, -${2 * DAYS}, ${now}) GROUP BY 1`);
      for (const { AGO, N } of rows) counts[Number(AGO)] = Number(N);
    } catch (error) {
      const why = errorLine(error);
      if (!isGone(why)) throw error;
      return sign(
        'critical',
        `Events of stays cannot be read: ${why} Mornings whose model needs them are not predicted.`,
        'los doctor says which grant is missing, and who gives it; what is gone, its owner brings back.',
      );
    }
    let least = Number.POSITIVE_INFINITY;
    for (let ago = 1; ago <= DAYS; ago++) least = Math.min(least, counts[ago] || 0);
    const latest = counts[0] || 0;
    if (least < ENOUGH || latest >= STILL * least) return [];
    return sign(
      'warning',
      `In the last 24 hours ${latest} events of stays were recorded; on each of the ${DAYS} days before at least ${least}. Predictions of the morning know no more.`,
      'Look whether a load or an interface stands still.',
    );
  },
};
