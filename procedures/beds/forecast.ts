import { lastDaySql } from '../ground/days.js';
import { sortBy } from '../ground/lists.js';
import { dateLiteral } from '../ground/names.js';
import { fill } from '../ground/plan.js';
import { unlessUnreadable } from '../ground/stale.js';
import { resultOf, together } from '../ground/together.js';
import { execute, query, queryFirst, Refused, type Row, transaction, type Work } from '../ground/work.js';
import { readOptions } from '../options.js';
import type { HeldRow } from '../scoring/held-words.js';
import { askWhatIf } from './ask-what-if.js';
import { dateNotes, learnDates, makeEach } from './dates/learn-dates.js';
import { type Tonight, tonightNotes } from './dates/tonight.js';
import { linesOf, type Shared, type Unit } from './lines.js';
import { readList } from './list.js';
import { type ListFacts, listNotes } from './list-notes.js';
import {
  asOfNote,
  type DayAhead,
  type Facts,
  holidayNotes,
  lateNote,
  noteOfHold,
  notesOf,
  unmovedNote,
  type Worse,
} from './notes.js';
import type { BedsPlan, BedsSql, FillIn } from './plan.js';
import { readChanges } from './what-if.js';

/** What FORECAST_BEDS answers. */
export interface BedForecast {
  /** The deployed one, which alone is forecast. */
  readonly dataset: string;
  /** The last day known, YYYY-MM-DD: the first night is that of the next. */
  readonly madeOn: string;
  /** By how many days the last one that is over is later: data are late, or an earlier day was asked for. */
  readonly daysAgo: number;
  readonly nights: number;
  /** Wards, departments and the whole. */
  readonly units: number;
  /** Beds occupied at the end of that day. */
  readonly occupied: number;
  /** How quickly patients are expected to leave on the first day, against their curves. */
  readonly hazardMultiplier: number;
  /** Of a what_if: the name under which LOS_BED_WHAT_IFS has the answer. */
  readonly what_if?: string;
  /** What a reader has to know of the data; whole sentences. */
  readonly notes: readonly string[];
}

interface Counted extends Row {
  readonly UNITS: number;
  readonly TAKEN: number;
  readonly PACE: number | null;
  /** Whether a task asks, and no one else sees its session. */
  readonly BY_TASK: boolean;
}

/** What FORECAST_BEDS can be asked. */
export interface ForecastRequest {
  /** YYYY-MM-DD: forecast from the evening of this day, from what had happened by then. */
  readonly as_of?: string;
  /** What might be otherwise (what-if.ts): beside the forecast, which is then not kept. */
  readonly what_if?: readonly unknown[];
}

/** Bands are learned from the past once there are forecasts of so many days. */
const LEAST_FORECASTS = 20;
const DAY = 86_400_000;
/** Evenings so long ago are not forecast again: each that is asked for keeps rows of its own. */
const PAST_DAYS = 366;

/**
 * Forecasts the beds occupied over the nights to come, and keeps what it said. All of it follows from features and log: once
 * more on the same day gives the same and replaces it. Temporary tables hold the steps, so that each is one statement over
 * all wards and nights.
 * @throws Refused where the contract has no dates, or a day is asked for that is not over or before all admissions
 */
