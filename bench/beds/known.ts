import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callProcedure } from '../../deploy/clients/call.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { apply } from '../../deploy/operate/apply.js';
import { projectRoot } from '../../deploy/project.js';
import type { Benchmark, Measurement } from '../harness.js';
import { CONTRACT, DAY, dayOf, type Hospital, inHospital } from './hdhi.js';

/** Absolute errors in beds by evening and nights ahead, as '2018-05-01 1'. */
type Errors = ReadonlyMap<string, number>;

const FIRST = '2018-05-01';
const LAST = '2018-10-17';
const END = '2018-10-31';
/** The first evening of which a forecast keeps dates: they are learned from for twelve weeks, and weighed for four. */
const KEPT_FROM = '2018-01-05';
/** From this day on dates that were good are random. */
const TURNS = '2018-08-01';
const NIGHTS = [1, 2, 3] as const;

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

/** Dates that were good, and are random from a day on. */
const TURNED = `SELECT * FROM (${GOOD}) WHERE RECORDED < '${TURNS}' UNION ALL SELECT * FROM (${RANDOM}) WHERE RECORDED >= '${TURNS}'`;

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
  description: `Beds occupied, forecast by FORECAST_BEDS on real admissions (HDHI) from ${FIRST} to ${LAST}, with knowledge that is made up by a hash of the admission’s id: on each evening dates of six in ten of tomorrow’s discharges (of one in ten the date is a day early at first), decisions to admit all who come tomorrow, both, or dates that are random always or since ${TURNS}. The champion knows what was known on 30 April; forecasts keep dates since ${KEPT_FROM}. Each figure is the error divided by that of the same evenings without such knowledge. One walk has dates and decisions: what either would have said alone, and neither, is in its rows, for their means add up.`,
  async run({ log }): Promise<Measurement[]> {
    return await inHospital({ trained: dayOf(Date.parse(FIRST) - DAY), end: END, log }, async (hospital) => {
      await hospital.until(END);
      const measured: Measurement[] = [];
      const add = (lines: readonly Measurement[]) => {
        for (const { what, value } of lines) log(`${what}: ${value.toFixed(3)}`);
        measured.push(...lines);
      };
      const known = await forecastKnowing(hospital, { dates: GOOD, decided: true, since: KEPT_FROM });
      add(inBeds('nothing', known.nothing));
      const share = (what: string, own: Errors, most: readonly number[], first = FIRST) =>
        add(asShare(what, own, known.nothing, most, first));
      share("tomorrow's admissions", known.admissions, [0.75, 0.84, 0.93]);
      share("six in ten of tomorrow's discharges", known.discharges, [0.86, 0.95, 0.97]);
      share('both', known.both, [0.5, 0.75, 0.89]);
      const turned = await forecastKnowing(hospital, { dates: TURNED, since: TURNS });
      const noticed = dayOf(Date.parse(TURNS) + 28 * DAY);
      share('dates that are random since 28 days', turned.discharges, [1.03, 1.03, 1.03], noticed);
      const random = await forecastKnowing(hospital, { dates: RANDOM, since: KEPT_FROM });
      share('random dates', random.discharges, [1.01, 1.01, 1.01]);
      return measured;
    });
  },
};

/**
 * Forecasts every evening, knowing something.
 * @param dates SQL of the dates that are written
 * @param decided whether tomorrow's admissions are decided
 * @param since the first evening; what was kept of dates from then on goes before
 */
async function forecastKnowing(
  { ctx }: Pick<Hospital, 'ctx'>,
  { dates, decided = false, since }: { dates: string; decided?: boolean; since: string },
): Promise<Readonly<Record<'nothing' | 'admissions' | 'discharges' | 'both', Errors>>> {
  const { snowflake } = ctx;
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
    writeFileSync(file, `${contract}\n${DATES}${decided ? DECISIONS : ''}`);
    await apply(forDataset(ctx, file).ctx);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await snowflake.execute('DELETE FROM LOS_BED_FORECASTS');
  await snowflake.execute(`DELETE FROM LOS_DATES WHERE MADE_ON >= '${since}'`);
  for (let day = Date.parse(since); day <= Date.parse(LAST); day += DAY)
    await callProcedure(ctx, 'FORECAST_BEDS', [{ object: { as_of: dayOf(day) } }]);
  // Who is in stays by our own chances, or by dates too; who comes is expected by the past, or decided.
  const rows = await snowflake.query<
    Record<'BOTH' | 'DATED' | 'ALONE' | 'COMING' | 'TAKEN', number> & { AT: string }
  >(
    `SELECT TO_VARCHAR(f.MADE_ON, 'YYYY-MM-DD') || ' ' || f.HORIZON AS AT, f.MEAN AS BOTH, f.TAKEN_NOW - f.LEAVING AS DATED, d.ALONE, f.COMING, n.TAKEN
FROM LOS_BED_FORECASTS AS f
JOIN LOS_BED_NIGHTS AS n ON n.LEVEL = f.LEVEL AND n.NIGHT = f.NIGHT
JOIN (
  SELECT p.MADE_ON, s.INDEX + 1 AS HORIZON, SUM(s.VALUE::FLOAT) AS ALONE FROM LOS_DATES AS p, LATERAL FLATTEN(INPUT => p.STAYING) AS s GROUP BY 1, 2
) AS d ON d.MADE_ON = f.MADE_ON AND d.HORIZON = f.HORIZON
WHERE f.LEVEL = 'all' AND f.KIND = 'forecast' AND f.MADE_ON BETWEEN '${FIRST}' AND '${LAST}' AND f.NIGHT <= '${END}' AND f.HORIZON IN (${NIGHTS.join(', ')})`,
  );
  const errors = (
    expected: (row: Readonly<Record<'BOTH' | 'DATED' | 'ALONE' | 'COMING', number>>) => number,
  ) =>
    new Map(
      rows.map(({ AT, TAKEN, ...row }) => {
        const [BOTH, DATED, ALONE, COMING] = [row.BOTH, row.DATED, row.ALONE, row.COMING].map(Number) as [
          number,
          number,
          number,
          number,
        ];
        return [AT, Math.abs(expected({ BOTH, DATED, ALONE, COMING }) - Number(TAKEN))];
      }),
    );
  return {
    nothing: errors(({ ALONE, COMING }) => ALONE + COMING),
    admissions: errors(({ BOTH, DATED, ALONE }) => BOTH - DATED + ALONE),
    discharges: errors(({ DATED, COMING }) => DATED + COMING),
    both: errors(({ BOTH }) => BOTH),
  };
}

function meanOf(errors: Errors, night: number, first: string): number {
  const counted = [...errors].filter(([key]) => key >= first && key.endsWith(` ${night}`));
  return counted.reduce((sum, [, error]) => sum + error, 0) / counted.length;
}

const ahead = (night: number) => `${night} ${night === 1 ? 'night' : 'nights'} ahead`;

function inBeds(what: string, errors: Errors): Measurement[] {
  return NIGHTS.map((night) => ({
    what: `${what}, ${ahead(night)}`,
    value: meanOf(errors, night, FIRST),
    unit: 'beds',
    digits: 2,
  }));
}

/** @param most the most of the error without it that may remain, by nights ahead, @param first the first evening that counts */
function asShare(
  what: string,
  own: Errors,
  nothing: Errors,
  most: readonly number[],
  first: string,
): Measurement[] {
  return NIGHTS.map((night, i) => ({
    what: `${what}, ${ahead(night)}`,
    value: meanOf(own, night, first) / meanOf(nothing, night, first),
    unit: '×',
    digits: 3,
    limit: `≤ ${most[i]}`,
  }));
}
