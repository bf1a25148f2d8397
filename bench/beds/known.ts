import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callProcedure } from '../../deploy/clients/call.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { apply } from '../../deploy/operate/apply.js';
import { projectRoot } from '../../deploy/project.js';
import type { Benchmark, Measurement } from '../harness.js';
import { CONTRACT, DAY, dayOf, type Hospital, inHospital } from './hdhi.js';

/** What people know on an evening, which HDHI does not have: drawn from a hash of the admission's id. */
export interface Knowledge {
  readonly name: string;
  /** SQL of the dates that are written; none. */
  readonly dates?: string;
  /** Whether tomorrow's admissions are decided. */
  readonly decided?: boolean;
  /** The first evening to forecast. */
  readonly since: string;
  /** From which evening on what was kept of dates goes before; left out: it is the same as before. */
  readonly forgets?: string;
  /** From which evening on errors count, where not all do. */
  readonly first?: string;
  /** The most of the error without it that remains, by nights ahead. */
  readonly most?: Readonly<Record<number, number>>;
}

const FIRST = '2018-05-01';
const LAST = '2018-10-17';
const END = '2018-10-31';
/** The first evening of which a forecast keeps dates: they are learned from for twelve weeks, and weighed for four. */
const KEPT_FROM = '2018-01-05';
/** From this day on dates that were good are random. */
const TURNS = '2018-08-01';
const NIGHTS = [1, 2, 3] as const;
/** The first evening on which what forecasts learn from the last four weeks has to be there. */
const NEAR = '2018-04-03';

/** 0 to 1, by the id. */
const share = (...what: readonly string[]) =>
  `(TO_NUMBER(SUBSTR(MD5(CONCAT(${what.join(', ')}, ADMISSION_ID)), 1, 8), 'XXXXXXXX') / 4294967296)`;
const evening = (day: string) => `DATEADD(hour, 18, ${day}::TIMESTAMP_NTZ)`;
/** Six in ten of tomorrow's discharges; one in ten of the dates is a day early at first. */
const GOOD = `SELECT TO_VARCHAR(ADMISSION_ID) AS STAY, DISCHARGE_DATE AS DAY, ${evening('DATEADD(day, -1, DISCHARGE_DATE)')} AS RECORDED
FROM HDHI_FUTURE WHERE ${share("'note'")} < 0.6 AND DISCHARGE_DATE > ADMISSION_DATE
UNION ALL
SELECT TO_VARCHAR(ADMISSION_ID), DATEADD(day, -1, DISCHARGE_DATE), ${evening('DATEADD(day, -2, DISCHARGE_DATE)')}
FROM HDHI_FUTURE WHERE ${share("'note'")} < 0.6 AND ${share("'slip'")} < 0.1 AND DISCHARGE_DATE >= DATEADD(day, 2, ADMISSION_DATE)`;
/** On each evening twelve in a hundred patients are said to leave tomorrow; the date is taken back a day later. */
const RANDOM = `SELECT TO_VARCHAR(ADMISSION_ID) AS STAY, IFF(t.BACK, NULL, DATEADD(day, n.N + 1, ADMISSION_DATE)) AS DAY,
  ${evening('DATEADD(day, n.N + IFF(t.BACK, 1, 0), ADMISSION_DATE)')} AS RECORDED
FROM HDHI_FUTURE JOIN (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 120))) AS n ON DATEADD(day, n.N, ADMISSION_DATE) < COALESCE(DISCHARGE_DATE, '${END}'::DATE)
CROSS JOIN (SELECT $1 AS BACK FROM VALUES (FALSE), (TRUE)) AS t
WHERE ${share('n.N', "'random'")} < 0.12 AND (NOT t.BACK OR ${share('n.N + 1', "'random'")} >= 0.12)`;

export const KNOWLEDGE: readonly Knowledge[] = [
  { name: 'nothing', since: NEAR },
  { name: "tomorrow's admissions", since: NEAR, decided: true, most: { 1: 0.75, 2: 0.84, 3: 0.93 } },
  {
    name: "six in ten of tomorrow's discharges",
    since: KEPT_FROM,
    forgets: KEPT_FROM,
    dates: GOOD,
    most: { 1: 0.86, 2: 0.95, 3: 0.97 },
  },
  { name: 'both', since: NEAR, dates: GOOD, decided: true, most: { 1: 0.5, 2: 0.75, 3: 0.89 } },
  {
    name: 'dates that are random since 28 days',
    since: dayOf(Date.parse(TURNS) - 28 * DAY),
    forgets: TURNS,
    dates: `SELECT * FROM (${GOOD}) WHERE RECORDED < '${TURNS}' UNION ALL SELECT * FROM (${RANDOM}) WHERE RECORDED >= '${TURNS}'`,
    first: dayOf(Date.parse(TURNS) + 28 * DAY),
    most: { 1: 1.03, 2: 1.03, 3: 1.03 },
  },
  {
    name: 'random dates',
    since: KEPT_FROM,
    forgets: KEPT_FROM,
    dates: RANDOM,
    most: { 1: 1.01, 2: 1.01, 3: 1.01 },
  },
];

