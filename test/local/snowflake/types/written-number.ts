import fc from 'fast-check';

/** A NUMBER's precision and scale. */
export type Digits = readonly [precision: number, scale: number];

export interface WrittenNumber {
  text: string;
  /** The value is `digits` · 10^`power`. */
  digits: bigint;
  power: number;
}

const zeros = fc.constantFrom('', '', '0', '000');
const whole = fc.oneof(fc.stringMatching(/^[0-9]{1,20}$/), fc.stringMatching(/^[0-9]{30,45}$/));
const fraction = fc.oneof(
  fc.constantFrom('5', '49999999999999999999', '995', '0000000000000000000005'),
  fc.stringMatching(/^[0-9]{0,8}$/),
  fc.stringMatching(/^[0-9]{15,45}$/),
);
const exponent = fc.tuple(
  fc.constantFrom('e', 'E'),
  fc.constantFrom('', '+', '0'),
  fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -50, max: 50 })),
);

/** A number as people and programs write it: a sign, zeros in front, many digits, an exponent, blanks around it. */
export const writtenNumber: fc.Arbitrary<WrittenNumber> = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    zeros,
    fc.oneof(whole, fc.constant('')),
    fc.option(fraction),
    fc.option(exponent),
    fc.constantFrom('', '', ' '),
  )
  .filter(([, , digits, behind]) => digits + (behind ?? '') !== '')
  .map(([sign, ahead, digits, behind, power, blank]) => ({
    text: [
      blank,
      sign,
      ahead,
      digits,
      behind === null ? '' : `.${behind}`,
      power === null ? '' : power[0] + (power[2] < 0 ? '' : power[1]) + power[2],
      blank,
    ].join(''),
    digits: (sign === '-' ? -1n : 1n) * BigInt(digits + (behind ?? '')),
    power: (power?.[2] ?? 0) - (behind ?? '').length,
  }));

/** The number of such a type as Snowflake prints it, rounded half away from zero; null where it has too many digits. */
export function expectedNumber({ digits, power }: WrittenNumber, [precision, scale]: Digits): string | null {
  const size = digits < 0n ? -digits : digits;
  const shift = power + scale;
  const unit = 10n ** BigInt(Math.max(0, -shift));
  const rounded = shift >= 0 ? size * 10n ** BigInt(shift) : (size + unit / 2n) / unit;
  if (rounded >= 10n ** BigInt(precision)) return null;
  const padded = String(rounded).padStart(scale + 1, '0');
  const shown = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  return digits < 0n && rounded > 0n ? `-${shown}` : shown;
}

/** Types that DuckDB keeps in 16, 32, 64 and 128 bits, and those at their edges. */
export const DIGITS: readonly Digits[] = [
  [38, 0],
  [38, 2],
  [38, 12],
  [38, 17],
  [38, 20],
  [38, 37],
  [19, 12],
  [18, 12],
  [18, 0],
  [10, 2],
  [9, 0],
  [4, 1],
];
