import type { Model } from '../../udfs/model.js';
import { CALLER, literal, type Place, qualify } from '../ground/names.js';
import { execute, query, queryFirst, Refused, type Row, variant, type Work } from '../ground/work.js';
import type { Metrics } from '../judging/metrics.js';
import { type Version, versionOf } from './version.js';

/** State of a version. */
export type Status = 'TRAINING' | 'TRAINED' | 'CHAMPION' | 'RETIRED' | 'FAILED' | 'REMOVED';

/** A version as LOS_MODEL_REGISTRY knows it. */
export interface RegistryEntry {
  readonly version: string;
  readonly number: number;
  /** Stamp of the training that made it, as its names carry it; null: made by 0.2.0 or before. */
  readonly stamp: string | null;
  readonly dataset: string;
  readonly status: Status;
  readonly endpoint: string | null;
  readonly requestTranslator: string | null;
  /** When it became champion last, in ISO form; null: never. */
  readonly promotedAt: string | null;
  /** Since when a person is asked to promote it, in ISO form; null: it is not proposed. */
  readonly proposedAt: string | null;
  /** Who promoted it last, and why although a gate said no; null: never, or no gate did. */
  readonly promotedBy: string | null;
  readonly promotionReason: string | null;
  readonly createdAt: string;
}

/** Record of a version, written when it was trained. */
export interface VersionRecord extends VersionFigures {
  readonly model: Model;
}

/** The same without the model. */
export interface VersionFigures {
  readonly metrics: Metrics;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly lineage: Readonly<Record<string, unknown>>;
  readonly trainingJob: string;
  readonly artifact: string;
}

/** Columns that may have the name of a version that the registry has lost, as when it was emptied by hand. */
const MENTIONED: readonly (readonly [table: string, column: string])[] = [
  ['LOS_MODEL_REGISTRY', 'VERSION'],
  ['LOS_TRAINING_RUNS', 'VERSION'],
  ['LOS_PREDICTION_LOG', 'MODEL_VERSION'],
  ['LOS_SHADOW_LOG', 'VERSION'],
  ['LOS_EVALUATION', 'VERSION'],
  ['LOS_EVALUATION_METRICS', 'VERSION'],
  ['LOS_EVENTS', 'SUBJECT'],
];

/**
 * The next number of the dataset, beyond any that anything here mentions: what an earlier version predicted must never be
 * taken for its namesake's. Its row is to be written in the transaction that decides on it.
 * @param registered names of versions that SageMaker knows
 */
export function* nextNumber(place: Place, dataset: string, registered: readonly string[] = []): Work<number> {
  const stem = `${dataset}-v`;
  const named = MENTIONED.map(
    ([name, column]) => `SELECT DISTINCT ${column} AS VERSION FROM ${qualify(place, name)}`,
  ).join('\n  UNION ');
  const row = yield* queryFirst(
    `SELECT COALESCE(MAX(TRY_TO_NUMBER(SUBSTR(VERSION, ${stem.length + 1}))), 0) AS LAST
FROM (${named}) WHERE STARTSWITH(VERSION, ${literal(stem)})`,
  );
  const numbers = registered
    .filter((version) => version.slice(0, stem.length) === stem)
    .map((version) => Number(version.slice(stem.length)))
    .filter((number) => Number.isFinite(number));
  return Math.max(Number(row?.LAST || 0), ...numbers) + 1;
}

