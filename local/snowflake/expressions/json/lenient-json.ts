import { UNDEFINED } from '../../types/undefined.js';

/**
 * Snowflake's PARSE_JSON takes more than JSON: keys without quotes, single quotes, comments, missing elements, NULL
 * and TRUE in any case, undefined, NaN and infinities as null, hexadecimal numbers (docs: functions/parse_json).
 * Rewrites such a text as JSON without white space and with the keys of objects in order; numbers keep their digits.
 * @param duplicates of two members with one name the last is taken, instead of an error
 * @throws Error with what is wrong and where
 */
export function lenientJson(text: string, duplicates = false): string {
  if (isNormal(text)) return text;
  const reader = new Reader(text, duplicates);
  const value = reader.value();
  reader.blank();
  if (!reader.done) throw reader.syntaxError('unexpected text behind the value');
  return value;
}

/** True if nothing is left to do: the engine's own parser is many times faster than ours. */
function isNormal(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text && isInOrder(value);
  } catch {
    return false;
  }
}

function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  const keys = Object.keys(value);
  return keys.every((key, i) => i === 0 || keys[i - 1]! < key) && Object.values(value).every(isInOrder);
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly duplicates: boolean,
  ) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  syntaxError(what: string): Error {
    return new Error(`${what}, pos ${this.at}`);
  }

  blank(): void {
    const skipped = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    skipped.lastIndex = this.at;
    this.at += skipped.exec(this.text)![0].length;
  }

  value(): string {
    this.blank();
    const c = this.text[this.at];
    if (c === undefined) throw this.syntaxError('unexpected end');
    if (c === '{') return this.members();
    if (c === '[') return this.items();
    if (c === '"' || c === "'") return JSON.stringify(this.string());
    return this.number() ?? this.keyword();
  }

  private members(): string {
    this.at++;
    const members = new Map<string, string>();
    for (;;) {
      this.blank();
      if (this.take('}')) break;
      if (this.take(',')) continue;
      const c = this.text[this.at];
      const key = c === '"' || c === "'" ? this.string() : this.word();
      if (members.has(key) && !this.duplicates) throw this.syntaxError(`duplicate object attribute "${key}"`);
      this.blank();
      if (!this.take(':')) throw this.syntaxError('missing colon');
      const value = this.value();
      members.set(key, value);
      this.separator('}');
    }
    const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  }

  private items(): string {
    this.at++;
    this.blank();
    if (this.take(']')) return '[]';
    const items: string[] = [];
    for (;;) {
      this.blank();
      const missing = this.text[this.at] === ',' || this.text[this.at] === ']';
      items.push(missing || this.match(/undefined\b/iy) ? UNDEFINED : this.value());
      this.blank();
      if (this.take(']')) return `[${items.join(',')}]`;
      if (!this.take(',')) throw this.syntaxError('missing comma');
    }
  }

  /** A comma, or the closing bracket, which stays. */
  private separator(close: string): void {
    this.blank();
    if (!this.take(',') && this.text[this.at] !== close) throw this.syntaxError('missing comma');
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found) this.at += found.length;
    return found;
  }

  private word(): string {
    const word = this.match(/[A-Za-z_$][\w$]*/y);
    if (!word) throw this.syntaxError('misplaced character');
    return word;
  }

  private number(): string | undefined {
    const hex = this.match(/[+-]?0[xX][0-9a-fA-F]+/y);
    if (hex) return (hex.startsWith('-') ? '-' : '') + BigInt(hex.replace(/^[+-]/, '')).toString();
    const found = this.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (!found) return undefined;
    const [, sign, whole, fraction, exponent] = /^([+-]?)0*(\d*)(?:\.(\d*))?([eE].*)?$/.exec(found)!;
    return `${sign === '-' ? '-' : ''}${whole || '0'}${fraction ? `.${fraction}` : ''}${exponent ?? ''}`;
  }

  private keyword(): string {
    const word = this.match(/-?[A-Za-z_]+/y);
    switch (word?.toLowerCase()) {
      case 'true':
      case 'false':
        return word.toLowerCase();
      case 'null':
      case 'undefined':
      case 'nan':
      case 'infinity':
      case '-infinity':
        return 'null';
      default:
        if (word) throw this.syntaxError(`unknown keyword "${word}"`);
        this.at++;
        throw this.syntaxError(`misplaced ${this.text[this.at - 1]}`);
    }
  }

  private string(): string {
    const quote = this.text[this.at++]!;
    let value = '';
    for (; !this.done; this.at++) {
      const c = this.text[this.at]!;
      if (c === quote) {
        this.at++;
        return value;
      }
      if (c !== '\\') value += c;
      else value += this.readEscape();
    }
    throw this.syntaxError('unterminated string');
  }

  private readEscape(): string {
    const c = this.text[++this.at] ?? '';
    const width = { u: 4, x: 2 }[c];
    if (!width) return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' }[c] ?? c;
    const digits = this.text.slice(this.at + 1, this.at + 1 + width);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < width) throw this.syntaxError('invalid escape');
    this.at += width;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}
