/** A CSV text of numbers, read straight into float arrays: no strings and no objects per row. */

/** Raised for text that is not a table of numbers. It names the place, never the text: cells may be confidential. */
export class CsvError extends Error {
  override name = 'CsvError';
}

/** The rows read so far, row-major. Missing cells are NaN. */
export interface NumberTable {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns values. */
  readonly values: Float32Array;
  /** The leading columns (label, weight) that were set apart, one array each. */
  readonly leading: Float32Array[];
}

export interface CsvOptions {
  /** The delimiter's character code; a comma by default. */
  delimiter?: number;
  /** How many leading columns to set apart: 1 for a label, 2 for label and weight. */
  leading?: number;
  /** Ignore empty lines, as XGBoost's file parser does; otherwise an empty line is one missing cell. */
  skipBlankLines?: boolean;
  /** Bytes that will come, where that is known: then room is made once. What is not used of it takes no memory. */
  bytes?: number;
}

const NEWLINE = 10;
const RETURN = 13;
const POINT = 46;
const MINUS = 45;
const COMMA = 44;
/** With at most 15 digits and a power of ten up to 22 both are exact doubles, so one division rounds correctly. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL = /^[+-]?(nan|inf|infinity)$/i;

/**
 * Reads numbers from chunks of text in which lines may be cut anywhere.
 * A number is read as a double and then rounded to a float, as numpy and the container do.
 */
export class CsvReader {
  readonly #delimiter: number;
  readonly #leading: number;
  readonly #skipBlank: boolean;
  #rest = Buffer.alloc(0);
  #line = 0;
  #rows = 0;
  #columns = -1;
  #values: Float32Array<ArrayBuffer>;
  #apart: Float32Array<ArrayBuffer>[];

  constructor(options: CsvOptions = {}) {
    this.#delimiter = options.delimiter ?? COMMA;
    this.#leading = options.leading ?? 0;
    this.#skipBlank = options.skipBlankLines ?? false;
    // A cell is two bytes at least: a digit and what follows it.
    this.#values = new Float32Array(Math.max(4096, Math.ceil((options.bytes ?? 0) / 2)));
    this.#apart = Array.from({ length: this.#leading }, () => new Float32Array(256));
  }

