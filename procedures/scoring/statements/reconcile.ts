import { MARKS } from '../../../udfs/encoding/marks.js';
import type { Contract } from '../../dataset/contract.js';
import { losExpression } from '../../dataset/feature-sql.js';
import { SETTLED_HOURS } from '../../dataset/first-inputs.js';
import { datasetNames } from '../../dataset/names.js';
import { patientHash } from '../../dataset/origin/forgotten.js';
import { literal, type Place, qualify } from '../../ground/names.js';
import { later, type SqlFile } from '../../ground/plan.js';
import type { ReconcilePlan } from '../plans.js';
import { type BatchValues, columnLists, listSql } from './lists.js';
import { rowHash, sourceHash } from './row-hash.js';
import { streamSql, triedId } from './tried.js';

/** A log of which less is left has lost rows; single ones may have been erased since they were counted. */
const LEAST_LEFT = 0.95;

/** Admissions that one transaction of a reconciliation rebuilds. */
const PIECE_ROWS = 125_000;

/** A time at which no row was built: of the one that is kept of several. */
const DOUBLED = `TO_TIMESTAMP_LTZ('1900-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')`;

/** The features of a row as a prediction is asked from them (feature-sql.ts, `featureObject`). */
function objectSql(contract: Contract): string {
  const { inputs } = columnLists(contract);
  return `OBJECT_CONSTRUCT(${listSql(inputs, (name) => `'${name}', ${name}`)}, '${MARKS.defaulted}', NULLIF(DEFAULTED, ''))`;
}

/** FIRST_INPUTS of what a prediction was asked from, which leaves out what was missing. */
function firstInputsSql(contract: Contract): string {
  const values = listSql(
    columnLists(contract).typedInputs,
    ({ name, type, key }) => `'${key}', GET(l.FIRST_FEATURES, '${name}')::${type}`,
  );
  return `OBJECT_CONSTRUCT_KEEP_NULL('DEFAULTED', COALESCE(GET(l.FIRST_FEATURES, '${MARKS.defaulted}')::VARCHAR, ''), ${values})`;
}

/**
 * Plans the statements that find and mend what a reconciliation finds to differ, but for what is the same for batches.
 * @param values placeholders of sql/features/: qualified names, raw and changed rows
 * @param lostLog see `lostLogSql`
 * @param collect renders the statements that collect a batch
 */
