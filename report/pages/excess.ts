import { sentencesOf } from '../../procedures/excess/words.js';
import type { Excess } from '../watching/excess.js';
import type { Page, Section } from './page.js';

/**
 * Page for managers: where days are beyond chance, and what changed. Units stand by name, for an order by ratio would rank what noise
 * explains.
 * @param all of two months, the newest first
 */
export function excessPage(all: readonly Excess[]): Page {
  const last = all[0]?.month;
  const now = all.filter(({ month }) => month === last);
  const before = all.filter(({ month }) => month !== last);
  const families = [...new Set(now.map(({ by }) => by))];
  const none =
    'No month has been published yet: LOS_MEASURE_EXCESS publishes those that are over on the third of each month.';
  return {
    id: 'excess',
    title: 'Excess days',
    ...(last !== undefined && {
      heading: `Observed and expected days, twelve months up to ${last.slice(0, 7)}`,
    }),
    sections:
      last === undefined
        ? [{ title: 'Excess days', sentences: [none] }]
        : [
            {
              title: 'How to read it',
              sentences: [
                'O ÷ E is observed ÷ expected days: at 1.10 patients stayed a tenth longer than their case mix explains; the interval holds the truth in 95 of 100 cases. More days are no fault: the expectation knows only what the contract names.',
              ],
            },
            ...families.map((by) => familySection(by, now, before)),
          ],
  };
}

function familySection(by: string, now: readonly Excess[], before: readonly Excess[]): Section {
  const own = now.filter((each) => each.by === by);
  return {
    title: by === 'MONTH' ? 'The hospital by month' : by,
    sentences: sentencesOf(
      own,
      before.filter((each) => each.by === by),
    ),
    tables: [
      {
        title: by === 'MONTH' ? 'Months' : by,
        columns: ['unit', 'O ÷ E', 'interval', 'beyond chance', 'excess days', 'stays'],
        rows: own.map(({ unit, stays, ratio, low, high, excessDays, found, unusual }) => [
          unit,
          ratio.toFixed(2),
          `${low.toFixed(2)}–${high.toFixed(2)}`,
          found ? `${ratio > 1 ? 'more' : 'fewer'}${unusual ? ', unusual' : ''}` : 'no',
          excessDays,
          stays,
        ]),
      },
    ],
  };
}
