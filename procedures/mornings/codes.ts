import type { EventCode } from '../../udfs/encoding/events.js';
import { datasetNames } from '../dataset/names.js';
import type { EventFeature } from '../dataset/origin/feeds.js';
import { hashBelow } from '../fitting/split.js';
import { flatMap, fromEntries, sortBy } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { query, variant, type Work } from '../ground/work.js';

/** Mornings that are looked at, about. */
const LOOKED_AT = 6_000;
/** F of tenths that a summary of nothing exceeds once in a hundred times. */
const LEAST_F = 2.4;
/** Columns that a line may have of events: beyond, requests would hold few rows. */
const MOST_COLUMNS = 400;
const MOST_LEVELS = 30;

/** Information that a summary has about the rest of a stay. */
interface Telling {
  readonly name: string;
  readonly place: number;
  readonly f: number;
  /** Levels of a text. */
  readonly levels: readonly string[] | null;
}

/**
 * Chooses what a model of stays reads of their events: the summaries that tell something of the rest of a stay beyond the day of stay, by rows that
 * it is fitted to. They are described by name and place, so that a version of some hundred of them stays small.
 * @param trainDays how many mornings it is fitted to
 * @returns the most telling event first; none where none tells anything
 */
export function* chooseEvents(plan: Plan, trainDays: number): Work<EventCode[]> {
  const { contract, settings } = plan;
  const days = qualify(settings, datasetNames(contract).stayDays);
  const sample = trainDays > LOOKED_AT ? ` AND ${hashBelow('CASE_ID', LOOKED_AT / trainDays, 'sample')}` : '';
  const rows = yield* query(
    sqlText(plan, 'stay/telling', {
      days: `SELECT CASE_ID, PATIENT, BUCKET, EVENTS, R FROM ${days} WHERE SIDE = 'train' AND R >= 1${sample}`,
      fewest: String(FEWEST_PATIENTS),
    }),
  );
  const found = rows.map(
    (row): Telling => ({
      name: String(row.NAME),
      place: Number(row.PLACE),
      f: Number(row.F),
      levels: row.IS_TEXT === true ? variant<string[]>(row.LEVELS).slice(0, MOST_LEVELS) : null,
    }),
  );
  return codesOf(found, contract.eventFeatures || {});
}

/** @param features of the contract, which say what stands at a place */
export function codesOf(
  found: readonly Telling[],
  features: Readonly<Record<string, EventFeature>>,
): EventCode[] {
  const telling = sortBy(
    found.filter(({ f, levels }) => f >= LEAST_F && (levels === null || levels.length > 0)),
    (a, b) => b.f - a.f || Number(a.name > b.name) - Number(a.name < b.name) || a.place - b.place,
  );
  let columns = 0;
  const kept = telling.filter(({ levels }) => {
    const more = levels === null ? 1 : levels.length;
    if (columns + more > MOST_COLUMNS) return false;
    columns += more;
    return true;
  });
  const names = Array.from(new Set(kept.map(({ name }) => name)));
  return names.map((name): EventCode => {
    const own = sortBy(
      kept.filter((one) => one.name === name),
      (a, b) => a.place - b.place,
    );
    const texts = flatMap(own, ({ place, levels }): [string, readonly string[]][] =>
      levels === null ? [] : [[String(place), levels]],
    );
    const feature = features[name];
    const passing = own
      .map(({ place }) => place)
      .filter((place) => Array.isArray(feature) && ['hours', 'count'].indexOf(String(feature[place])) >= 0);
    return {
      name,
      kept: own.map(({ place }) => place),
      ...(texts.length > 0 && { levels: fromEntries(texts) }),
      ...(passing.length > 0 && { passing }),
    };
  });
}
