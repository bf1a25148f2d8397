import { datasetNames } from '../../dataset/names.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { percent } from '../../ground/percent.js';
import { sqlText } from '../../ground/plan.js';
import { queryFirst, type Row, type Work } from '../../ground/work.js';
import type { Offer } from '../../publishing/publish.js';
import { emitUnless, type WatchEvent } from '../events.js';
import { lastMonth } from '../measures/measuring.js';
import type { WatchPlan } from '../plan.js';
import { monthInWords } from './nearer-event.js';

/**
 * Offers LOS_DELAYS of months of discharges, a line each as a subject. Its populations are pieces of stays, nights in one ward for one reason, of which every line is a sum;
 * stays and nights are in whole tens, for a rest of ten pieces may be of fewer patients. A share is of all bed days of the hospital: those of a ward or a week would tell of its
 * stays without delay, whom no population here has.
 */
export function offerDelays(plan: WatchPlan, day: string): Offer {
  const { contract, place } = plan;
  const { id, patient = id, admission = '', moves, ward, department } = contract;
  const names = datasetNames(contract);
  const features = qualify(place, names.features);
  const lines = sqlText(plan, 'publishing/delays', {
    features,
    ready: qualify(place, names.ready),
    wards:
      moves === undefined
        ? `SELECT TO_VARCHAR(${id}) AS CASE_ID, TO_VARCHAR(${ward ?? department ?? 'NULL'}) AS WARD, TO_DATE(${admission})::TIMESTAMP_NTZ AS SINCE, NULL::TIMESTAMP_NTZ AS UNTIL FROM ${features}`
        : `SELECT * FROM ${qualify(place, names.wardPeriods)}`,
    day: dateLiteral(day),
    id,
    patient,
    admission,
  });
  return {
    kind: 'delays',
    members: `SELECT SUBJECT, CASE_ID, PATIENT, STATE FROM (${lines})`,
    figures: (subjects) => ({
      sql: `SELECT SUBJECT, ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('MONTH', TO_VARCHAR(MAX(MONTH), 'YYYY-MM-DD'), 'GROUPED_BY', MAX(GROUPED_BY), 'LEVEL', MAX(LEVEL),
  'ADMISSIONS', ROUND(COUNT(DISTINCT CASE_ID), -1), 'METRICS', OBJECT_CONSTRUCT('delayDays', ROUND(SUM(NIGHTS), -1),
  'share', IFF(MAX(GROUPED_BY) IN ('ward', 'week'), NULL, ROUND(ROUND(SUM(NIGHTS), -1) / MAX(BED_DAYS), 3))))) AS FIGURES
FROM (${lines}) WHERE SUBJECT IN (${subjects.map(literal).join(', ')}) GROUP BY SUBJECT`,
    }),
  };
}

/** Reports the delay days of the last month that was over by a day, once, as soon as they are published; beside dates of teams their mail has them. */
export function* reportDelays(plan: WatchPlan, day: string): Work<void> {
  const month = lastMonth(day);
  const sentences = yield* delaySentences(plan, dateLiteral(month));
  if (sentences.length === 0) return;
  const subject = monthInWords(month);
  const event: WatchEvent = {
    kind: 'delay days',
    severity: 'info',
    subject,
    message: `Of stays that ended in ${subject}: ${sentences.join(' ')}`,
    next: 'The report’s page Delays and LOS_DELAYS have reasons, wards and weeks (docs/huddle.md).',
  };
  yield* emitUnless(plan, day, event, {
    where: 't.KIND = ? AND t.SUBJECT = ?',
    binds: [event.kind, subject],
  });
}

/** Sentence of the delays of a month, for a mail; none where they are not published. @param month SQL of its first day */
export function* delaySentences({ contract, place }: WatchPlan, month: string): Work<readonly string[]> {
  if (contract.readyForDischarge === undefined) return [];
  const all = yield* queryFirst<Row>(
    `SELECT DELAY_DAYS, BEDS_A_NIGHT, SHARE FROM ${qualify(place, 'LOS_DELAYS')} WHERE DATASET = ${literal(contract.name)} AND MONTH = ${month} AND GROUPED_BY = 'all'`,
  );
  return all === undefined
    ? []
    : [
        `Patients who were fit to leave stayed for ${Number(all.DELAY_DAYS)} nights, ${percent(Number(all.SHARE), 1)} of bed days: ${Number(all.BEDS_A_NIGHT)} beds a night (LOS_DELAYS).`,
      ];
}
