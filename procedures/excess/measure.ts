import { lastDay } from '../ground/days.js';
import { dateLiteral, literal, qualify } from '../ground/names.js';
import { fill } from '../ground/plan.js';
import { groupColumns, groupSelect, markSmallGroups } from '../ground/small-groups.js';
import { execute, query, Refused, type Row, variant, type Work } from '../ground/work.js';
import { type Figures, publish } from '../publishing/publish.js';
import { emitEvent } from '../watching/events.js';
import { codesOf, expectStays } from './expectation.js';
import { type Figure, figuresOf, type Line, MONTHS, monthBefore } from './figures.js';
import { tellsUnit } from './known-unit.js';
import { type ExcessPlan, staysTable } from './plan.js';
import { likenessOf, spreadsOf } from './spread.js';
import { type Judged, sumUnits } from './sums.js';
import { type Shown, sentencesOf } from './words.js';

export interface ExcessResult {
  readonly dataset: string;
  /** The last month that is over, YYYY-MM, and those that were published now. */
  readonly month: string;
  readonly published: readonly string[];
}

/** False discovery rate up to which a unit is found, as the view LOS_EXCESS has it. */
const FOUND = 0.05;

/** A stay with the units that it counts in. */
interface UnitStay extends Judged {
  readonly id: string;
  readonly units: readonly string[];
}

/**
 * Publishes observed ÷ expected days of the months that are over and not published yet, of the last year. Each month is published once, so that
 * what is corrected later tells of no one; the expectation is made of the whole year.
 * @throws Refused, by name, where a feature of the reference tells a unit
 */
export function* measureExcess(plan: ExcessPlan): Work<ExcessResult> {
  const { place, contract } = plan;
  const day = yield* lastDay(plan.zone);
  const month = monthBefore(day.slice(0, 7), 1);
  const first = monthBefore(month, MONTHS - 1);
  const done = yield* query<{ SUBJECT: string }>(
    `SELECT DISTINCT SUBJECT FROM ${qualify(place, 'LOS_PUBLICATIONS')} WHERE DATASET = ? AND KIND = 'excess' AND SUBJECT >= ?`,
    [contract.name, first],
  );
  const open: string[] = [];
  for (let n = MONTHS - 1; n >= 0; n--) {
    const each = monthBefore(month, n);
    if (!done.some(({ SUBJECT }) => SUBJECT === each)) open.push(each);
  }
  const result = { dataset: contract.name, month };
  if (open.length === 0) return { ...result, published: [] };
  yield* execute(
    fill(plan.stays, {
      from: dateLiteral(`${first}-01`),
      until: dateLiteral(`${monthBefore(month, -1)}-01`),
    }),
  );
  const stays = yield* readStays(plan);
  if (stays.length === 0) return { ...result, published: [] };
  const lines = yield* linesOf(plan, stays, open);
  const published: string[] = [];
  yield* publish({ place, dataset: contract.name }, [
    {
      kind: 'excess',
      members: `SELECT MONTH AS SUBJECT, CASE_ID, PATIENT, TO_VARCHAR(LOS) AS STATE FROM ${staysTable(place)} WHERE MONTH IN (${open.map(literal).join(', ')})`,
      *figures(subjects): Work<Figures> {
        published.push(...subjects);
        return yield* makeFigures(plan, lines, subjects, { day, month });
      },
    },
  ]);
  return { ...result, published };
}

function* readStays({ place, units, features }: ExcessPlan): Work<UnitStay[]> {
  const rows = yield* query<Row>(`SELECT * FROM ${staysTable(place)} ORDER BY CASE_ID`);
  return rows.map((row): UnitStay => {
    const id = String(row.CASE_ID);
    return {
      id,
      // A stay whose patient is not known is of a patient by itself.
      patient: row.PATIENT === '' ? `stay ${id}` : String(row.PATIENT),
      days: Number(row.LOS),
      month: String(row.MONTH),
      values: features.map((_, i) => row[`F_${i}`] as string | number | null),
      units: units.map((_, i) => String(row[`BY_${i}`])),
    };
  });
}

