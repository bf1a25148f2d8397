import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { literal, type Place, qualify } from '../ground/names.js';
import { query, type Row, variant, type Work } from '../ground/work.js';
import { publish } from './publish.js';
import { roundFigures } from './rounding.js';

/** Whose versions. */
export interface Versions {
  readonly place: Place;
  readonly contract: Contract;
}

/** The same of each version that waits to be published: those before it were published, or wait as well. */
export function* publishHoldouts(of: Versions): Work<void> {
  const { place, contract } = of;
  const waiting = yield* query<{ VERSION: string; METRICS: unknown }>(
    `SELECT VERSION, METRICS FROM ${qualify(place, 'LOS_MODEL_REGISTRY')} WHERE DATASET = ? AND METRICS IS NOT NULL AND VERSION NOT IN (
  SELECT SUBJECT FROM ${qualify(place, 'LOS_PUBLICATIONS')} WHERE DATASET = ? AND KIND = 'holdout') ORDER BY NUMBER`,
    [contract.name, contract.name],
  );
  for (const { VERSION, METRICS } of waiting) yield* publishHoldout(of, VERSION, variant(METRICS));
}

/**
 * Publishes how good a version was on its holdout, unless that has a few stays more or fewer than what was published before. It was measured
 * once; where rows of its holdout have been erased since, it is not known whom it is about, and it is not published.
 * @param metrics as the registry has them
 */
export function* publishHoldout(
  { place, contract }: Versions,
  version: string,
  metrics: { readonly rows: number },
): Work<void> {
  const table = (name: string) => qualify(place, name);
  const held = `FROM ${table('LOS_EVALUATION')} AS e WHERE e.VERSION = ${literal(version)} AND e.SIDE = 'holdout'`;
  const measured = yield* query<Row>(
    `SELECT * EXCLUDE VERSION FROM ${table('LOS_EVALUATION_METRICS')} WHERE VERSION = ? AND GROUPED_BY = 'all' ORDER BY PREDICTOR`,
    [version],
  );
  const rows = measured.map((row) => (row.PREDICTOR === 'model' ? { ...row, METRICS: metrics } : row));
  yield* publish(
    { place, dataset: contract.name },
    {
      kind: 'holdout',
      members: `SELECT ${literal(version)} AS SUBJECT, e.CASE_ID, COALESCE(f.PATIENT, e.CASE_ID) AS PATIENT, TO_VARCHAR(e.LOS) AS STATE
FROM (SELECT e.CASE_ID, e.LOS ${held} AND (SELECT COUNT(*) ${held}) = ${Number(metrics.rows)}) AS e
LEFT JOIN (
  SELECT TO_VARCHAR(${contract.id}) AS CASE_ID, TO_VARCHAR(${contract.patient ?? contract.id}) AS PATIENT FROM ${table(datasetNames(contract).features)}
) AS f ON f.CASE_ID = e.CASE_ID`,
      figures: () => 'SELECT ? AS SUBJECT, PARSE_JSON(?) AS FIGURES',
      binds: [version, JSON.stringify(roundFigures(rows, metrics.rows))],
    },
  );
}
