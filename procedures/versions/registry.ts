import type { Model } from '../../udfs/model.js';
import { type Place, qualify } from '../ground/names.js';
import { execute, query, queryFirst, Refused, type Row, variant, type Work } from '../ground/work.js';
import type { Metrics } from '../judging/metrics.js';

/** Where a version stands. */
export type Status = 'TRAINING' | 'TRAINED' | 'CHAMPION' | 'RETIRED' | 'FAILED' | 'REMOVED';

/** A version as LOS_MODEL_REGISTRY knows it. */
export interface RegistryEntry {
  readonly version: string;
  readonly number: number;
  readonly dataset: string;
  readonly status: Status;
  readonly endpoint: string | null;
  readonly requestTranslator: string | null;
  /** When it became champion last, in ISO form; null: never. */
  readonly promotedAt: string | null;
  readonly createdAt: string;
}

/** What was written down when a version was trained. */
export interface VersionRecord {
  readonly metrics: Metrics;
  readonly model: Model;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly lineage: Readonly<Record<string, unknown>>;
  readonly trainingJob: string;
  readonly artifact: string;
}

/** The next free number of the dataset. Its row is to be written in the transaction that decides on it. */
export function* nextNumber(place: Place, dataset: string): Work<number> {
  const row = yield* queryFirst(
    `SELECT COALESCE(MAX(NUMBER), 0) + 1 AS NEXT FROM ${table(place)} WHERE DATASET = ?`,
    [dataset],
  );
  return Number(row?.NEXT || 1);
}

/** Takes a number by writing the version's row. */
export function* openVersion(place: Place, dataset: string, number: number): Work<void> {
  yield* execute(
    `INSERT INTO ${table(place)} (VERSION, DATASET, NUMBER, STATUS, CREATED_AT)
SELECT ?, ?, ?::NUMBER(38,0), 'TRAINING', CURRENT_TIMESTAMP()`,
    [`${dataset}-v${number}`, dataset, number],
  );
}

export interface TrainedVersion {
  readonly version: string;
  readonly endpoint: string;
  readonly job: string;
  readonly artifact: string;
  readonly requestTranslator: string;
  readonly model: Model;
  readonly parameters: object;
  readonly metrics: Metrics;
  readonly lineage: object;
}

/** Fills in a version that was trained and evaluated. */
export function* closeVersion(place: Place, trained: TrainedVersion): Work<void> {
  yield* execute(
    `UPDATE ${table(place)} SET STATUS = 'TRAINED', ENDPOINT = ?, TRAINING_JOB = ?, ARTIFACT = ?,
  REQUEST_TRANSLATOR = ?, MODEL = PARSE_JSON(?), PARAMETERS = PARSE_JSON(?), METRICS = PARSE_JSON(?),
  LINEAGE = PARSE_JSON(?)
WHERE VERSION = ? AND STATUS IN ('TRAINING', 'FAILED')`,
    [
      trained.endpoint,
      trained.job,
      trained.artifact,
      trained.requestTranslator,
      JSON.stringify(trained.model),
      JSON.stringify(trained.parameters),
      JSON.stringify(trained.metrics),
      JSON.stringify(trained.lineage),
      trained.version,
    ],
  );
}

/** Where a version stands is changed by this alone, but for promotion and for the end of a deployment. */
export function* setStatus(place: Place, version: string, status: Status): Work<void> {
  yield* execute(`UPDATE ${table(place)} SET STATUS = ? WHERE VERSION = ?`, [status, version]);
}

/** Says of all versions that their endpoints have gone: with a deployment whose data is kept, they do. */
export function* removeVersions(place: Place): Work<void> {
  yield* execute(
    `UPDATE ${table(place)} SET STATUS = 'REMOVED' WHERE STATUS IN ('TRAINED', 'CHAMPION', 'RETIRED')`,
  );
}

/**
 * Makes one version the champion and retires the one before, in one statement. There is one predict_los, so
 * there is one champion, whatever dataset it is of.
 */
export function* markChampion(place: Place, version: string): Work<void> {
  yield* execute(
    `UPDATE ${table(place)}
SET STATUS = IFF(VERSION = ?, 'CHAMPION', 'RETIRED'), PROMOTED_AT = IFF(VERSION = ?, CURRENT_TIMESTAMP(), PROMOTED_AT)
WHERE VERSION = ? OR STATUS = 'CHAMPION'`,
    [version, version, version],
  );
}

interface EntryRow extends Row {
  readonly VERSION: string;
  readonly DATASET: string;
  readonly NUMBER: number;
  readonly STATUS: Status;
  readonly ENDPOINT: string | null;
  readonly REQUEST_TRANSLATOR: string | null;
  readonly PROMOTED: string | null;
  readonly CREATED: string;
}

/** All versions of all datasets, newest first. */
export function* versions(place: Place): Work<RegistryEntry[]> {
  const rows = yield* query<EntryRow>(
    `SELECT VERSION, DATASET, NUMBER, STATUS, ENDPOINT, REQUEST_TRANSLATOR,
  TO_VARCHAR(PROMOTED_AT, 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS PROMOTED,
  TO_VARCHAR(CREATED_AT, 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS CREATED
FROM ${table(place)}
ORDER BY CREATED_AT DESC, NUMBER DESC`,
  );
  return rows.map((row) => ({
    version: row.VERSION,
    number: Number(row.NUMBER),
    dataset: row.DATASET,
    status: row.STATUS,
    endpoint: row.ENDPOINT,
    requestTranslator: row.REQUEST_TRANSLATOR,
    promotedAt: row.PROMOTED,
    createdAt: row.CREATED,
  }));
}

/** The version that answers predict_los, if it is of this dataset. */
export function* championOf(place: Place, dataset: string): Work<RegistryEntry | undefined> {
  return (yield* versions(place)).find((entry) => entry.status === 'CHAMPION' && entry.dataset === dataset);
}

/** The version of that name, or with no name the newest that was finished. */
export function* findVersion(place: Place, dataset: string, name?: string | null): Work<RegistryEntry> {
  const known = (yield* versions(place)).filter((entry) => entry.dataset === dataset);
  const entry = name
    ? known.find(({ version }) => version === name)
    : known.find(({ requestTranslator, status }) => requestTranslator !== null && status !== 'REMOVED');
  if (entry) return entry;
  throw name
    ? new Refused(
        `There is no version ${name}; known are ${known.map(({ version }) => version).join(', ') || 'none'}.`,
        'Give one of these.',
      )
    : new Refused(`No version of ${dataset} has been trained yet.`, 'Run los train first.');
}

/** @throws Refused for a version whose training did not end well */
export function* recordOf(place: Place, version: string): Work<VersionRecord> {
  const row = yield* queryFirst(
    `SELECT METRICS, MODEL, PARAMETERS, LINEAGE, TRAINING_JOB, ARTIFACT FROM ${table(place)}
WHERE VERSION = ? AND METRICS IS NOT NULL`,
    [version],
  );
  if (!row)
    throw new Refused(`${version} was never finished, so nothing is known of it.`, 'Run los train again.');
  return {
    metrics: variant(row.METRICS),
    model: variant(row.MODEL),
    parameters: variant(row.PARAMETERS),
    lineage: variant(row.LINEAGE),
    trainingJob: String(row.TRAINING_JOB),
    artifact: String(row.ARTIFACT),
  };
}

function table(place: Place): string {
  return qualify(place, 'LOS_MODEL_REGISTRY');
}
