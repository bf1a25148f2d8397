import type { Work } from '../../ground/work.js';
import { checkFeatures } from '../../scoring/batches/check.js';
import type { HourlyPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import { isSourceGone } from './source.js';

/** That features or queue had lost rows, or did not follow from the hospital's table, which is mended by then. */
export function* lookAtFeatures(plan: HourlyPlan): Work<Sign[]> {
  // Nothing can be held against rows that are not there; that they are not is told beside.
  if (yield* isSourceGone(plan)) return [];
  const { missing, doubled, different, unqueued, unfit, repeated } = yield* checkFeatures(plan.features);
  const signs: Sign[] = [];
  const sign = (subject: string, severity: Sign['severity'], message: string) =>
    signs.push({ kind: 'scoring', subject, severity, message, lookAt: 'scoring' });
  const rebuilt = [
    ...(missing > 0 ? [`${admissions(missing)} had no row`] : []),
    ...(doubled > 0 ? [`${rows(doubled)} there twice`] : []),
    ...(different > 0 ? [`${rows(different)} not what follows from the hospital’s table`] : []),
  ];
  if (rebuilt.length > 0)
    sign(
      'features',
      missing > 0 ? 'critical' : 'warning',
      `In the feature table ${rebuilt.join(', ')}: it was changed by hand, or its rows were lost. They have been built again from the table of the hospital, and no admission is predicted twice.`,
    );
  if (unqueued > 0 && missing === 0)
    sign(
      'scoring queue',
      'warning',
      `${admissions(unqueued)} ought to have waited for a prediction and did not: rows of the scoring queue were lost. They wait again; the next run predicts them.`,
    );
  if (unfit > 0)
    sign(
      'ids',
      'warning',
      `The hospital’s table has ${unfit === 1 ? 'a row' : `${unfit} rows`} whose id does not fit the contract’s type: set aside, while all others are predicted.`,
    );
  if (repeated > 0)
    sign(
      'repeated rows',
      'warning',
      `The hospital’s table has ${repeated} rows beyond the first of their admission, far more than in the last weeks: a join of it has become wider, or a load ran twice. Of each admission the latest row counts.`,
    );
  return signs;
}

function rows(n: number): string {
  return n === 1 ? '1 row was' : `${n} rows were`;
}

function admissions(n: number): string {
  return `${n} ${n === 1 ? 'admission' : 'admissions'}`;
}
