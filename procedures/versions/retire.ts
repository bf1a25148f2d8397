import { hasEvents } from '../dataset/origin/events.js';
import { sortBy } from '../ground/lists.js';
import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import { removeEndpoint } from '../jobs/endpoint.js';
import { namesOf, type RegistryEntry, setStatus, versions } from './registry.js';
import { dropFunctions, dropStayFunctions } from './version-functions.js';

/**
 * The versions that the retention rule gives up: all that ended but the champion, the champion before it (for
 * los model rollback), what is proposed and the newest `keep` others. One whose training is still going on is left alone.
 * @param known versions of one dataset, newest first
 */
export function findExpired(known: readonly RegistryEntry[], keep: number): RegistryEntry[] {
  const former = sortBy(
    known.filter(({ status, promotedAt }) => status === 'RETIRED' && promotedAt !== null),
    (a, b) => Date.parse(String(b.promotedAt)) - Date.parse(String(a.promotedAt)),
  )[0];
  const others = known.filter(
    (entry) =>
      (entry.status === 'TRAINED' || entry.status === 'RETIRED') && entry !== former && !entry.proposedAt,
  );
  return others.slice(keep).concat(known.filter(({ status }) => status === 'FAILED'));
}

/**
 * Removes expired versions, but for the challenger of the settings: their endpoints, which cost money, and their
 * functions. What was measured of them and their artifacts stay, their training files until they expire.
 * @returns names of the removed versions
 */
export function* retireExpired(plan: Plan): Work<string[]> {
  const { contract, settings } = plan;
  const known = (yield* versions(settings)).filter(({ dataset }) => dataset === contract.name);
  const gone = findExpired(known, settings.training.keepVersions).filter(
    ({ version }) => version !== settings.tasks.challenger,
  );
  for (const entry of gone) {
    const version = namesOf(settings, entry);
    yield* dropFunctions(plan, version);
    yield* removeEndpoint(version.endpoint);
    if (hasEvents(contract)) {
      yield* dropStayFunctions(plan, version);
      yield* removeEndpoint(version.stayEndpoint);
    }
    yield* setStatus(settings, entry.version, 'REMOVED');
  }
  return gone.map(({ version }) => version);
}
