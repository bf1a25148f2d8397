import { USUAL, type World } from '../../demo/simulate/hospital.js';
import { random } from '../../procedures/ground/random.js';

/** What changes in a hospital, and when. */
export const KINDS = ['none', 'inputs', 'effect', 'both', 'gradual', 'temporary', 'few rows'] as const;

/** No version is trained later than at the end of this day. */
export const LAST_DAY = 100;

/** How a hospital changes from day 0 on, and when a version is trained. */
export interface Drift {
  readonly seed: number;
  readonly kind: (typeof KINDS)[number];
  /** Admissions a day. */
  readonly aDay: number;
  /** The day at whose end a version is trained. */
  readonly trainedOn: number;
  worldOf(day: number): World;
  /** In words. */
  readonly what: string;
}

/** A drift of a kind, a size, and a time, the same for the same seed; each kind comes once in seven. */
export function driftOf(seed: number): Drift {
  const next = random(seed * 7919);
  const between = (low: number, high: number) => low + next() * (high - low);
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  const kind = KINDS[seed % KINDS.length]!;
  const days = whole(35, LAST_DAY);
  const from = whole(0, Math.floor(days * 0.7));
  const until = kind === 'temporary' ? whole(from + 7, days) : Number.POSITIVE_INFINITY;
  const over = kind === 'gradual' ? whole(20, 90) : 0;
  const inputs = kind === 'inputs' || kind === 'both' || (kind !== 'none' && next() < 0.3);
  const effect = kind !== 'none' && kind !== 'inputs';
  const other: World = {
    old: inputs ? between(0.05, 0.7) : USUAL.old,
    extreme: inputs ? between(0.05, 0.6) : USUAL.extreme,
    times: effect ? { [['Extreme', 'Moderate', '81-90', 'R'][whole(0, 3)]!]: between(0.3, 2.5) } : {},
  };
  /** How far it has come: 0 to 1. */
  const share = (day: number) =>
    day < from || day >= until ? 0 : over === 0 ? 1 : Math.min(1, (day - from) / over);
  return {
    seed,
    kind,
    aDay: kind === 'few rows' ? whole(8, 25) : whole(25, 80),
    trainedOn: days,
    worldOf: (day) => {
      const come = share(day);
      const mixed = (usual: number, now: number) => usual + come * (now - usual);
      return {
        old: mixed(USUAL.old, other.old),
        extreme: mixed(USUAL.extreme, other.extreme),
        times: Object.fromEntries(
          Object.entries(other.times).map(([level, times]) => [level, mixed(1, times)]),
        ),
      };
    },
    what: `${kind}, day ${from} to ${until}${over ? ` over ${over} days` : ''}: ${JSON.stringify(other)}`,
  };
}