const DATES = `expectedDischarge:
  table: HDHI_DATES
  stay: STAY
  day: { column: DAY, type: DATE }
  recorded: RECORDED
`;
const DECISIONS = `decisions:
  table: HDHI_DECIDED
  id: ID
  day: { column: DAY, type: DATE }
  recorded: RECORDED
  kind: KIND
`;

/** Beds with what people know of tomorrow, walked forward by the product. */
export const benchmark: Benchmark = {
  name: 'beds-known',
  description: `Beds occupied, forecast by FORECAST_BEDS on real admissions (HDHI) from ${FIRST} to ${LAST}, with knowledge that is made up by a hash of the admission’s id: on each evening dates of six in ten of tomorrow’s discharges (of one in ten the date is a day early at first), decisions to admit all who come tomorrow, both, or dates that are random always or since ${TURNS}. The champion knows what was known on 30 April; forecasts keep dates since ${KEPT_FROM}. Each figure is the error divided by that of the same evenings without such knowledge.`,
  async run({ log }): Promise<Measurement[]> {
    return await inHospital({ trained: dayOf(Date.parse(FIRST) - DAY), end: END, log }, async (hospital) => {
      await hospital.until(END);
      const measured: Measurement[] = [];
      const errors = new Map<string, Map<string, number>>();
      for (const knowledge of KNOWLEDGE) {
        errors.set(knowledge.name, await forecastKnowing(hospital, knowledge));
        const lines = measure(knowledge, errors.get(knowledge.name)!, errors.get('nothing')!);
        for (const { what, value } of lines) log(`${what}: ${value.toFixed(3)}`);
        measured.push(...lines);
      }
      return measured;
    });
  },
};

/**
 * Forecasts every evening, knowing something.
 * @returns absolute errors in beds by evening and nights ahead
 */
export async function forecastKnowing(
  { ctx }: Pick<Hospital, 'ctx'>,
  { dates, decided, since, forgets }: Knowledge,
): Promise<Map<string, number>> {
  const { snowflake } = ctx;
  if (dates !== undefined)
    await snowflake.execute(
      `CREATE OR REPLACE TABLE HDHI_DATES (STAY VARCHAR, DAY DATE, RECORDED TIMESTAMP_NTZ) AS ${dates}`,
    );
  if (decided)
    await snowflake.execute(`CREATE OR REPLACE TABLE HDHI_DECIDED AS SELECT TO_VARCHAR(ADMISSION_ID) AS ID, ADMISSION_DATE AS DAY, ADMISSION_TYPE AS KIND,
  ${evening('DATEADD(day, -1, ADMISSION_DATE)')} AS RECORDED FROM HDHI_FUTURE`);
  const folder = mkdtempSync(join(tmpdir(), 'bench-beds-known-'));
  try {
    const file = join(folder, 'hdhi.yaml');
    const contract = readFileSync(join(projectRoot, CONTRACT), 'utf8');
    writeFileSync(file, `${contract}\n${dates === undefined ? '' : DATES}${decided ? DECISIONS : ''}`);
    await apply(forDataset(ctx, file).ctx);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
  if (forgets !== undefined) await snowflake.execute(`DELETE FROM LOS_DATES WHERE MADE_ON >= '${forgets}'`);
  for (let day = Date.parse(since); day <= Date.parse(LAST); day += DAY)
    await callProcedure(ctx, 'FORECAST_BEDS', [{ object: { as_of: dayOf(day) } }]);
  const rows = await snowflake.query<{ EVENING: string; HORIZON: number; ERROR: number }>(
    `SELECT TO_VARCHAR(MADE_ON, 'YYYY-MM-DD') AS EVENING, HORIZON, ABS(ERROR) AS ERROR FROM LOS_BED_ERRORS
WHERE LEVEL = 'all' AND MADE_ON BETWEEN '${FIRST}' AND '${LAST}' AND NIGHT <= '${END}' AND HORIZON IN (${NIGHTS.join(', ')})`,
  );
  return new Map(rows.map(({ EVENING, HORIZON, ERROR }) => [`${EVENING} ${HORIZON}`, Number(ERROR)]));
}

function measure(
  { name, most, first = FIRST }: Knowledge,
  own: ReadonlyMap<string, number>,
  nothing: ReadonlyMap<string, number>,
): Measurement[] {
  return NIGHTS.flatMap((night) => {
    const mean = (errors: ReadonlyMap<string, number>) => {
      const counted = [...errors].filter(([key]) => key >= first && key.endsWith(` ${night}`));
      return counted.reduce((sum, [, error]) => sum + error, 0) / counted.length;
    };
    const what = `${name}, ${night} ${night === 1 ? 'night' : 'nights'} ahead`;
    if (most === undefined) return [{ what, value: mean(own), unit: 'beds', digits: 2 }];
    return [{ what, value: mean(own) / mean(nothing), unit: '×', digits: 3, limit: `≤ ${most[night]}` }];
  });
}
