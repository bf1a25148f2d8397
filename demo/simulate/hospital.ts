import { random } from '../../procedures/ground/random.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';

/** Facts that are known of a patient on admission. */
export interface Facts {
  readonly AGE: string;
  readonly SEVERITY_OF_ILLNESS: string;
  readonly WARD_TYPE: string;
  readonly DEPARTMENT: string;
  readonly ADMISSION_DEPOSIT: number;
}

export interface Patient extends Facts {
  readonly id: number;
  /** Days since the first day of the simulation. */
  readonly came: number;
  readonly stay: number;
}

/** State of the made-up world on a day: who comes, and how long they stay. */
export interface World {
  /** Shares of patients above eighty, and of extreme illness. */
  readonly old: number;
  readonly extreme: number;
  /** Factors on the usual effects of levels; 1 for those that are not named. */
  readonly times: Readonly<Record<string, number>>;
}

export const USUAL: World = { old: 0.25, extreme: 0.25, times: {} };

/** From one day on twice as many old patients come; from another on extreme illness takes twice as long. */
export function twoDrifts(from: {
  readonly inputs: number;
  readonly effect: number;
}): (day: number) => World {
  return (day) => ({
    ...USUAL,
    old: day >= from.inputs ? 0.5 : USUAL.old,
    times: { Extreme: day >= from.effect ? 2 : 1 },
  });
}

const ADDED: Readonly<Record<string, number>> = {
  Minor: 0,
  Moderate: 2,
  Extreme: 5,
  '21-30': 0,
  '51-60': 1,
  '81-90': 3,
  P: 0,
  Q: 1,
  R: 2,
};

/** Expected days of a stay, the best that any model could predict of it. */
export function meanStay(facts: Facts, { times }: World): number {
  const of = (level: string) => requireValue(ADDED[level], `ADDED[${level}]`) * (times[level] ?? 1);
  return 2 + of(facts.SEVERITY_OF_ILLNESS) + of(facts.AGE) + of(facts.WARD_TYPE);
}

/** The variance of a stay around its expectation: gamma of shape 3, in whole days. */
export function varianceOfStay(expected: number): number {
  return expected ** 2 / 3 + 1 / 12;
}

/** A hospital of which everything is known, the same for the same seed. */
export class ChangingHospital {
  private readonly next: () => number;

  /**
   * @param worldOf how things stand on each day
   * @param lastId patients have the numbers after it
   */
  constructor(
    seed: number,
    readonly worldOf: (day: number) => World,
    private lastId = 1_000_000,
  ) {
    this.next = random(seed);
  }

  /** Those who come on a day. */
  admissions(day: number, count: number): Patient[] {
    return Array.from({ length: count }, () => {
      const facts = this.facts(day);
      const expected = meanStay(facts, this.worldOf(day));
      let stay = 0;
      for (let i = 0; i < 3; i++) stay -= (expected / 3) * Math.log(1 - this.next());
      return { ...facts, id: ++this.lastId, came: day, stay: Math.round(stay) };
    });
  }

  facts(day: number): Facts {
    const { old, extreme } = this.worldOf(day);
    const one = (levels: readonly (readonly [string, number])[]) => {
      let left = this.next() * levels.reduce((sum, [, share]) => sum + share, 0);
      for (const [level, share] of levels) {
        left -= share;
        if (left < 0) return level;
      }
      return itemAt(levels, -1)[0];
    };
    return {
      AGE: one([
        ['81-90', old],
        ['21-30', (1 - old) / 2],
        ['51-60', (1 - old) / 2],
      ]),
      SEVERITY_OF_ILLNESS: one([
        ['Minor', ((1 - extreme) * 8) / 15],
        ['Moderate', ((1 - extreme) * 7) / 15],
        ['Extreme', extreme],
      ]),
      WARD_TYPE: one([
        ['P', 0.4],
        ['Q', 0.4],
        ['R', 0.2],
      ]),
      DEPARTMENT: one([
        ['surgery', 0.5],
        ['gynecology', 0.5],
      ]),
      ADMISSION_DEPOSIT: 3000 + Math.floor(this.next() * 4000),
    };
  }
}
