import { loadCsv } from '../../contracts/files/load-csv.js';
import { writeHealth } from '../../demo/health/index.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { columnsBesideInputs, featureObject, featureSelect } from '../../procedures/dataset/feature-sql.js';
import { DAY, dayOf } from '../beds/hdhi.js';
import { type Benchmark, type Measurement, median } from '../harness.js';
import { inLocalCloud } from '../pipeline.js';

const ROWS = 120_000;
const TRAINED = 70_000;
/** Fourteen months of admissions to learn from, up to the Sunday before the first that are watched. */
const MONTHS_FROM = '2021-04-05';
const MONDAY = '2022-06-06';
const WEEKS = 4;
const A_WEEK = 4000;
/** By then errors of the first week are told. */
const FOLLOWED_WEEKS = 24;

/** Another mixture of the same patients, or a feed that tells something else of them. */
interface Shift {
  readonly name: string;
  /** SQL of how likely an admission is to come. */
  readonly weight?: string;
  /** SQL of columns that are told otherwise. */
  readonly told?: Readonly<Record<string, string>>;
}

const often = (condition: string, times = 6) => `IFF(${condition}, ${times}, 1)`;
/** Patients of whom the model knows enough: their stays follow from their inputs as before. */
const MIXTURES: readonly Shift[] = [
  { name: 'nothing' },
  { name: 'extreme illness', weight: often("SEVERITY_OF_ILLNESS = 'Extreme'") },
  { name: 'minor illness', weight: often("SEVERITY_OF_ILLNESS = 'Minor'") },
  { name: 'old', weight: often("AGE IN ('71-80', '81-90', '91-100')") },
  { name: 'young', weight: often("AGE IN ('0-10', '11-20', '21-30')") },
  { name: 'trauma', weight: often("TYPE_OF_ADMISSION = 'Trauma'") },
  { name: 'urgent', weight: often("TYPE_OF_ADMISSION = 'Urgent'") },
  { name: 'ward S', weight: often("WARD_TYPE = 'S'") },
  { name: 'ward P', weight: often("WARD_TYPE = 'P'") },
  { name: 'surgery', weight: often("DEPARTMENT = 'surgery'", 20) },
  { name: 'many visitors', weight: often('VISITORS_WITH_PATIENT >= 5') },
  { name: 'few visitors', weight: often('VISITORS_WITH_PATIENT <= 2') },
  { name: 'high deposits', weight: often('ADMISSION_DEPOSIT >= 5500') },
  { name: 'low deposits', weight: often('ADMISSION_DEPOSIT <= 4000') },
  { name: 'one region', weight: often("HOSPITAL_REGION_CODE = 'X'") },
  {
    name: 'old and extreme',
    weight: `${often("SEVERITY_OF_ILLNESS = 'Extreme'")} * ${often("AGE IN ('71-80', '81-90', '91-100')")}`,
  },
  {
    name: 'young, minor, ward P',
    weight: `${often("SEVERITY_OF_ILLNESS = 'Minor'")} * ${often("AGE IN ('0-10', '11-20', '21-30')")} * ${often("WARD_TYPE = 'P'")}`,
  },
  {
    name: 'many visitors, ward S',
    weight: `${often('VISITORS_WITH_PATIENT >= 5')} * ${often("WARD_TYPE = 'S'")}`,
  },
];
/** Feeds that break: the model is told less than it was trained on, so its curves are no longer true. */
const FEEDS: readonly Shift[] = [
  { name: 'visitors are no longer told', told: { VISITORS_WITH_PATIENT: 'NULL' } },
  { name: 'wards have new names', told: { WARD_TYPE: "'W-' || WARD_TYPE" } },
];

/** What is said of errors before they are known, and what they turn out to be. */
interface Told {
  readonly shift: string;
  /** Of the first week, on the evening of its Sunday; and of all weeks together, on that of the last one's. */
  readonly first: Pair;
  readonly all: Pair;
  /** The same of the CRPS, all weeks together. */
  readonly crps: Pair;
  /** Days from the end of the first week until its error is told from stays that have ended. */
  readonly daysUntilKnown: number;
}

interface Pair {
  readonly expected: number;
  readonly realised: number;
}

