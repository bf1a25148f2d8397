import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { literal, type Place, qualify } from '../ground/names.js';
import { query, queryFirst, type Row, variant, type Work } from '../ground/work.js';
import type { Metrics } from '../judging/metrics.js';
import type { Figures, Offer } from './publish.js';
import { coarseFigures, roundFigures } from './rounding.js';

/** A version that is about to be entered into the registry, and what was measured of it. */
export interface Measured {
  readonly version: string;
  readonly metrics: { readonly rows: number };
  /** Lineage: its scores and how it was chosen, as the registry has it. */
  readonly lineage: Readonly<Record<string, unknown>>;
}

/** Parts of a version's lineage that say how far others came on its validation rows: less exact than the registry knows it. */
const SCORES = ['candidates', 'learned', 'competition', 'look', 'training', 'stay', 'refit'];

/**
 * Offers how good versions were on their holdouts, of those that are not published yet. Each was measured once; where rows of its holdout have been
 * erased since and it was not published before, it is not known whom it is about, and it never is.
 * @param next left out: those of the registry alone
 */
export function offerHoldouts(place: Place, contract: Contract, next?: Measured): Offer {
  const table = (name: string) => qualify(place, name);
  const { id, patient = id } = contract;
  const versions = `SELECT VERSION, METRICS:rows::NUMBER AS N FROM ${table('LOS_MODEL_REGISTRY')} WHERE DATASET = ${literal(contract.name)} AND METRICS IS NOT NULL${
    next === undefined ? '' : `\nUNION ALL SELECT ${literal(next.version)}, ${Number(next.metrics.rows)}`
  }`;
  return {
    kind: 'holdout',
    members: `SELECT e.VERSION AS SUBJECT, e.CASE_ID, COALESCE(f.PATIENT, e.CASE_ID) AS PATIENT, TO_VARCHAR(e.LOS) AS STATE
FROM (
  SELECT *, COUNT(*) OVER (PARTITION BY VERSION) AS HELD FROM ${table('LOS_EVALUATION')} WHERE SIDE = 'holdout'
    AND VERSION NOT IN (SELECT SUBJECT FROM ${table('LOS_PUBLICATIONS')} WHERE KIND = 'holdout')
) AS e JOIN (${versions}) AS v ON v.VERSION = e.VERSION AND v.N = e.HELD
LEFT JOIN (SELECT TO_VARCHAR(${id}) AS CASE_ID, TO_VARCHAR(${patient}) AS PATIENT FROM ${table(datasetNames(contract).features)}) AS f ON f.CASE_ID = e.CASE_ID`,
    figures: (subjects) => figuresOf(place, subjects, next),
  };
}

function* figuresOf(place: Place, versions: readonly string[], next: Measured | undefined): Work<Figures> {
  const known = versions.map(literal).join(', ');
  const measured = yield* query<Row>(
    `SELECT * FROM ${qualify(place, 'LOS_EVALUATION_METRICS')} WHERE VERSION IN (${known}) AND GROUPED_BY = 'all' ORDER BY PREDICTOR`,
  );
  const entered = yield* query<{ VERSION: string; METRICS: unknown; LINEAGE: unknown }>(
    `SELECT VERSION, METRICS, LINEAGE FROM ${qualify(place, 'LOS_MODEL_REGISTRY')} WHERE VERSION IN (${known}) AND METRICS IS NOT NULL`,
  );
  const all = entered
    .map(({ VERSION, METRICS, LINEAGE }) => {
      return { version: VERSION, metrics: variant(METRICS), lineage: variant(LINEAGE) } as Measured;
    })
    .concat(next === undefined ? [] : next);
  const figures = versions.map((version) => {
    const own = all.filter((one) => one.version === version)[0] as Measured;
    const { rows: n } = own.metrics;
    const rows = measured
      .filter(({ VERSION }) => VERSION === version)
      .map((row) => (row.PREDICTOR === 'model' ? { ...row, METRICS: own.metrics } : row));
    const rounded = roundFigures(rows, n) as Readonly<Record<string, unknown>>[];
    const lineage = shownLineage(own.lineage, n);
    return {
      version,
      rows: rounded.map((row) => (row.PREDICTOR === 'model' ? { ...row, LINEAGE: lineage } : row)),
    };
  });
  return {
    sql: 'SELECT VALUE:version::VARCHAR AS SUBJECT, VALUE:rows AS FIGURES FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))',
    binds: [JSON.stringify(figures)],
  };
}

function shownLineage(lineage: Measured['lineage'], n: number): Measured['lineage'] {
  const shown: Record<string, unknown> = {};
  for (const key of Object.keys(lineage))
    shown[key] = SCORES.includes(key) ? coarseFigures(lineage[key], n) : lineage[key];
  const { trainMin: _shortest, ...split } = (lineage.split || {}) as Record<string, unknown>;
  return { ...shown, split };
}

/** Reads what is published of a version's holdout as a whole, rounded; null: nothing is. */
export function* publishedMetrics(place: Place, version: string): Work<Metrics | null> {
  const row = yield* queryFirst(
    `SELECT METRICS FROM ${qualify(place, 'LOS_PUBLISHED_ROWS')} WHERE KIND = 'holdout' AND SUBJECT = ? AND PREDICTOR = 'model'`,
    [version],
  );
  return row ? variant<Metrics>(row.METRICS) : null;
}
