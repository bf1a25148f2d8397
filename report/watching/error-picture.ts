import type { Picture } from '../mail/events.js';
import type { Reader } from '../reader.js';
import { readWeeks } from './views.js';

/** Weeks of it. */
const WEEKS = 12;

/**
 * Draws the errors of predictions week by week of admission: as their curves expect it,
 * and as it turned out.
 * @returns undefined before anything has been watched
 */
export async function errorPicture(reader: Reader, dataset: string): Promise<Picture | undefined> {
  const weeks = (await readWeeks(reader, dataset)).slice(-WEEKS);
  const last = weeks.at(-1);
  if (!last || weeks.length < 2) return undefined;
  const known = weeks.filter(({ realised }) => realised !== null).at(-1);
  const label = `Mean absolute error by week of admission: estimated ${last.estimated.toFixed(1)} days for the week from ${last.fromDay}${
    known?.realised == null
      ? ''
      : `; ${known.realised.toFixed(1)} days is how the week from ${known.fromDay} turned out`
  }.`;
  return {
    title: 'Mean absolute error by week of admission, days',
    alt: label,
    draw: async () => {
      const { timeline } = await import('../charts/timeline.js');
      return timeline({
        label,
        days: weeks.map(({ fromDay }) => fromDay),
        lines: [
          { name: 'estimated', values: weeks.map(({ estimated }) => estimated), dashed: true },
          { name: 'turned out', values: weeks.map(({ realised }) => realised) },
        ],
        unit: 'mean error in days',
      });
    },
  };
}
