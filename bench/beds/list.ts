import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callProcedure } from '../../deploy/clients/call.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { apply } from '../../deploy/operate/apply.js';
import { projectRoot } from '../../deploy/project.js';
import { CONTRACT, DAY, dayOf, type Hospital } from './hdhi.js';

/** A list of planned admissions as a hospital would have had it: HDHI has none, so it is made of the admissions of outpatients. */
export interface List {
  readonly name: string;
  /** Days before the admission on which it is booked. */
  readonly ahead: number;
  /** Of so many bookings one is taken back on its day: as many are made up as that takes. */
  readonly cancelled?: number;
}

export const LISTS: readonly List[] = [
  { name: 'planned ones known 14 days ahead', ahead: 14 },
  { name: 'planned ones known 7 days ahead', ahead: 7 },
  { name: 'a fifth taken back', ahead: 14, cancelled: 5 },
];

/** What a list knows of a patient before the admission: no value of a laboratory. */
const KNOWN = [
  'AGE',
  'GENDER',
  'RURAL',
  'SMOKING',
  'ALCOHOL',
  'DIABETES',
  'HYPERTENSION',
  'CORONARY_DISEASE',
  'PRIOR_CARDIOMYOPATHY',
  'CHRONIC_KIDNEY_DISEASE',
];

const PLANNED = `planned:
  table: HDHI_BOOKINGS
  id: BOOKING
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  cancelled: CANCELLED
  kind: KIND
  features: [${KNOWN.join(', ')}]
`;

/**
 * Lets FORECAST_BEDS make every evening's forecast once more, with a list of planned admissions.
 * @param days the evenings, first and last, YYYY-MM-DD
 */
export async function forecastWithList(
  hospital: Hospital,
  { ahead, cancelled }: List,
  days: { readonly first: string; readonly last: string },
): Promise<void> {
  const { ctx, future } = hospital;
  const { snowflake } = ctx;
  await snowflake.execute(`CREATE OR REPLACE TABLE HDHI_BOOKINGS AS
SELECT TO_VARCHAR(ADMISSION_ID) AS BOOKING, ADMISSION_DATE AS DAY, ADMISSION_TYPE AS KIND, ${KNOWN.join(', ')},
  DATEADD(hour, 12, DATEADD(day, -${ahead}, ADMISSION_DATE)::TIMESTAMP_NTZ) AS RECORDED, FALSE AS CANCELLED
FROM ${future} WHERE ADMISSION_TYPE = 'outpatient'`);
  if (cancelled !== undefined) {
    // Of four that came one more had been booked: by the id, so that it is the same in every run.
    const also = `FROM HDHI_BOOKINGS WHERE NOT CANCELLED AND MOD(BOOKING::NUMBER * 7919, ${cancelled - 1}) = 0`;
    const columns = `'x' || BOOKING, DAY, KIND, ${KNOWN.join(', ')}`;
    await snowflake.execute(`INSERT INTO HDHI_BOOKINGS
SELECT ${columns}, RECORDED, FALSE ${also}
UNION ALL
SELECT ${columns}, DATEADD(hour, 8, DAY::TIMESTAMP_NTZ), TRUE ${also}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-beds-list-'));
  try {
    const file = join(folder, 'hdhi.yaml');
    writeFileSync(file, `${readFileSync(join(projectRoot, CONTRACT), 'utf8')}\n${PLANNED}`);
    await apply(forDataset(ctx, file).ctx);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
  for (let day = Date.parse(days.first); day <= Date.parse(days.last); day += DAY)
    await callProcedure(ctx, 'FORECAST_BEDS', [{ object: { as_of: dayOf(day) } }]);
}