/** Whether the expected error is what errors turn out to be, where other patients come. */
export const benchmark: Benchmark = {
  name: 'watch-before',
  description: `Performance before the truth: a champion of ${TRAINED.toLocaleString('en-US')} generated admissions of the health data set (stays of a mean of 33 days) meets ${MIXTURES.length - 1} other mixtures of patients, and ${FEEDS.length} feeds that break, each for ${WEEKS} weeks of ${A_WEEK.toLocaleString('en-US')} admissions. WATCH_PREDICTIONS is called every Sunday; EXPECTED_MAE and EXPECTED_CRPS, as it writes them, are held against what all of the same admissions’ stays turn out to be.`,
  async run({ log }): Promise<Measurement[]> {
    return await inLocalCloud(
      'watch-before',
      async (opened, folder) => {
        const { ctx, contract } = forDataset(opened);
        await prepare(ctx, contract, folder);
        log('trained');
        const tell = async (shifts: readonly Shift[]) => {
          const told: Told[] = [];
          for (const [i, shift] of shifts.entries()) {
            told.push(await follow(ctx, contract, shift, i));
            log(JSON.stringify(told[told.length - 1]));
          }
          return told;
        };
        const mixtures = await tell(MIXTURES);
        const feeds = await tell(FEEDS);
        return measurements(mixtures, feeds);
      },
      'mail: { to: [] }\ntasks: { resumed: false }\nwatch: { retrain: false, retrainAfterDays: null }',
    );
  },
};

async function prepare(ctx: OpenContext, contract: Contract, folder: string): Promise<void> {
  const { snowflake } = ctx;
  const { table } = contract;
  await apply(ctx);
  const { training } = await writeHealth({ seed: 16, trainingRows: ROWS, simulationRows: 0, folder });
  await snowflake.execute(`CREATE TABLE HEALTH_POOL LIKE ${table}`);
  await loadCsv(ctx, contract, training, 'HEALTH_POOL');
  const span = (Date.parse(MONDAY) - Date.parse(MONTHS_FROM)) / DAY;
  await snowflake.execute(`UPDATE HEALTH_POOL AS h SET ADMISSION_DATE = d.CAME, DISCHARGE_DATE = DATEADD(day, d.STAY, d.CAME)
FROM (
  SELECT CASE_ID, DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE) AS STAY,
    DATEADD(day, MOD(ABS(HASH(CASE_ID)), ${span}), '${MONTHS_FROM}'::DATE) AS CAME
  FROM HEALTH_POOL
) AS d WHERE d.CASE_ID = h.CASE_ID`);
  await snowflake.execute(`INSERT INTO ${table} SELECT * REPLACE (IFF(DISCHARGE_DATE < '${MONDAY}', DISCHARGE_DATE, NULL) AS DISCHARGE_DATE)
FROM HEALTH_POOL ORDER BY MD5('trained ' || PATIENTID), CASE_ID LIMIT ${TRAINED}`);
  // No admission is monitored that the champion has learned from.
  await snowflake.execute(`DELETE FROM HEALTH_POOL WHERE PATIENTID IN (SELECT PATIENTID FROM ${table})`);
  await runGraph(ctx, contract);
  await trainVersion(ctx, contract, { promote: true, force: true });
}

/** Lets the patients of a shift come, and watches them every Sunday until the error of the first ones is known. */
async function follow(ctx: OpenContext, contract: Contract, shift: Shift, seed: number): Promise<Told> {
  const { snowflake } = ctx;
  await arrive(ctx, contract, shift, seed);
  for (const name of ['INPUTS', 'PERFORMANCE', 'PIPE'])
    await snowflake.execute(`DELETE FROM LOS_WATCH_${name}`);
  const first = Date.parse(MONDAY);
  const week = async () =>
    (
      await snowflake.query<Record<string, number | null>>(
        `SELECT SUM(EXPECTED_MAE * ROW_COUNT) / SUM(ROW_COUNT) AS E, SUM(EXPECTED_CRPS * ROW_COUNT) / SUM(ROW_COUNT) AS C,
  MAX(IFF(FROM_DAY = '${MONDAY}', EXPECTED_MAE, NULL)) AS FIRST, MAX(IFF(FROM_DAY = '${MONDAY}', MAE, NULL)) AS KNOWN
FROM LOS_WATCH_PERFORMANCE WHERE GROUPED_BY = 'all' AND FROM_DAY >= '${MONDAY}'`,
      )
    )[0]!;
  const found: Awaited<ReturnType<typeof week>>[] = [];
  for (let n = 1; n <= FOLLOWED_WEEKS; n++) {
    await snowflake.query(`CALL WATCH_PREDICTIONS('${dayOf(first + (7 * n - 1) * DAY)}')`);
    found.push(await week());
    if (n > WEEKS && found[n - 1]!.KNOWN !== null) break;
  }
  const known = found.findIndex(({ KNOWN }) => KNOWN !== null);
  if (known < 0) throw new Error(`No error is told of the first week of ${shift.name}`);
  const [truth] = await snowflake.query<Record<string, number>>(
    `SELECT AVG(ABS(PREDICTED_LOS - ACTUAL_LOS)) AS MAE, AVG(IFF(RUN_ID < '${dayOf(first + 7 * DAY)}', ABS(PREDICTED_LOS - ACTUAL_LOS), NULL)) AS FIRST,
  AVG(GET(LOS_EVALUATE_ONGOING_STAY(CURVE, PREDICTED_LOS, 999, ACTUAL_LOS), 5)::FLOAT) AS CRPS FROM LOS_PREDICTION_LOG`,
  );
  return {
    shift: shift.name,
    first: { expected: Number(found[0]!.FIRST), realised: Number(truth!.FIRST) },
    all: { expected: Number(found[WEEKS - 1]!.E), realised: Number(truth!.MAE) },
    crps: { expected: Number(found[WEEKS - 1]!.C), realised: Number(truth!.CRPS) },
    daysUntilKnown: 7 * known,
  };
}

