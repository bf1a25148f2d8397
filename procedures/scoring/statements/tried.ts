import type { Contract } from '../../dataset/contract.js';
import { columnsIn, featuresToCompute, variantAs } from '../../dataset/inputs-sql.js';
import { datasetNames } from '../../dataset/names.js';
import { hasStream } from '../../dataset/origin/door.js';
import { rawName, rawRows, rawType, rawValue, sourceOf } from '../../dataset/raw.js';
import { fromEntries } from '../../ground/lists.js';
import { literal, type Place, qualify } from '../../ground/names.js';
import type { SourcePlan, TriedValue } from '../plans.js';
import { listSql } from './lists.js';

/** Text after FROM to read the stream on the hospital's rows; where there is none, nothing has come in it. */
export function streamSql(contract: Contract, place: Place): string {
  const { raw, rawStream } = datasetNames(contract);
  return hasStream(contract)
    ? qualify(place, rawStream)
    : `(SELECT *, 'INSERT' AS METADATA$ACTION FROM ${qualify(place, raw)} WHERE FALSE)`;
}

/** Texts after FROM to read the hospital's table, and its stream, by the contract's names: `{{raw}}` and `{{stream}}` (batches/source.ts). */
export function sourceRows(
  contract: Contract,
  place: Place,
): { readonly raw: string; readonly stream: string } {
  const names = datasetNames(contract);
  return {
    raw: rawRows(contract, qualify(place, names.raw)),
    stream: rawRows(contract, streamSql(contract, place), ['METADATA$ACTION']),
  };
}

/** The same value by value, for where the table has text in place of a column's type. */
export function sourcePlan(contract: Contract, place: Place): SourcePlan {
  const { id } = contract;
  const names = datasetNames(contract);
  const { database, schema } = place.snowflake;
  const changed = qualify(place, names.changed);
  const kept = qualify(place, names.kept);
  const values: TriedValue[] = [];
  const columns: Record<string, number> = {};
  const sources: Record<string, [string, string]> = {};
  for (const name of Object.keys(contract.columns)) {
    const value = readingOf(contract, name, '{{column}}');
    const known = values.findIndex((other) => JSON.stringify(other) === JSON.stringify(value));
    columns[name] = known < 0 ? values.push(value) - 1 : known;
    if (sourceOf(contract, name) !== name)
      sources[name] = [sourceOf(contract, name), rawName(contract, name)];
  }
  return {
    ...(contract.origin
      ? {
          keep: `CREATE OR REPLACE TEMPORARY TABLE ${kept} AS SELECT * FROM {{raw}}`,
          kept,
          drop: `DROP TABLE IF EXISTS ${kept}`,
        }
      : { keep: '', kept: '', drop: '' }),
    // A view is listed with the types that it was made with, whatever has become of what is below.
    textColumns: contract.origin
      ? `SELECT f.KEY FROM (
  SELECT OBJECT_CONSTRUCT(${listSql(Object.keys(contract.columns), (name) => `'${name}', COUNT_IF(TYPEOF(TO_VARIANT(${name})) = 'VARCHAR')`)}) AS TEXTS FROM ${qualify(place, names.raw)}
) AS t, LATERAL FLATTEN(INPUT => t.TEXTS) AS f WHERE f.VALUE > 0`
      : `SELECT COLUMN_NAME FROM ${database}.INFORMATION_SCHEMA.COLUMNS
WHERE TABLE_SCHEMA = ${literal(schema)} AND TABLE_NAME = ${literal(names.raw)} AND DATA_TYPE IN ('TEXT', 'VARIANT')`,
    rows: sourceRows(contract, place),
    raw: qualify(place, names.raw),
    stream: streamSql(contract, place),
    id,
    inputs: Object.keys(contract.features),
    values,
    columns,
    sources,
    reads: fromEntries(
      featuresToCompute(contract).map(
        ({ name, sql }) => [name, columnsIn(contract, sql)] as [string, string[]],
      ),
    ),
    mark: `UPDATE ${changed} AS c SET LOS_NOT_COMPUTED = u.LOS_UNFIT
FROM (
  SELECT ${id} AS LOS_ID, LOS_UNFIT FROM {{raw}} WHERE ARRAY_SIZE(LOS_UNFIT) > 0
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ${id} ORDER BY ARRAY_SIZE(LOS_UNFIT)) = 1
) AS u
WHERE c.${id} = u.LOS_ID`,
    marked: `SELECT n.VALUE::VARCHAR, COUNT(*) FROM ${changed} AS c, LATERAL FLATTEN(INPUT => c.LOS_NOT_COMPUTED) AS n GROUP BY 1 ORDER BY 1`,
    unfitNow: `SELECT COUNT_IF(LOS_UNFIT_ID AND METADATA$ACTION = 'INSERT') FROM {{stream}}`,
    unfit: `SELECT COUNT_IF(LOS_UNFIT_ID) FROM {{raw}}`,
  };
}

/** SQL of the id of a raw row, NULL for what is none by its type. */
export function triedId(contract: Contract): string {
  return readingOf(contract, contract.id).tried;
}

/** @param raw SQL of the column in the table */
function readingOf(contract: Contract, column: string, raw = rawName(contract, column)): TriedValue {
  const type = rawType(contract, column) ?? 'VARCHAR';
  const text = `TO_VARCHAR(${raw})`;
  const plain = rawValue(contract, column, raw);
  if (/^VARCHAR/.test(type)) return { plain, tried: plain, unfit: '' };
  const [, zoned] = /^TIMESTAMP_(LTZ|TZ)/.exec(type) ?? [];
  const read = zoned ? `TRY_TO_TIMESTAMP_${zoned}(${text})` : variantAs(type, text);
  return {
    plain,
    tried: rawValue(contract, column, read),
    // Blanks are missing, and no value that does not fit.
    unfit: `(TRIM(${text}) <> '' AND ${read} IS NULL)`,
  };
}
