import { flatMap } from '../ground/lists.js';
import { type Place, qualify } from '../ground/names.js';
import { query, type Row, type Work } from '../ground/work.js';
import { namesOf, type RegistryEntry } from './registry.js';

/** Which jobs' models may be removed from the bucket. */
export interface Leftovers {
  /** Stamps, 17 digits, of the trainings whose jobs' models have had their time. */
  readonly stamps: readonly string[];
  /** Jobs whose models stay all the same. */
  readonly kept: readonly string[];
}

/**
 * Finds what is left of trainings that ended so many days ago: the models that lost, and those of versions that retention removed. Where a
 * model lies is said before it is known whether it wins, so no lifecycle rule could tell them apart. Where the registry has lost a
 * version, its model stays.
 */
export function* findLeftovers(place: Place, days: number): Work<Leftovers> {
  const rows = yield* query(
    `SELECT r.DATA:stamp::VARCHAR AS STAMP, r.DATA:training:job::VARCHAR AS CHOSEN, COALESCE(r.DATA:stay:refitTraining:job, r.DATA:stay:training:job)::VARCHAR AS STAY, v.STATUS, v.TRAINING_JOB,
  COALESCE(r.STATUS <> 'OPEN' AND DATEDIFF(day, r.ENDED_AT, CURRENT_TIMESTAMP()) >= ${days}, FALSE) AS PAST
FROM ${qualify(place, 'LOS_TRAINING_RUNS')} AS r FULL JOIN ${qualify(place, 'LOS_MODEL_REGISTRY')} AS v ON v.VERSION = r.VERSION`,
  );
  const texts = (of: readonly Row[], columns: readonly string[]) =>
    flatMap(of, (row) =>
      columns
        .map((column) => row[column])
        .filter((value) => value !== null)
        .map(String),
    );
  return {
    stamps: texts(
      rows.filter(({ PAST }) => PAST === true),
      ['STAMP'],
    ),
    kept: texts(
      rows.filter(({ STATUS }) => STATUS !== 'REMOVED'),
      ['TRAINING_JOB', 'CHOSEN', 'STAY'],
    ),
  };
}

/**
 * Tells whether a file of the bucket is one of them.
 * @param key `models/JOB/output/model.tar.gz`; a search for parameters adds to the name of its jobs
 */
export function isLeftover(key: string, { stamps, kept }: Leftovers): boolean {
  const job = key.split('/')[1] || '';
  const found = /-(\d{17})(?:-|$)/.exec(job);
  return found !== null && stamps.indexOf(found[1] as string) >= 0 && kept.indexOf(job) < 0;
}

/** Problems of the endpoints: the champion's does not answer, or one is there of which the registry knows nothing (any more). */
export function endpointProblems(
  settings: { readonly prefix: string },
  known: readonly RegistryEntry[],
  endpoints: readonly { readonly name: string; readonly status: string }[],
): string[] {
  const names = flatMap(known, (entry) => {
    const { endpoint, stayEndpoint } = namesOf(settings, entry);
    return [endpoint, stayEndpoint];
  });
  const silent = flatMap(known, ({ status, version, endpoint }) => {
    if (status !== 'CHAMPION' || endpoint === null) return [];
    const live = endpoints.find(({ name }) => name === endpoint);
    const stands = live ? live.status : 'gone';
    return ['Failed', 'Deleting', 'Creating', 'gone'].indexOf(stands) >= 0
      ? [`predict_los asks ${version}, whose endpoint ${endpoint} is ${stands}: los doctor says what to do.`]
      : [];
  });
  const unknown = endpoints
    .filter(({ name, status }) => status !== 'Deleting' && names.indexOf(name) < 0)
    .map(
      ({ name }) =>
        `The endpoint ${name} is there, and LOS_MODEL_REGISTRY has no version of it. Where rows were deleted, docs/runbook/tables.md brings them back; or else: aws sagemaker delete-endpoint --endpoint-name ${name}`,
    );
  return silent.concat(unknown);
}
