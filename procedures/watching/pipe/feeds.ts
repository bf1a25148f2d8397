import { type Feed, feedsOf, probeSql } from '../../dataset/origin/feed-views.js';
import { unlessUnreadable } from '../../ground/stale.js';
import { queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import type { Check } from './checks.js';

/** Whether each feed beside the admissions can be read. What can go on without it does. */
export const feedsCheck: Check = {
  name: 'feeds',
  kinds: ['source'],
  look: (plan) => unreadableFeeds(plan, feedsOf(plan.contract)),
};

/** A sign for each feed that cannot be read. */
export function* unreadableFeeds(
  { place }: Pick<WatchPlan, 'place'>,
  feeds: readonly Feed[],
): Work<readonly Sign[]> {
  const signs: Sign[] = [];
  for (const feed of feeds) {
    const why = yield* unlessUnreadable(() => queryFirst(probeSql(feed, place)));
    if (why !== undefined)
      signs.push({
        kind: 'source',
        subject: `reading ${feed.name}`,
        severity: feed.severity,
        message: `The ${feed.name} cannot be read: ${why} ${feed.without}`,
        next: 'los doctor says which grant is missing, and who gives it; what is gone or has other columns, its owner brings back.',
        lookAt: 'source',
      });
  }
  return signs;
}