export function differencePlan(
  contract: Contract,
  values: BatchValues,
  lostLog: string,
  sqlFile: SqlFile,
  collect: (find: { readonly ids: string; readonly candidates: string }) => {
    readonly collect: string;
    readonly choose: string;
  },
): Omit<ReconcilePlan, 'actuals' | 'queue'> {
  const { id, columns, admission, patient } = contract;
  const { changed, features, raw } = values;
  const lists = columnLists(contract);
  const known = rowHash(contract, 'r.LOS_SOURCE', 'f.');
  // Rows of others that were read before one of them was erased here.
  const forgotten = contract.origin
    ? [`SHA2(TO_VARCHAR(${id}))`, ...(patient === undefined ? [] : [patientHash(`TO_VARCHAR(${patient})`)])]
        .map(
          (hash) =>
            ` OR ${hash} IN (SELECT ID_HASH FROM ${values.forgotten} WHERE DATASET = ${values.dataset})`,
        )
        .join('')
    : '';
  const countFound = (waiting: string) => `SELECT COUNT_IF(c.LOS_FOUND = 'missing' AND s.LOS_ID IS NULL),
  COUNT_IF(c.LOS_FOUND = 'different' AND s.LOS_ID IS NULL), COUNT_IF(c.LOS_FOUND = 'unmarked'), MAX(c.${id})::VARCHAR
FROM ${changed} AS c LEFT JOIN ${waiting} AS s ON s.LOS_ID = c.${id}`;
  return {
    lostLog,
    pieceRows: PIECE_ROWS,
    repeated: `SELECT COUNT(${id}) - COUNT(DISTINCT ${id}) FROM ${raw}`,
    doubled: `SELECT COALESCE(SUM(N - 1), 0) FROM (SELECT COUNT(*) AS N FROM ${features} GROUP BY ${id} HAVING COUNT(*) > 1)`,
    keepOne: sqlFile('sql/features/keep-one.sql', { ...values, mark: DOUBLED }),
    dropOthers: `DELETE FROM ${features} WHERE ${id} IN (SELECT ${id} FROM ${features} WHERE BUILT_AT = ${DOUBLED})
  AND BUILT_AT IS DISTINCT FROM ${DOUBLED}`,
    unmark: `UPDATE ${features} SET BUILT_AT = CURRENT_TIMESTAMP() WHERE BUILT_AT = ${DOUBLED}`,
    differences: sqlFile('sql/features/differences.sql', {
      ...values,
      ...later('after', 'all'),
      source_hash: sourceHash(contract),
      hash: known,
      // Seconds, doubled, and one where the stay is known: in the order in which a batch chooses among several rows.
      key: `${admission === undefined ? '0' : `COALESCE(DATE_PART(epoch_second, ${admission}), -1e15) * 2`} + IFF(${losExpression(contract)} IS NULL, 0, 1)`,
    }),
    first: `\nORDER BY LOS_ID LIMIT ${PIECE_ROWS}`,
    after: `${id} > ?::${columns[id]}`,
    found: countFound(`(SELECT DISTINCT ${id} AS LOS_ID FROM ${values.stream})`),
    foundAlone: countFound(`(SELECT ${id} AS LOS_ID FROM ${changed} WHERE FALSE)`),
    ...collect({
      ids: `SELECT ${id} AS LOS_ID, 0 AS LOS_CAME FROM ${changed} WHERE LOS_FOUND IS NOT NULL`,
      candidates: `SELECT ${listSql(lists.columns, (name) => `r.${name}`)}, COALESCE(f.ROW_HASH = ${known}, FALSE) AS LOS_FRESH
    FROM (SELECT ${lists.columns.join(', ')}, ${sourceHash(contract)} AS LOS_SOURCE FROM ${raw}) AS r LEFT JOIN ${features} AS f ON f.${id} = r.${id}`,
    }),
    collected: `DELETE FROM ${changed} WHERE LOS_FOUND IS NOT NULL${forgotten}`,
    remember: rememberSql(contract, values, sqlFile, ' OR f.INPUTS_BUILT_AT <> l.LAST_INPUTS_AT'),
    // Whose feature row is lost as well as the row that it followed from is known to the log alone.
    lost: `UPDATE ${values.log} SET WITHDRAWN_AT = CURRENT_TIMESTAMP() WHERE DATASET = ${values.dataset} AND WITHDRAWN_AT IS NULL
  AND CASE_ID NOT IN (SELECT TO_VARCHAR(${id}) FROM ${features} WHERE ${id} IS NOT NULL)`,
    unchanged: sqlFile('sql/features/unchanged.sql', { ...values, object: objectSql(contract) }),
    quarantined: `DELETE FROM ${values.quarantine} WHERE DATASET = ${values.dataset}
  AND CASE_ID IN (SELECT CASE_ID FROM ${values.quarantine} WHERE DATASET = ${values.dataset} GROUP BY CASE_ID HAVING COUNT(*) > 1)`,
  };
}

/**
 * Writes what the log remembers of a batch's admissions whose feature row is younger than their first prediction.
 * @param orOther SQL of which others
 */
export function rememberSql(contract: Contract, values: BatchValues, sqlFile: SqlFile, orOther = ''): string {
  return sqlFile('sql/features/remember.sql', {
    ...values,
    object: objectSql(contract),
    first_inputs: firstInputsSql(contract),
    settled: String(SETTLED_HOURS),
    or_other: orOther,
  });
}

/**
 * SELECT of whether the prediction log has lost a good part of the rows that CHECK_TABLES has counted: one row, one column. Until they are back,
 * or their loss is accepted, no one is asked about whose prediction is lost: it would be there twice.
 */
export function lostLogSql(contract: Contract, place: Place): string {
  const dataset = literal(contract.name);
  return `SELECT SUM(ROW_COUNT) * ${LEAST_LEFT} > (SELECT COUNT(*) FROM ${qualify(place, 'LOS_PREDICTION_LOG')} WHERE DATASET = ${dataset}) AS LOST
FROM ${qualify(place, 'LOS_TABLE_COUNTS')} WHERE DATASET = ${dataset} AND TABLE_NAME = 'LOS_PREDICTION_LOG'`;
}

/** SELECT of whether the feature table has lost rows: one row with MISSING and DOUBLED. */
export function lostFeaturesSql(contract: Contract, place: Place, sqlFile: SqlFile): string {
  const names = datasetNames(contract);
  return sqlFile('sql/features/lost.sql', {
    id: contract.id,
    // One that is no id is set aside, and nothing of it is lost.
    raw_id: triedId(contract),
    raw: qualify(place, names.raw),
    // A stream on others' rows may be stale, and is missed by no one.
    stream: streamSql(contract.origin ? { ...contract, changes: 'comparison' } : contract, place),
    features: qualify(place, names.features),
  });
}