/** Draws the patients, builds their features and logs their predictions, each of its day. */
async function arrive(
  { snowflake }: OpenContext,
  contract: Contract,
  { weight = '1', told = {} }: Shift,
  seed: number,
): Promise<void> {
  const rows = WEEKS * A_WEEK;
  const drawn = `(TO_NUMBER(SUBSTR(MD5('${seed} ' || CASE_ID), 1, 8), 'XXXXXXXX') + 1) / 4294967297`;
  // Weighted, without replacement: Efraimidis and Spirakis 2006.
  await snowflake.execute(`CREATE OR REPLACE TABLE HEALTH_SHIFTED AS
SELECT * REPLACE (${[
    ...Object.entries(told).map(([name, sql]) => `${sql} AS ${name}`),
    `DATEADD(day, MOD(PLACE, ${7 * WEEKS}), '${MONDAY}'::DATE) AS ADMISSION_DATE`,
    `DATEADD(day, MOD(PLACE, ${7 * WEEKS}) + DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE), '${MONDAY}'::DATE) AS DISCHARGE_DATE`,
  ].join(', ')})
FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY LN(${drawn}) / (${weight}) DESC) AS PLACE FROM HEALTH_POOL QUALIFY PLACE <= ${rows})`);
  const columns = [...columnsBesideInputs(contract), ...Object.keys(contract.features), 'LOS'];
  await snowflake.execute('DELETE FROM HEALTH_FEATURES');
  await snowflake.execute('DELETE FROM LOS_PREDICTION_LOG');
  await snowflake.execute(
    `INSERT INTO HEALTH_FEATURES (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM (${featureSelect(contract, 'HEALTH_SHIFTED')})`,
  );
  await snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, FEATURES,
  PREDICTED_LOS, LOW_LOS, HIGH_LOS, LONG_STAY, MISSING_FEATURES, UNSEEN_FEATURES, ACTUAL_LOS, CURVE)
SELECT 'health', CASE_ID, 1, DETAIL:version::VARCHAR, DAY, TO_TIMESTAMP_LTZ(DAY), F, DETAIL:days::FLOAT, DETAIL:low::FLOAT, DETAIL:high::FLOAT,
  DETAIL:long_stay::FLOAT, GET(DETAIL, 'missing')::ARRAY, GET(DETAIL, 'unseen')::ARRAY, LOS, GET(DETAIL, 'curve')::OBJECT
FROM (SELECT *, PREDICT_LOS_DETAIL(F) AS DETAIL FROM (
  SELECT TO_VARCHAR(CASE_ID) AS CASE_ID, TO_VARCHAR(ADMISSION_DATE, 'YYYY-MM-DD') AS DAY, LOS, ${featureObject(contract)} AS F FROM HEALTH_FEATURES))`);
}

function measurements(mixtures: readonly Told[], feeds: readonly Told[]): Measurement[] {
  const off = ({ expected, realised }: Pair) => Math.abs(expected / realised - 1);
  const usual = mixtures[0]!.all.realised;
  const worst = (which: 'first' | 'all' | 'crps', told: readonly Told[]) =>
    Math.max(...told.map((one) => off(one[which])));
  const row = (what: string, value: number, limit?: string): Measurement => ({
    what,
    value,
    unit: '',
    digits: 3,
    limit,
  });
  return [
    row(
      'largest realised error of a mixture, over that of the usual patients',
      Math.max(...mixtures.map(({ all }) => all.realised / usual)),
    ),
    row('smallest', Math.min(...mixtures.map(({ all }) => all.realised / usual))),
    row(
      'EXPECTED_MAE of the first week on its last evening: median distance from what is realised',
      median(mixtures.map(({ first }) => off(first))),
    ),
    row('largest distance', worst('first', mixtures), '≤ .05'),
    row(
      'EXPECTED_MAE of four weeks on their last evening: largest distance',
      worst('all', mixtures),
      '≤ .05',
    ),
    row(
      'EXPECTED_CRPS of four weeks on their last evening: largest distance',
      worst('crps', mixtures),
      '≤ .05',
    ),
    {
      what: 'days by which the expected error comes before the realised one, at least',
      value: Math.min(...mixtures.map(({ daysUntilKnown }) => daysUntilKnown)),
      unit: 'd',
      digits: 0,
      limit: '≥ 7',
    },
    ...feeds.map((one) =>
      row(`${one.shift}: EXPECTED_MAE of four weeks, distance from what is realised`, off(one.all)),
    ),
  ];
}