export function* forecastBeds(plan: BedsPlan, asked: ForecastRequest = {}): Work<BedForecast> {
  const { sql, dataset } = plan;
  if (sql === null)
    throw new Refused(
      `The dataset ${dataset} has no dates of admission and discharge, so the patients currently admitted are unknown.`,
      'Name the columns in the contract with admission: and discharge:, then run los apply.',
    );
  const { as_of: asOf, what_if } = readOptions('FORECAST_BEDS', asked, { as_of: 'day', what_if: 'list' }, [
    'as_of',
    'what_if',
  ]);
  const changes = what_if === undefined ? undefined : readChanges(what_if, sql.list !== null);
  const { last, known } = yield* daysKnown(plan.zone, asOf === undefined ? sql : undefined);
  if (asOf !== undefined && asOf > last)
    throw new Refused(
      `The day ${asOf} has not ended yet: the last that has is ${last}.`,
      'Leave the day out, or name one that has passed.',
    );
  if (asOf !== undefined) yield* requirePastDay(sql, asOf);
  const madeOn = asOf ?? known;
  const daysAgo = Math.round((Date.parse(last) - Date.parse(madeOn)) / DAY);
  const from = placesOf(sql, madeOn, asOf);
  for (const step of sql.stays) yield* execute(from(step));
  const { places } = sql;
  const unmoved =
    places === null
      ? undefined
      : yield* unlessUnreadable(
          () => execute(from(places.read)),
          () => execute(from(places.unread)),
        );
  const census = places === null || unmoved !== undefined ? 'NULL' : `'now'`;
  const at: FillIn = (text, more) => from(text, { census, ...more });
  for (const step of sql.prepare) yield* execute(at(step));
  const texts = [sql.daysAhead, sql.unrehearsed, sql.worse, sql.unitsNow, sql.shared].concat(
    asOf === undefined ? sql.held : [],
  );
  const [days, unrehearsed, [worse], present, shared, [held] = []] = (yield* together(
    texts.map((text) => () => query<Row>(at(text))),
  )).map(resultOf) as [DayAhead[], Row[], Worse[], (Unit & Row)[], (Shared & Row)[], (HeldRow & Row)[]?];
  const lines = linesOf(
    present.map((unit) => ({ ...unit, TAKEN: Number(unit.TAKEN) })),
    shared.map((pair) => ({ ...pair, N: Number(pair.N) })),
  );
  const ahead = sortBy(days, (a, b) => (a.DAY < b.DAY ? -1 : 1));
  const factors = yield* weekdayFactors(at(sql.weekdays));
  if (unrehearsed.length > 0 && sql.judged + sql.ahead - unrehearsed.length < LEAST_FORECASTS)
    yield* rehearse(sql, at, factors);
  yield* expect(sql, at, factors, `SELECT ${dateLiteral(madeOn)} AS DAY`);
  const parts = new Array<number>(sql.ahead).fill(0);
  for (const { HORIZON, PART } of yield* query<{ HORIZON: number; PART: number | null }>(at(sql.heldPast)))
    parts[Number(HORIZON) - 1] = Number(PART || 0);
  const hazards = ahead.map(({ WEEKDAY }) => factors[Number(WEEKDAY)] as number);
  const learned = {
    pace: JSON.stringify(hazards),
    parts: JSON.stringify(parts),
    factors: JSON.stringify(factors),
  };
  const fillIn: FillIn = (text, more) => at(text, { ...learned, ...more });
  if (sql.list !== null || changes !== undefined) yield* execute(fillIn(sql.byType));
  yield* execute(fillIn(sql.leaving));
  const unknown = sql.dates === null ? {} : yield* learnDates(sql.dates, at);
  const { undated } = unknown;
  yield* makeEach(sql, at, undated);
  const gaps = sql.list === null ? undefined : yield* readList(sql.list, at, asOf === undefined);
  if (sql.list !== null) yield* execute(fillIn(sql.list.patients));
  const list = sql.list === null ? undefined : yield* queryFirst<ListFacts>(at(sql.list.facts));
  for (const step of sql.here) yield* execute(at(step));
  const facts = yield* queryFirst<Facts>(at(sql.facts));
  for (const step of sql.made) yield* execute(fillIn(step, { closed: at(sql.closures) }));
  const tonight =
    sql.tonight === null || undated !== undefined ? undefined : yield* queryFirst<Tonight>(at(sql.tonight));
  const whatIf =
    changes === undefined
      ? undefined
      : yield* askWhatIf(sql, changes, { madeOn, live: asOf === undefined, undated, at, fillIn });
  if (changes === undefined)
    yield* transaction(function* () {
      yield* execute(at(sql.replace));
      yield* execute(at(sql.kept), [JSON.stringify(lines)]);
      yield* execute(at(sql.forgetNights));
      yield* execute(at(sql.nights));
      if (sql.dates !== null && undated === undefined) {
        if (asOf === undefined) yield* execute(at(sql.dates.replace));
        yield* execute(at(sql.dates.keep));
      }
    });
  const counted = yield* queryFirst<Counted>(at(sql.units));
  // The session of a task ends with it; in a person's they would show patients.
  if (counted?.BY_TASK !== true) for (const drop of sql.drop) yield* execute(drop);
  return {
    dataset,
    madeOn,
    daysAgo,
    nights: sql.ahead,
    units: Number(counted?.UNITS || 0),
    occupied: Number(counted?.TAKEN || 0),
    ...(whatIf === undefined ? {} : { what_if: whatIf }),
    hazardMultiplier: Math.round(Number(counted?.PACE ?? 1) * 1000) / 1000,
    notes: [
      ...(held === undefined ? [] : [noteOfHold(held)]),
      ...(asOf === undefined && daysAgo > 0 ? [lateNote(madeOn, last, daysAgo)] : []),
      ...notesOf(facts, worse, sql.wards),
      ...(unmoved === undefined ? [] : [unmovedNote(unmoved)]),
      ...dateNotes(unknown),
      ...tonightNotes(tonight),
      ...holidayNotes(ahead),
      ...listNotes(list, gaps),
      ...(asOf === undefined && facts ? asOfNote(facts, plan.zone) : []),
    ],
  };
}

