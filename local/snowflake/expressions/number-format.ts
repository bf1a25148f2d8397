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
