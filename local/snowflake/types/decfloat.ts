/**
 * DECFLOAT: up to 38 decimal digits with an exponent of its own (docs.snowflake.com/en/sql-reference/data-types-numeric).
 * In DuckDB a value is a text that sorts as the numbers do: a digit for the sign, five for the exponent, the mantissa.
 */
interface Decimal {
  negative: boolean;
  /** Without zeros at its end, so that equal values are written alike; 0 for zero. */
  digits: bigint;
  /** The value is digits · 10^exponent. */
  exponent: number;
}

const DIGITS = 38;
const LARGEST = 16_384;
const ZERO: Decimal = { negative: false, digits: 0n, exponent: 0 };

const length = (digits: bigint): number => digits.toString().length;

/** Rounds to 38 digits, half away from zero. @throws Error beyond the range of exponents */
function roundDecimal({ negative, digits, exponent }: Decimal, operation: string): Decimal {
  let [kept, power] = [digits, exponent];
  const excess = length(kept) - DIGITS;
  if (excess > 0) {
    kept = (kept + 5n * 10n ** BigInt(excess - 1)) / 10n ** BigInt(excess);
    power += excess;
  }
  if (kept === 0n) return ZERO;
  const zeros = /0*$/.exec(kept.toString())![0].length;
  kept /= 10n ** BigInt(zeros);
  power += zeros;
  if (Math.abs(power + length(kept) - 1) > LARGEST)
    throw new Error(`Decfloat out of representable range, operation: ${operation}`);
  return { negative, digits: kept, exponent: power };
}

/** undefined for a text that is no number. */
function parse(text: string): Decimal | undefined {
  const found = /^\s*([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i.exec(text);
  if (!found || found[2] + found[3]! === '') return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = found;
  const value = {
    negative: sign === '-',
    digits: BigInt(whole + fraction),
    exponent: Number(power) - fraction.length,
  };
  return roundDecimal(value, text.trim());
}

/** All digits of a double, of which 38 are kept: DECFLOAT shows what FLOAT hides. */
function fromDouble(value: number): Decimal {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const power = (biased || 1) - 1075;
  // m · 2^p is m · 5^-p · 10^p for a negative p.
  const exact =
    power >= 0
      ? { digits: mantissa << BigInt(power), exponent: 0 }
      : { digits: mantissa * 5n ** BigInt(-power), exponent: power };
  return roundDecimal({ negative: value < 0, ...exact }, String(value));
}

const complement = (digits: string): string => digits.replace(/\d/g, (d) => String(9 - Number(d)));

function encode({ negative, digits, exponent }: Decimal): string {
  if (digits === 0n) return '5';
  const mantissa = digits.toString();
  const size = String(exponent + mantissa.length - 1 + 50_000).padStart(5, '0');
  // Behind a negative mantissa stands a sign that is larger than all digits: −0.123 comes before −0.12.
  return negative ? `4${complement(size + mantissa)}~` : `6${size}${mantissa}`;
}

function decode(key: string): Decimal {
  if (key === '5') return ZERO;
  const negative = key.startsWith('4');
  const body = negative ? complement(key.slice(1, -1)) : key.slice(1);
  const mantissa = body.slice(5);
  const exponent = Number(body.slice(0, 5)) - 50_000 - mantissa.length + 1;
  return { negative, digits: BigInt(mantissa), exponent };
}

/** As Snowflake shows it: in full if 38 digits are enough, else `1.23e7002`. */
function print({ negative, digits, exponent }: Decimal): string {
  const sign = negative ? '-' : '';
  const mantissa = digits.toString();
  const point = mantissa.length + exponent;
  if (exponent >= 0 && point <= DIGITS) return sign + mantissa + '0'.repeat(exponent);
  if (exponent < 0 && -exponent <= DIGITS) {
    const padded = mantissa.padStart(1 - exponent, '0');
    return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const rest = mantissa.slice(1);
  return `${sign}${mantissa[0]}${rest ? `.${rest}` : ''}e${point - 1}`;
}

const signOf = ({ negative, digits }: Decimal): bigint => (negative ? -digits : digits);
const fromSigned = (digits: bigint, exponent: number): Decimal => ({
  negative: digits < 0n,
  digits: digits < 0n ? -digits : digits,
  exponent,
});

/** Beyond this distance of exponents the smaller number cannot change a digit of the sum. */
const APART = 2 * DIGITS + 2;

function sum(a: Decimal, z: Decimal): Decimal {
  if (a.digits === 0n || z.digits === 0n) return a.digits === 0n ? z : a;
  const [large, small] = a.exponent >= z.exponent ? [a, z] : [z, a];
  const distance = large.exponent - small.exponent;
  if (
    distance > APART &&
    large.exponent + length(large.digits) > small.exponent + length(small.digits) + APART
  )
    return large;
  return fromSigned(signOf(large) * 10n ** BigInt(distance) + signOf(small), small.exponent);
}

function quotient(a: Decimal, z: Decimal): Decimal {
  if (z.digits === 0n) throw new Error('Division by zero');
  const shift = Math.max(0, DIGITS + 2 + length(z.digits) - length(a.digits));
  const dividend = a.digits * 10n ** BigInt(shift);
  const whole = dividend / z.digits;
  // One more digit tells that something was left, which rounding at a half must know.
  const sticky = dividend % z.digits === 0n ? 0n : 1n;
  return {
    negative: a.negative !== z.negative,
    digits: whole * 10n + sticky,
    exponent: a.exponent - z.exponent - shift - 1,
  };
}

function remainder(a: Decimal, z: Decimal): Decimal {
  if (z.digits === 0n) throw new Error('Division by zero');
  const exponent = Math.min(a.exponent, z.exponent);
  const at = (value: Decimal) => signOf(value) * 10n ** BigInt(value.exponent - exponent);
  return fromSigned(at(a) % at(z), exponent);
}

const OPERATIONS: Record<string, (a: Decimal, z: Decimal) => Decimal> = {
  '+': sum,
  '-': (a, z) => sum(a, { ...z, negative: !z.negative }),
  '*': (a, z) => ({
    negative: a.negative !== z.negative,
    digits: a.digits * z.digits,
    exponent: a.exponent + z.exponent,
  }),
  '/': quotient,
  '%': remainder,
};

/** The functions that DuckDB calls, on texts; what they throw becomes the query's error. */
export const decfloat = {
  read(text: string): string {
    const value = parse(text);
    if (!value) throw new Error(`Numeric value '${text.trim()}' is not recognized`);
    return encode(value);
  },
  tryRead(text: string): string | null {
    try {
      const value = parse(text);
      return value ? encode(value) : null;
    } catch {
      // Beyond the range is no number either.
      return null;
    }
  },
  /** @param text of a double */
  fromFloat(text: string): string {
    const value = Number(
      text === 'inf' ? Number.POSITIVE_INFINITY : text === '-inf' ? Number.NEGATIVE_INFINITY : text,
    );
    if (!Number.isFinite(value))
      throw new Error(`Decfloat out of representable range, operation: TO_DECFLOAT(${text})`);
    return encode(fromDouble(value));
  },
  print: (key: string): string => print(decode(key)),
  operate(a: string, op: string, z: string): string {
    return encode(roundDecimal(OPERATIONS[op]!(decode(a), decode(z)), op));
  },
  /** The sum of the values in a JSON array. */
  sum(list: string): string {
    const total = (JSON.parse(list) as string[]).reduce(
      (before, key) => roundDecimal(sum(before, decode(key)), '+'),
      ZERO,
    );
    return encode(total);
  },
};
