/**
 * Snowflake's number formats, in JavaScript on decimal texts: docs.snowflake.com/en/sql-reference/sql-format-models.
 * Elements: 9 0 X digits, . D point, , G group, $ currency, S MI sign, B blank zero, FM no blanks, TM TM9 TME
 * minimal texts, "…" literal.
 */
interface Model {
  prefix: string;
  suffix: string;
  fill: boolean;
  currency: boolean;
  blank: boolean;
  sign: 'leading' | 'S' | 'trailing S' | 'MI';
  /** MI stands before the digits. */
  leadingMinus: boolean;
  /** The digit positions before the point, with the group separators. */
  whole: string;
  fraction: string;
  minimal?: 'TM9' | 'TME';
}

/** @throws Error for a format that is none */
function parseModel(format: string): Model {
  const literals = /^("[^"]*")?(.*?)("[^"]*")?$/s.exec(format)!;
  const body = literals[2]!.toUpperCase();
  const model: Model = {
    prefix: literals[1]?.slice(1, -1) ?? '',
    suffix: literals[3]?.slice(1, -1) ?? '',
    fill: !body.startsWith('FM'),
    currency: body.includes('$'),
    blank: body.includes('B'),
    sign: 'leading',
    leadingMinus: /^(FM)?[$B]*MI/.test(body),
    whole: '',
    fraction: '',
  };
  if (/^TM9?$|^TME$/.test(body)) return { ...model, minimal: body === 'TME' ? 'TME' : 'TM9' };
  if (/^(FM)?[$B]*S/.test(body)) model.sign = 'S';
  else if (body.endsWith('S')) model.sign = 'trailing S';
  else if (body.includes('MI')) model.sign = 'MI';
  const digits = body.replace(/^FM|MI|[$BS]/g, '');
  const parts = /^([09X,G]*)(?:[.D]([09X]*))?$/.exec(digits);
  if (!parts) throw new Error(`Invalid number format '${format}'`);
  model.whole = parts[1]!.replaceAll('G', ',');
  model.fraction = parts[2] ?? '';
  return model;
}

/** TO_NUMBER(text, format): the number's decimal text, or undefined if the text does not follow the format. */
export function readNumber(text: string, format: string): string | undefined {
  const model = parseModel(format);
  const bare = text.trim().replace(/^([-+])\s+/, '$1');
  if (model.minimal) return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(bare) ? bare : undefined;
  if (model.whole.includes('X')) {
    const width = model.whole.length;
    return /^[0-9a-f]+$/i.test(bare) && bare.length <= width ? BigInt(`0x${bare}`).toString() : undefined;
  }
  const found = /^([-+]?)\$?([\d,]*)(?:\.(\d*))?([-+]?)$/.exec(bare);
  if (!found) return undefined;
  const [, before, whole = '', fraction = '', behind] = found;
  const digits = whole.replaceAll(',', '');
  const room = model.whole.replaceAll(',', '').length;
  if (digits.length > room || fraction.length > model.fraction.length || digits + fraction === '')
    return undefined;
  const sign = before === '-' || behind === '-' ? '-' : '';
  return `${sign}${digits || '0'}${fraction ? `.${fraction}` : ''}`;
}

/** Digits before and behind the point of a decimal text, without an exponent. */
interface Decimal {
  negative: boolean;
  whole: string;
  fraction: string;
}

function parseDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(
    text,
  )!;
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 0);
  return {
    negative: sign === '-',
    whole: padded.slice(0, at).replace(/^0+/, ''),
    fraction: padded.slice(at),
  };
}

/** Rounds half away from zero. */
function roundDecimal({ negative, whole, fraction }: Decimal, decimals: number): Decimal {
  if (fraction.length <= decimals) return { negative, whole, fraction: fraction.padEnd(decimals, '0') };
  const up = fraction[decimals]! >= '5';
  const kept = BigInt(`0${whole}${fraction.slice(0, decimals)}`) + (up ? 1n : 0n);
  const digits = kept.toString().padStart(decimals, '0');
  const point = digits.length - decimals;
  return {
    negative: negative && kept !== 0n,
    whole: digits.slice(0, point).replace(/^0+/, ''),
    fraction: digits.slice(point),
  };
}