/** Sums of the units in the months that are to be published, those of too few patients left out. */
function* linesOf(plan: ExcessPlan, stays: readonly UnitStay[], open: readonly string[]): Work<Line[]> {
  const { units, features } = plan;
  const all = codesOf(
    stays,
    features.map(({ numeric }) => numeric),
  );
  const shown = yield* selectUnits(plan, open);
  const lines: Line[] = [];
  plan.comparisons.forEach(({ by, reference }, comparison) => {
    const codes = reference.map(
      (name) => all[features.findIndex((feature) => feature.name === name)] as number[],
    );
    for (const column of by) {
      const place = units.indexOf(column);
      refuseKnown(
        column,
        stays.map(({ units: own }) => own[place] as string),
        reference,
        codes,
      );
    }
    const expected = expectStays(stays, codes);
    const spreads = spreadsOf(expected);
    const likeness = likenessOf(stays, expected, spreads);
    const sum = (name: string, unitOf: (stay: UnitStay) => string) => {
      for (const unit of sumUnits(stays, stays.map(unitOf), expected, spreads, likeness))
        if (open.indexOf(unit.month) >= 0) lines.push({ ...unit, by: name });
    };
    if (comparison === 0) sum('MONTH', ({ month }) => month);
    for (const column of by) {
      const place = units.indexOf(column);
      sum(column, ({ id, units: own }) => (shown.get(id) || own)[place] as string);
    }
  });
  return lines;
}

/** @throws Refused where a feature tells the unit, by itself */
function refuseKnown(
  column: string,
  units: readonly string[],
  reference: readonly string[],
  codes: readonly (readonly number[])[],
): void {
  const known = reference.filter((_, i) => tellsUnit(codes[i] as number[], units));
  if (known.length > 0)
    throw new Refused(
      `The reference of excess: knows ${column}, which it is to judge: ${known.join(' and ')} ${known.length === 1 ? 'tells' : 'tell'} it of 95 % of the stays.`,
      `Leave ${known.join(' and ')} out of reference: in the contract, or ${column} out of by:, and run los apply.`,
    );
}

/** Selects, of each stay of these months, the units that it is shown in: a month's groups of fewer than ten patients are one. */
function* selectUnits({ place, units }: ExcessPlan, months: readonly string[]): Work<Map<string, string[]>> {
  const groupings = units.map((_, i) => [`BY_${i}`]);
  const { level } = groupColumns(groupings);
  const table = qualify(place, 'LOS_EXCESS_MONTH_TMP');
  const shown = new Map<string, string[]>();
  for (const month of months) {
    yield* execute(`CREATE OR REPLACE TEMPORARY TABLE ${table} AS
SELECT CASE_ID, ${groupSelect(groupings, 'PATIENT').join(', ')} FROM ${staysTable(place)} WHERE MONTH = ${literal(month)}`);
    yield* markSmallGroups(table, groupings);
    const rows = yield* query<Row>(
      `SELECT CASE_ID, ${units.map((_, i) => `${level(i)} AS LEVEL_${i}`).join(', ')} FROM ${table}`,
    );
    for (const row of rows)
      shown.set(
        String(row.CASE_ID),
        units.map((_, i) => String(row[`LEVEL_${i}`])),
      );
  }
  return shown;
}

/** The figures of months, each with the year before it; and the mail of the newest, in the transaction that publishes it. */
function* makeFigures(
  { place, contract }: ExcessPlan,
  lines: readonly Line[],
  months: readonly string[],
  { day, month }: { readonly day: string; readonly month: string },
): Work<Figures> {
  const earlier = yield* query<{ METRICS: unknown }>(
    `SELECT METRICS FROM ${qualify(place, 'LOS_PUBLISHED_ROWS')} WHERE DATASET = ? AND KIND = 'excess' AND METRICS IS NOT NULL AND SUBJECT >= ?`,
    [contract.name, monthBefore(month, 2 * MONTHS)],
  );
  const known = earlier
    .map(({ METRICS }) => variant<Line>(METRICS))
    .concat(lines.filter((line) => months.indexOf(line.month) >= 0));
  const figures = months.map((each) => ({ month: each, rows: figuresOf(known, each) }));
  const [newest] = figures.filter((figure) => figure.month === month);
  if (newest !== undefined) {
    const sentences = sentencesOf(
      newest.rows.map(unitOfFigure),
      figuresOf(known, monthBefore(month, 1)).map(unitOfFigure),
    );
    yield* emitEvent({ place, contract }, day, {
      kind: 'excess days',
      severity: 'info',
      subject: `observed and expected days up to ${month}`,
      message: sentences.join('\n'),
    });
  }
  return {
    sql: 'SELECT VALUE:month::VARCHAR AS SUBJECT, VALUE:rows AS FIGURES FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))',
    binds: [JSON.stringify(figures)],
  };
}

function unitOfFigure(row: Figure): Shown {
  return {
    by: row.GROUPED_BY,
    unit: row.LEVEL,
    ratio: row.RATIO,
    low: row.RATIO_LOW,
    high: row.RATIO_HIGH,
    excessDays: row.EXCESS_DAYS,
    found: row.RATE < FOUND,
    unusual: row.RATIO < row.FUNNEL_LOW || row.RATIO > row.FUNNEL_HIGH,
  };
}
