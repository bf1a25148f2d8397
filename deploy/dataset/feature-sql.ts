import type { Settings } from '../settings/settings.js';
import type { Contract, Feature } from './contract.js';
import { datasetNames, literal, qualified, shared } from './names.js';

/** Column definitions of the raw admissions table. */
export function rawColumns(contract: Contract): string[] {
  return Object.entries(contract.columns).map(([name, type]) => `${name} ${type}`);
}

/** Column definitions of the feature table: identifiers, inputs, and LOS once it is known. */
export function featureColumns(contract: Contract): string[] {
  return [
    ...keptColumns(contract).map((name) => `${name} ${contract.columns[name]}`),
    ...Object.entries(contract.features).map(([name, feature]) => `${name} ${featureType(feature)}`),
    'LOS FLOAT',
    'BUILT_AT TIMESTAMP_LTZ',
  ];
}

/** Columns that the feature table carries beside the inputs: for joining, splitting and reporting. */
export function keptColumns(contract: Contract): string[] {
  const names = [contract.id, contract.patient, contract.admission, contract.split?.column];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Levels are text, so that the encoder and a caller's OBJECT compare the same thing. */
function featureType(feature: Feature): string {
  return feature.type === 'numeric' ? 'FLOAT' : 'VARCHAR';
}

/**
 * SELECT of one feature row per row of `source`: identifiers, inputs and LOS (NULL while in hospital).
 * Defaults are filled in by an inner SELECT, so that an expression sees them.
 * @param source what stands after FROM, with its WHERE
 */
export function featureSelect(contract: Contract, source: string): string {
  const features = Object.entries(contract.features);
  const inner = new Map<string, string>();
  for (const name of Object.keys(contract.columns)) inner.set(name, name);
  for (const [name, feature] of features)
    if (feature.sql === undefined) inner.set(name, `${withDefault(name, feature)} AS ${name}`);
  for (const name of [contract.discharge, contract.los, ...contract.afterAdmission])
    if (name !== undefined) inner.delete(name);
  inner.set('LOS', `${losExpression(contract)} AS LOS`);

  const outer = [
    ...keptColumns(contract),
    ...features.map(([name, feature]) =>
      feature.sql === undefined ? name : `${withDefault(`(${feature.sql})`, feature)} AS ${name}`,
    ),
    'LOS',
  ];
  return `SELECT ${outer.join(',\n    ')}\n  FROM (SELECT ${[...inner.values()].join(',\n      ')}\n    FROM ${source})`;
}

/** Length of stay in days as the contract defines it; NULL while it is not known. */
export function losExpression(contract: Contract): string {
  return contract.los === undefined
    ? `DATEDIFF(day, ${contract.admission}, ${contract.discharge})::FLOAT`
    : `${contract.los}::FLOAT`;
}

function withDefault(expression: string, feature: Feature): string {
  const typed = feature.type === 'numeric' ? `${expression}::FLOAT` : `TO_VARCHAR(${expression})`;
  if (feature.default === undefined) return typed;
  const value = feature.type === 'numeric' ? String(feature.default) : literal(String(feature.default));
  return `COALESCE(${typed}, ${value})`;
}

/** `OBJECT_CONSTRUCT('AGE', AGE, …)` over the inputs and nothing else. A NULL leaves its key out. */
export function featureObject(contract: Contract): string {
  const pairs = Object.keys(contract.features).map((name) => `${literal(name)}, ${name}`);
  return `OBJECT_CONSTRUCT(${pairs.join(', ')})`;
}

/** The statements of the procedure that builds features; it runs them in one transaction. */
export interface BuildPlan {
  readonly dataset: string;
  /** Whether the raw table's stream holds anything: one row, one column. */
  readonly pending: string;
  /** Consumes the raw table's stream: new admissions are inserted, changed ones (discharges) updated. */
  readonly merge: string;
  /** Fills in the actual stay of logged predictions whose patients have been discharged. */
  readonly actuals: string;
  readonly runLog: string;
}

export function buildPlan(contract: Contract, settings: Settings): BuildPlan {
  const names = datasetNames(contract);
  const { id } = contract;
  const columns = [...keptColumns(contract), ...Object.keys(contract.features), 'LOS'];
  // A row that nothing identifies can be neither corrected nor found again: it is read and left out.
  const source = `${qualified(settings, names.rawStream)} WHERE METADATA$ACTION = 'INSERT' AND ${id} IS NOT NULL`;
  const others = columns.filter((name) => name !== id);
  return {
    dataset: contract.name,
    pending: `SELECT SYSTEM$STREAM_HAS_DATA(${literal(qualified(settings, names.rawStream))})`,
    merge: `MERGE INTO ${qualified(settings, names.features)} AS f
USING (
  ${featureSelect(contract, source)}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ${id} ORDER BY LOS NULLS LAST) = 1
) AS n
ON f.${id} = n.${id}
WHEN MATCHED THEN UPDATE SET ${others.map((name) => `${name} = n.${name}`).join(', ')}, BUILT_AT = CURRENT_TIMESTAMP()
WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}, BUILT_AT)
  VALUES (${columns.map((name) => `n.${name}`).join(', ')}, CURRENT_TIMESTAMP())`,
    actuals: `UPDATE ${qualified(settings, shared.log)} AS l
SET ACTUAL_LOS = f.LOS
FROM ${qualified(settings, names.features)} AS f
WHERE l.DATASET = ${literal(contract.name)} AND l.CASE_ID = TO_VARCHAR(f.${id})
  AND l.ACTUAL_LOS IS NULL AND f.LOS IS NOT NULL`,
    runLog: qualified(settings, shared.runs),
  };
}

/** The statement of the procedure that scores. */
export interface ScorePlan {
  readonly dataset: string;
  /** Whether a version of this dataset has been promoted: one row, one column. */
  readonly champion: string;
  /** One INSERT whose SELECT reads the stream: the offset moves in its transaction. Bind 1 is the run id. */
  readonly score: string;
  readonly runLog: string;
}

export function scorePlan(contract: Contract, settings: Settings): ScorePlan {
  const names = datasetNames(contract);
  return {
    dataset: contract.name,
    champion: `SELECT MAX(VERSION) FROM ${qualified(settings, shared.registry)}
WHERE DATASET = ${literal(contract.name)} AND STATUS = 'CHAMPION'`,
    // Rows whose stay is already known are history: consumed, not scored.
    score: `INSERT INTO ${qualified(settings, shared.log)}
  (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, FEATURES,
   PREDICTED_LOS, LOW_LOS, HIGH_LOS, LOW95_LOS, HIGH95_LOS, LONG_STAY, UNKNOWN_FEATURES)
SELECT ${literal(contract.name)}, CASE_ID, DETAIL:version::VARCHAR, ?, CURRENT_TIMESTAMP(), FEATURES,
  DETAIL:days::FLOAT, DETAIL:low::FLOAT, DETAIL:high::FLOAT, DETAIL:low95::FLOAT, DETAIL:high95::FLOAT,
  DETAIL:long_stay::FLOAT, GET(DETAIL, 'unknown')::ARRAY
FROM (
  SELECT CASE_ID, FEATURES, ${qualified(settings, shared.detail)}(FEATURES) AS DETAIL
  FROM (
    SELECT TO_VARCHAR(${contract.id}) AS CASE_ID, ${featureObject(contract)} AS FEATURES
    FROM ${qualified(settings, names.featureStream)}
    WHERE LOS IS NULL
  )
)`,
    runLog: qualified(settings, shared.runs),
  };
}