/** TO_CHAR(number, format). `text` is the number's decimal text. */
export function formatNumber(text: string, format: string): string {
  const model = parseModel(format);
  return model.prefix + body(parseDecimal(text), model, text) + model.suffix;
}

function body(value: Decimal, model: Model, text: string): string {
  if (model.minimal === 'TM9') return text;
  if (model.minimal === 'TME') return scientific(value);
  if (/X/.test(model.whole)) return hexadecimal(value, model);
  const { negative, whole, fraction } = roundDecimal(value, model.fraction.length);
  const positions = model.whole.replaceAll(',', '');
  const blanks = model.fill ? ' ' : '';
  const overflow = whole.length > positions.length;
  const integer = overflow ? model.whole.replace(/[09]/g, '#') : integerPart(whole, model);
  // Zeros at the end stand only where the format has a 0.
  const needed = model.fraction.lastIndexOf('0') + 1;
  const significant = Math.max(fraction.replace(/0+$/, '').length, needed);
  const shown = overflow ? '#'.repeat(fraction.length) : fraction.slice(0, significant);
  const point = model.fraction && (shown || model.fill) ? '.' : '';
  const behind = point + (model.fill ? shown.padEnd(model.fraction.length) : shown);
  const currency = model.currency ? '$' : '';
  const width = model.whole.length;
  const digits = currency + integer;
  const full = width + currency.length;
  switch (model.sign) {
    case 'MI': {
      const minus = negative ? '-' : blanks;
      const padded = model.fill ? digits.padStart(full) : digits;
      return model.leadingMinus ? minus + padded + behind : padded + behind + minus;
    }
    case 'trailing S':
      return (model.fill ? digits.padStart(full) : digits) + behind + (negative ? '-' : '+');
    default: {
      const sign = negative ? '-' : model.sign === 'S' ? '+' : '';
      return (model.fill ? (sign + digits).padStart(full + 1) : sign + digits) + behind;
    }
  }
}

/** The digits before the point with their separators; positions of 0 are always filled. */
function integerPart(whole: string, model: Model): string {
  const positions = model.whole.replaceAll(',', '');
  const firstZero = positions.indexOf('0');
  const least = firstZero < 0 ? 0 : positions.length - firstZero;
  const digits = whole.padStart(Math.max(least, whole === '' && !model.blank && positions ? 1 : 0), '0');
  let out = '';
  let left = digits.length;
  for (let i = model.whole.length - 1; i >= 0 && left > 0; i--)
    if (model.whole[i] === ',') out = `,${out}`;
    else out = digits[--left]! + out;
  return out;
}

function scientific({ negative, whole, fraction }: Decimal): string {
  const digits = whole + fraction;
  const first = digits.search(/[1-9]/);
  if (first < 0) return '0E0';
  const mantissa = digits.slice(first).replace(/0+$/, '');
  const rest = mantissa.slice(1);
  return `${negative ? '-' : ''}${mantissa[0]}${rest ? `.${rest}` : ''}E${whole.length - 1 - first}`;
}

/** Without a sign in the format, negative numbers are shown as two's complement. */
function hexadecimal(value: Decimal, model: Model): string {
  const { negative, whole } = roundDecimal(value, 0);
  const width = model.whole.length;
  const magnitude = BigInt(whole || '0');
  const signed = model.sign !== 'leading';
  const shown = negative && !signed ? (1n << BigInt(4 * width)) - magnitude : magnitude;
  const digits = shown.toString(16).toUpperCase();
  if (digits.length > width) return '#'.repeat(width);
  const padded = model.whole.startsWith('0')
    ? digits.padStart(width, '0')
    : model.fill
      ? digits.padStart(width)
      : digits;
  return (signed ? (negative ? '-' : '+') : '') + padded;
}
