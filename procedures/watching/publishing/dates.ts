import { datasetNames } from '../../dataset/names.js';
import { flatMap } from '../../ground/lists.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import { query, type Row, variant, type Work } from '../../ground/work.js';
import type { Figures, Offer } from '../../publishing/publish.js';
import { roundFigures } from '../../publishing/rounding.js';
import { emitUnless } from '../events.js';
import { lastMonth } from '../measures/measuring.js';
import type { WatchPlan } from '../plan.js';
import { delaySentences } from './delays.js';
import { compareDates } from './nearer.js';
import { type DateFigures, type DateLine, nearerEvent } from './nearer-event.js';

/** A line before it is rounded. */
interface MeasuredLine extends DateLine {
  readonly subject: string;
  readonly month: string;
  readonly difference: number;
  readonly error: number;
}

/** Offers figures of LOS_DATE_ACCURACY about months of discharges: each line is a subject of its own, so that the publisher holds it against all others. */
export function offerDates(plan: WatchPlan, day: string): Offer {
  const { contract, place } = plan;
  const { id, patient = id } = contract;
  const lines = sqlText(plan, 'publishing/dates', {
    errors: qualify(place, 'LOS_DATE_ERRORS'),
    features: qualify(place, datasetNames(contract).features),
    day: dateLiteral(day),
    id,
    patient,
  });
  return {
    kind: 'dates',
    members: `SELECT SUBJECT, CASE_ID, PATIENT, STATE FROM (${lines})`,
    figures: (subjects) => figuresOf(lines, subjects),
  };
}

function* figuresOf(lines: string, subjects: readonly string[]): Work<Figures> {
  const rows = yield* query<Row>(
    `SELECT SUBJECT, TO_VARCHAR(MONTH, 'YYYY-MM-DD') AS MONTH, GROUPED_BY, LEVEL, COUNT(*) AS STAYS, AVG(PEOPLE) AS PEOPLE, AVG(MODEL) AS MODEL, AVG(BOTH) AS BOTH,
  AVG(ON_DAY) AS ON_DAY, AVG(WITHIN_1) AS WITHIN_1, AVG(MODEL_WITHIN_1) AS MODEL_WITHIN_1, AVG(EARLY) AS EARLY, AVG(LATE) AS LATE,
  AVG(PEOPLE - MODEL) AS DIFFERENCE, STDDEV(PEOPLE - MODEL) / SQRT(COUNT(*)) AS ERROR
FROM (${lines}) GROUP BY SUBJECT, MONTH, GROUPED_BY, LEVEL HAVING COUNT(DISTINCT PATIENT) >= ${FEWEST_PATIENTS} ORDER BY SUBJECT`,
  );
  const published = withNearer(rows.map(lineOf)).filter(({ subject }) => subjects.indexOf(subject) >= 0);
  const figures = published.map(({ subject, month, groupedBy, level, stays, figures: own }) => ({
    subject,
    rows: [
      {
        MONTH: month,
        GROUPED_BY: groupedBy,
        LEVEL: level,
        ADMISSIONS: stays,
        METRICS: roundFigures(own, stays),
      },
    ],
  }));
  return {
    sql: 'SELECT VALUE:subject::VARCHAR AS SUBJECT, VALUE:rows AS FIGURES FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))',
    binds: [JSON.stringify(figures)],
  };
}

function lineOf(row: Row): MeasuredLine {
  const of = (name: string) => Number(row[name]);
  return {
    subject: String(row.SUBJECT),
    month: String(row.MONTH),
    groupedBy: String(row.GROUPED_BY),
    level: String(row.LEVEL),
    stays: of('STAYS'),
    difference: of('DIFFERENCE'),
    error: of('ERROR'),
    figures: {
      people: of('PEOPLE'),
      model: of('MODEL'),
      both: of('BOTH'),
      shareOnDay: of('ON_DAY'),
      within1: of('WITHIN_1'),
      modelWithin1: of('MODEL_WITHIN_1'),
      shareEarly: of('EARLY'),
      shareLate: of('LATE'),
      nearer: null,
    },
  };
}

/** Lines of a month are compared together; dates that moved to ours are compared with nothing. */
function withNearer(lines: readonly MeasuredLine[]): MeasuredLine[] {
  const months = Array.from(new Set(lines.map(({ month }) => month)));
  return flatMap(months, (month) => {
    const own = lines.filter((line) => line.month === month);
    const compared = own.filter(({ groupedBy }) => groupedBy !== 'moved');
    const nearer = compareDates(compared);
    return own.map((line) => ({
      ...line,
      figures: { ...line.figures, nearer: nearer[compared.indexOf(line)] ?? null },
    }));
  });
}

/** Reports who was nearer in the last month that was over by a day, once, as soon as its figures are published. */
export function* reportDates(plan: WatchPlan, day: string): Work<void> {
  const { contract, place } = plan;
  const month = dateLiteral(lastMonth(day));
  const rows = yield* query<Row>(
    `SELECT TO_VARCHAR(MONTH, 'YYYY-MM-DD') AS MONTH, GROUPED_BY, LEVEL, ADMISSIONS, METRICS FROM ${qualify(place, 'LOS_PUBLISHED_ROWS')}
WHERE DATASET = ${literal(contract.name)} AND KIND = 'dates' AND MONTH = ${month} ORDER BY GROUPED_BY, LEVEL`,
  );
  const lines = rows.map(
    ({ GROUPED_BY, LEVEL, ADMISSIONS, METRICS }): DateLine => ({
      groupedBy: String(GROUPED_BY),
      level: String(LEVEL),
      stays: Number(ADMISSIONS),
      figures: variant<DateFigures>(METRICS),
    }),
  );
  const event = nearerEvent(String(rows[0]?.MONTH), lines, yield* delaySentences(plan, month));
  if (event !== null)
    yield* emitUnless(plan, day, event, {
      where: 't.KIND = ? AND t.SUBJECT = ?',
      binds: [event.kind, event.subject],
    });
}
