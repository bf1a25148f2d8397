import type { Plan } from '../ground/plan.js';
import type { Work } from '../ground/work.js';
import { endpointStatus } from '../jobs/endpoint.js';
import { championOf, type RegistryEntry } from './registry.js';

/** The dataset's champion, if its endpoint answers. */
export function* servingChampion({ contract, settings }: Plan): Work<RegistryEntry | null> {
  const champion = yield* championOf(settings, contract.name);
  if (!champion || champion.endpoint === null) return null;
  return (yield* endpointStatus(champion.endpoint)) === 'InService' ? champion : null;
}
