import { flatMap } from '../ground/lists.js';

/** Facts of a unit that a sentence takes. */
export interface Shown {
  readonly by: string;
  readonly unit: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly excessDays: number;
  /** More or fewer days than chance explains. */
  readonly found: boolean;
  readonly unusual: boolean;
}

/**
 * Says what is beyond chance, family by family, and what changed. Units stand by name: an order by ratio would rank what noise explains.
 * @param before the same, a month earlier
 */
export function sentencesOf(now: readonly Shown[], before: readonly Shown[]): string[] {
  const families = Array.from(new Set(now.map(({ by }) => by)));
  return flatMap(families, (by) => {
    const own = now.filter((each) => each.by === by);
    const name = by === 'MONTH' ? 'Months' : by;
    const found = own.filter(({ found: is }) => is);
    const rest = own.length - found.length;
    const sentences = found.map(unitSentence);
    if (rest > 0)
      sentences.push(
        `${name}: ${found.length === 0 ? 'all' : 'the others'} (${rest}) differ from what is expected by no more than chance.`,
      );
    if (by !== 'MONTH')
      sentences.push(
        ...changeSentences(
          by,
          found,
          before.filter(({ found: is }) => is),
        ),
      );
    return sentences;
  });
}

function unitSentence({ by, unit, ratio, low, high, excessDays, unusual }: Shown): string {
  const percent = (value: number) => Math.round(100 * Math.abs(value - 1));
  const more = ratio > 1;
  const ends = [low, high].map((end) => `${end < 1 === more ? '−' : ''}${percent(end)}`);
  return `${by} ${unit}: ${percent(ratio)} % ${more ? 'more' : 'fewer'} days than expected (${(more ? ends : ends.reverse()).join(' to ')} %), about ${Math.abs(excessDays)} days${unusual ? '; units here do not commonly differ so much' : ''}.`;
}

function changeSentences(by: string, now: readonly Shown[], before: readonly Shown[]): string[] {
  const earlier = before.filter((each) => each.by === by);
  const difference = (list: readonly Shown[], known: readonly Shown[]) =>
    list.filter(({ unit }) => !known.some((each) => each.unit === unit)).map(({ unit }) => unit);
  const [news, gone] = [difference(now, earlier), difference(earlier, now)];
  return [
    ...(news.length > 0 ? [`${by}: new since last month: ${news.join(', ')}.`] : []),
    ...(gone.length > 0 ? [`${by}: no longer beyond chance: ${gone.join(', ')}.`] : []),
  ];
}