/** The last day that has ended, and up to it the last of which the data know. @param sql left out: the data are not asked */
function* daysKnown(zone: string, sql: BedsSql | undefined): Work<{ last: string; known: string }> {
  const last = lastDaySql(zone);
  const known = sql && fill(sql.known, { over: `TO_DATE(${last}, 'YYYY-MM-DD')` });
  const row = yield* queryFirst(
    `SELECT ${last} AS LAST, ${known === undefined ? 'NULL' : `(SELECT TO_VARCHAR(DAY, 'YYYY-MM-DD') FROM (${known}))`} AS KNOWN`,
  );
  return { last: String(row?.LAST), known: String(row?.KNOWN ?? row?.LAST) };
}

/** @throws Refused for a day of which nothing was known, or so long before the last admission that no one asks for it */
function* requirePastDay(sql: BedsSql, asOf: string): Work<void> {
  const found = yield* queryFirst(fill(sql.before, { from: dateLiteral(asOf) }));
  if (Number(found?.AGO) > PAST_DAYS)
    throw new Refused(
      `The day ${asOf} is more than ${PAST_DAYS} days before the last admission.`,
      'Name a later day.',
    );
  if (Number(found?.N || 0) === 0)
    throw new Refused(
      `On the day ${asOf} nothing was known: every admission in the table is later.`,
      'Name a day after the first admissions.',
    );
}

/** Fills in the day, the one on which the window begins, and until when predictions count as made in time. */
function placesOf({ window }: BedsSql, madeOn: string, asOf: string | undefined): FillIn {
  const begins = new Date(Date.parse(madeOn) - (window - 1) * DAY).toISOString().slice(0, 10);
  const until = asOf === undefined ? 'CURRENT_TIMESTAMP()' : `DATEADD(day, 1, ${dateLiteral(asOf)})`;
  const days = { from: dateLiteral(madeOn), first: dateLiteral(begins), until };
  return (text, more = {}) => fill(text, { ...days, ...more });
}

/** Sunday to Saturday; 1 where nothing is known. */
function* weekdayFactors(text: string): Work<number[]> {
  const factors = [1, 1, 1, 1, 1, 1, 1];
  for (const row of yield* query<{ WEEKDAY: number; FACTOR: number }>(text))
    factors[Number(row.WEEKDAY)] = Number(row.FACTOR);
  return factors;
}

/**
 * What the past alone expects.
 * @param starts SELECT of the days to forecast from
 */
function* expect(sql: BedsSql, at: FillIn, factors: readonly number[], starts: string): Work<void> {
  for (const step of sql.past) yield* execute(at(step, { factors: JSON.stringify(factors), starts }));
}

/**
 * Forecasts the past weeks by past stays alone where there are too few forecasts to learn the width of bands from, or those were of
 * another number of beds.
 */
function* rehearse(sql: BedsSql, at: FillIn, factors: readonly number[]): Work<void> {
  yield* execute(at(sql.forgetRehearsed));
  yield* expect(sql, at, factors, at(sql.unrehearsed));
  yield* execute(at(sql.rehearsed));
}