  /** Reads the complete lines of a chunk and keeps the rest for the next one. */
  push(chunk: Buffer): void {
    let from = 0;
    if (this.#rest.length > 0) {
      // The line that was cut is put together; the others are read where they are.
      from = chunk.indexOf(NEWLINE) + 1;
      const line = Buffer.concat([this.#rest, chunk.subarray(0, from || chunk.length)]);
      if (from > 0) this.#lines(line, 0, line.length);
      this.#rest = from > 0 ? Buffer.alloc(0) : line;
      if (from === 0) return;
    }
    const end = Math.max(from, chunk.lastIndexOf(NEWLINE) + 1);
    this.#lines(chunk, from, end);
    this.#rest = Buffer.from(chunk.subarray(end));
  }

  /** Ends a file: its last line may lack a newline. More files may follow. */
  endFile(): void {
    if (this.#rest.length === 0) return;
    const last = Buffer.concat([this.#rest, Buffer.from('\n')]);
    this.#rest = Buffer.alloc(0);
    this.#lines(last, 0, last.length);
  }

  /** The table read so far. */
  table(): NumberTable {
    const columns = Math.max(0, this.#columns - this.#leading);
    return {
      rows: this.#rows,
      columns,
      values: this.#values.subarray(0, this.#rows * columns),
      leading: this.#apart.map((column) => column.subarray(0, this.#rows)),
    };
  }

  #lines(text: Buffer, from: number, end: number): void {
    let at = from;
    while (at < end) {
      const lineEnd = text.indexOf(NEWLINE, at);
      this.#line += 1;
      const blank = lineEnd === at || (lineEnd === at + 1 && text[at] === RETURN);
      if (!(blank && this.#skipBlank)) this.#row(text, at, lineEnd);
      at = lineEnd + 1;
    }
  }

  #row(text: Buffer, start: number, end: number): void {
    if (this.#columns < 0) this.#columns = this.#countColumns(text, start, end);
    const features = this.#columns - this.#leading;
    if (features < 0)
      throw new CsvError(
        `Line ${this.#line} has ${this.#columns} column(s); a label and features are expected.`,
      );
    const offset = this.#rows * features;
    if (this.#values.length < offset + features) this.#values = grow(this.#values, offset + features);
    for (let i = 0; i < this.#apart.length; i += 1)
      if (this.#apart[i]!.length <= this.#rows) this.#apart[i] = grow(this.#apart[i]!, this.#rows + 1);
    const values = this.#values;
    const delimiter = this.#delimiter;
    let column = -this.#leading;
    let at = start;
    for (;;) {
      // Most cells are one digit, of a category's column.
      const only = text[at]! - 48;
      if (only >= 0 && only <= 9 && column >= 0 && column < features && text[at + 1] === delimiter) {
        values[offset + column] = only;
        column += 1;
        at += 2;
        continue;
      }
      // A common cell: an optional sign, digits, perhaps a point and digits, then the delimiter.
      const from = at;
      const negative = text[at] === MINUS;
      if (negative) at += 1;
      let mantissa = 0;
      let digits = 0;
      let decimals = 0;
      let digit = text[at]! - 48;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits += 1;
        at += 1;
        digit = text[at]! - 48;
      }
      if (text[at] === POINT) {
        at += 1;
        digit = text[at]! - 48;
        while (digit >= 0 && digit <= 9) {
          mantissa = mantissa * 10 + digit;
          digits += 1;
          decimals += 1;
          at += 1;
          digit = text[at]! - 48;
        }
      }
      let value: number;
      const next = text[at];
      if (digits > 0 && digits <= EXACT_DIGITS && (at === end || next === delimiter)) {
        value = decimals > 0 ? mantissa / POWERS[decimals]! : mantissa;
        if (negative) value = -value;
      } else {
        while (at < end && text[at] !== delimiter) at += 1;
        value = this.#otherCell(text.toString('latin1', from, at), column);
      }
      if (column >= features) throw this.#ragged(this.#countColumns(text, start, end));
      if (column >= 0) values[offset + column] = value;
      else this.#apart[column + this.#leading]![this.#rows] = value;
      column += 1;
      if (at >= end) break;
      at += 1;
    }
    if (column !== features) throw this.#ragged(column + this.#leading);
    this.#rows += 1;
  }

  /** Cells that the fast path leaves: empty, exponents, many digits, nan, blanks around a number. */
  #otherCell(raw: string, column: number): number {
    const cell = raw.trim();
    if (cell === '') return Number.NaN;
    if (NUMBER.test(cell)) return Number(cell);
    if (SPECIAL.test(cell)) {
      if (/nan$/i.test(cell)) return Number.NaN;
      return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    }
    throw new CsvError(
      `could not convert string to float: line ${this.#line}, column ${column + this.#leading + 1}`,
    );
  }

  #countColumns(text: Buffer, start: number, end: number): number {
    let columns = 1;
    for (let at = start; at < end; at += 1) if (text[at] === this.#delimiter) columns += 1;
    return columns;
  }

  #ragged(found: number): CsvError {
    return new CsvError(
      `Line ${this.#line} has ${found} columns where the lines before it have ${this.#columns}`,
    );
  }
}

/**
 * The delimiter of a CSV text, told from its first line as the container does.
 *
 * @returns the character code, or undefined for a line without one (a single column): the container refuses that
 */
export function sniffDelimiter(firstLine: string): number | undefined {
  for (const candidate of [',', ';', '\t', '|', ' ']) {
    if (firstLine.trim().includes(candidate)) return candidate.charCodeAt(0);
  }
  return undefined;
}

function grow(array: Float32Array<ArrayBuffer>, needed: number): Float32Array<ArrayBuffer> {
  const bigger = new Float32Array(Math.max(needed, Math.ceil(array.length * 1.5)));
  bigger.set(array);
  return bigger;
}