/** Takes a number by writing the version's row. */
export function* openVersion(place: Place, dataset: string, number: number, stamp: string): Work<void> {
  yield* execute(
    `INSERT INTO ${table(place)} (VERSION, DATASET, NUMBER, STAMP, STATUS, CREATED_AT)
SELECT ?, ?, ?::NUMBER(38,0), ?, 'TRAINING', CURRENT_TIMESTAMP()`,
    [`${dataset}-v${number}`, dataset, number, stamp],
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
  /** Its model of stays that have begun; null: none serves. */
  readonly stay?: object | null;
}

/** Fills in a version that was trained and evaluated. */
export function* closeVersion(place: Place, trained: TrainedVersion): Work<void> {
  yield* execute(
    `UPDATE ${table(place)} SET STATUS = 'TRAINED', ENDPOINT = ?, TRAINING_JOB = ?, ARTIFACT = ?,
  REQUEST_TRANSLATOR = ?, MODEL = PARSE_JSON(?), PARAMETERS = PARSE_JSON(?), METRICS = PARSE_JSON(?),
  LINEAGE = PARSE_JSON(?)${trained.stay ? ', STAY = PARSE_JSON(?)::OBJECT' : ''}
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
      ...(trained.stay ? [JSON.stringify(trained.stay)] : []),
      trained.version,
    ],
  );
}

/** A version's model of stays that have begun. */
export interface StayRecord {
  readonly model: Model;
  readonly artifact: string;
}

/** null: none serves. */
export function* stayOfVersion(place: Place, version: string): Work<StayRecord | null> {
  const row = yield* queryFirst(`SELECT STAY FROM ${table(place)} WHERE VERSION = ? AND STAY IS NOT NULL`, [
    version,
  ]);
  return row ? variant<StayRecord>(row.STAY) : null;
}

/** Changes the state of a version. Nothing else does, but for promotion and for the end of a deployment. */
export function* setStatus(place: Place, version: string, status: Status): Work<void> {
  yield* execute(`UPDATE ${table(place)} SET STATUS = ? WHERE VERSION = ?`, [status, version]);
}

/** Says of a version whose training is given up that it came to nothing; one that is finished stays what it is. */
export function* failUnfinished(place: Place, version: string): Work<void> {
  yield* execute(`UPDATE ${table(place)} SET STATUS = ? WHERE VERSION = ? AND STATUS = 'TRAINING'`, [
    'FAILED',
    version,
  ]);
}

/** Says of all versions that their endpoints have gone: with a deployment whose data is kept, they do. */
export function* removeVersions(place: Place): Work<void> {
  yield* execute(
    `UPDATE ${table(place)} SET STATUS = 'REMOVED' WHERE STATUS IN ('TRAINED', 'CHAMPION', 'RETIRED')`,
  );
}

/**
 * Makes one version the champion and retires the one before, in one statement. There is one predict_los, so
 * there is one champion, whatever dataset it is of. What was proposed was judged beside the former champion, and is proposed no longer.
 * @param by what promotes it; null: the user who calls
 * @param reason why a person promotes it over gates; null: what was said before stands
 */
export function* markChampion(
  place: Place,
  version: string,
  by: string | null,
  reason: string | null = null,
): Work<void> {
  yield* execute(
    `UPDATE ${table(place)}
SET STATUS = CASE WHEN VERSION = ? THEN 'CHAMPION' WHEN STATUS = 'CHAMPION' THEN 'RETIRED' ELSE STATUS END,
  PROMOTED_AT = IFF(VERSION = ?, CURRENT_TIMESTAMP(), PROMOTED_AT),
  PROMOTED_BY = IFF(VERSION = ?, COALESCE(?, ${CALLER}), PROMOTED_BY),
  PROMOTION_REASON = IFF(VERSION = ?, COALESCE(?, PROMOTION_REASON), PROMOTION_REASON), PROPOSED_AT = NULL
WHERE VERSION = ? OR STATUS = 'CHAMPION' OR PROPOSED_AT IS NOT NULL`,
    [version, version, version, by, version, reason, version],
  );
}

/** Asks a person to promote a version, in place of any that was proposed before. */
export function* markProposed(place: Place, dataset: string, version: string): Work<void> {
  yield* execute(
    `UPDATE ${table(place)} SET PROPOSED_AT = IFF(VERSION = ?, CURRENT_TIMESTAMP(), NULL)
WHERE VERSION = ? OR (DATASET = ? AND PROPOSED_AT IS NOT NULL)`,
    [version, version, dataset],
  );
}

interface EntryRow extends Row {
  readonly VERSION: string;
  readonly DATASET: string;
  readonly NUMBER: number;
  readonly STAMP: string | null;
  readonly STATUS: Status;
  readonly ENDPOINT: string | null;
  readonly REQUEST_TRANSLATOR: string | null;
  readonly PROMOTED: string | null;
  readonly PROPOSED: string | null;
  readonly PROMOTED_BY: string | null;
  readonly PROMOTION_REASON: string | null;
  readonly CREATED: string;
}

/** View of the registry for LOS_READ: all but the models. */
export const FIGURES = 'LOS_MODELS';

/** All versions of all datasets, newest first. @param from the registry, or FIGURES */
export function* versions(place: Place, from?: typeof FIGURES): Work<RegistryEntry[]> {
  const rows = yield* query<EntryRow>(
    `SELECT VERSION, DATASET, NUMBER, STAMP, STATUS, ENDPOINT, REQUEST_TRANSLATOR, PROMOTED_BY, PROMOTION_REASON,
  TO_VARCHAR(PROMOTED_AT, 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS PROMOTED,
  TO_VARCHAR(IFF(STATUS = 'TRAINED', PROPOSED_AT, NULL), 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS PROPOSED,
  TO_VARCHAR(CREATED_AT, 'YYYY-MM-DD"T"HH24:MI:SS.FF3TZHTZM') AS CREATED
FROM ${table(place, from)}
ORDER BY CREATED_AT DESC, NUMBER DESC`,
  );
  return rows.map((row) => ({
    version: row.VERSION,
    number: Number(row.NUMBER),
    stamp: row.STAMP || null,
    dataset: row.DATASET,
    status: row.STATUS,
    endpoint: row.ENDPOINT,
    requestTranslator: row.REQUEST_TRANSLATOR,
    promotedAt: row.PROMOTED,
    proposedAt: row.PROPOSED || null,
    promotedBy: row.PROMOTED_BY || null,
    promotionReason: row.PROMOTION_REASON || null,
    createdAt: row.CREATED,
  }));
}

/** The names of a version of the registry. */
export function namesOf(
  settings: { readonly prefix: string },
  { dataset, number, stamp }: Pick<RegistryEntry, 'dataset' | 'number' | 'stamp'>,
): Version {
  return versionOf({ name: dataset }, settings, number, stamp);
}

/** The same by its name alone, also of one that the registry has lost: there may be something to be removed. */
export function* namesOfVersion(
  place: Place & { readonly prefix: string },
  dataset: string,
  name: string,
): Work<Version> {
  const row = yield* queryFirst(`SELECT STAMP FROM ${table(place)} WHERE VERSION = ?`, [name]);
  const number = Number(name.slice(name.lastIndexOf('-v') + 2));
  return namesOf(place, { dataset, number, stamp: row?.STAMP ? String(row.STAMP) : null });
}

/** The version that answers predict_los, if it is of this dataset. */
export function* championOf(
  place: Place,
  dataset: string,
  from?: typeof FIGURES,
): Work<RegistryEntry | undefined> {
  return (yield* versions(place, from)).find(
    (entry) => entry.status === 'CHAMPION' && entry.dataset === dataset,
  );
}

/** The version of that name, or with no name the newest that was finished. */
export function* findVersion(
  place: Place,
  dataset: string,
  name?: string | null,
  from?: typeof FIGURES,
): Work<RegistryEntry> {
  const known = (yield* versions(place, from)).filter((entry) => entry.dataset === dataset);
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
  const row = yield* requireRecord(place, version, 'LOS_MODEL_REGISTRY', 'MODEL, ');
  return { ...figuresIn(row), model: variant(row.MODEL) };
}

/** The same without the model, for those who may only read figures. */
export function* figuresOf(place: Place, version: string): Work<VersionFigures> {
  return figuresIn(yield* requireRecord(place, version, FIGURES));
}

function* requireRecord(place: Place, version: string, from: string, more = ''): Work<Row> {
  const row = yield* queryFirst(
    `SELECT METRICS, ${more}PARAMETERS, LINEAGE, TRAINING_JOB, ARTIFACT FROM ${qualify(place, from)}
WHERE VERSION = ? AND METRICS IS NOT NULL`,
    [version],
  );
  if (!row)
    throw new Refused(
      from === FIGURES
        ? `${version} was never finished, or its holdout differs by fewer than ten patients from what was published before.`
        : `${version} was never finished, so nothing is known of it.`,
      from === FIGURES ? 'LOS_OPERATE may read what there is.' : 'Run los train again.',
    );
  return row;
}

function figuresIn(row: Row): VersionFigures {
  return {
    metrics: variant(row.METRICS),
    parameters: variant(row.PARAMETERS),
    lineage: variant(row.LINEAGE),
    trainingJob: String(row.TRAINING_JOB),
    artifact: String(row.ARTIFACT),
  };
}

function table(place: Place, name: string = 'LOS_MODEL_REGISTRY'): string {
  return qualify(place, name);
}
