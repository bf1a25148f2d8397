import { random } from '../../../demo/health/random.js';

/** A patient's stay, in days since the first: where and until when, and on which days the patient moved where. */
export interface MovingStay {
  readonly id: number;
  readonly came: number;
  /** The day of the discharge; null: after the last. */
  readonly went: number | null;
  readonly ward: string;
  readonly moves: readonly (readonly [day: number, ward: string])[];
}

/** Where emergencies go from the acute unit: six in ten to OAK, two each to the others. */
const NEXT = [
  ['OAK', 0.6],
  ['FIR', 0.8],
  ['ICU', 1],
] as const;

/**
 * A hospital whose patients move: emergencies come to AMU and move on to OAK, FIR (to which no one is admitted) or ICU after a night or two, and
 * from ICU to OAK; planned ones are admitted to OAK and stay there.
 * @param days of which admissions are known
 */
export function movingHospital(seed: number, days: number, aDay = 20): MovingStay[] {
  const stream = random(seed, 'moving hospital');
  const stays: MovingStay[] = [];
  for (let day = 0; day < days; day++)
    for (let i = 0; i < aDay + stream.integerBelow(5) - 2; i++) {
      const acute = stream.nextNumber() < 0.7;
      const nights = Math.floor(-Math.log(1 - stream.nextNumber()) * 4);
      const moves: [number, string][] = [];
      if (acute) {
        const first = 1 + stream.integerBelow(2);
        const draw = stream.nextNumber();
        const [ward] = NEXT.find(([, until]) => draw < until) ?? NEXT[0];
        if (first < nights) moves.push([day + first, ward]);
        if (ward === 'ICU' && first + 2 < nights) moves.push([day + first + 2, 'OAK']);
      }
      stays.push({
        id: stays.length,
        came: day,
        went: day + nights < days ? day + nights : null,
        ward: acute ? 'AMU' : 'OAK',
        moves: moves.filter(([on]) => on < days),
      });
    }
  return stays;
}

/** Where a patient lies over the night after a day; undefined: not in hospital. */
export function wardOverNight({ came, went, ward, moves }: MovingStay, day: number): string | undefined {
  if (day < came || (went !== null && day >= went)) return undefined;
  return moves.filter(([on]) => on <= day).at(-1)?.[1] ?? ward;
}
