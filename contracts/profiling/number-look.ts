import { type DecimalMark, isCode, readNumber } from '../files/numbers.js';

/** Kind of a column of numbers, once all of its values have been seen. */
export interface NumberKind {
  readonly type: 'NUMBER' | 'FLOAT';
  /** Sign before fractions, which the contract has to say; left out: a file says it itself. */
  readonly decimal?: DecimalMark;
}

/** Looks at the different values of a column, whether they are numbers and how these are written. */
export class NumberProfiler {
  /** Ways of reading in which every number so far is one. */
  private readonly ways = { point: true, comma: true, pointGroups: true, commaGroups: true };
  private whole = true;
  private coded = false;
  /** Some have other than a point before their fraction, or whole numbers with points in them. */
  private marks = false;
  private thousands = false;
  seen = 0;

  constructor(private readonly commasDivide: boolean) {}

  /** @returns whether the value is a number in some way */
  take(value: string): boolean {
    if (isCode(value)) {
      this.coded = true;
      return true;
    }
    const point = readNumber(value, '.') !== undefined;
    const comma = !this.commasDivide && readNumber(value, ',') !== undefined;
    const pointGroups = point || readNumber(value, '.', true) !== undefined;
    const commaGroups = readNumber(value, ',', true) !== undefined;
    if (!pointGroups && !commaGroups) return false;
    this.seen++;
    this.whole &&= /^[+-]?\d+$/.test(value);
    this.marks ||= !point;
    this.thousands ||= /^[+-]?\d{1,3}(\.\d{3})+/.test(value);
    const { ways } = this;
    ways.point &&= point;
    ways.comma &&= comma || /^[+-]?\d+(\.\d+)?$/.test(value);
    ways.pointGroups &&= pointGroups;
    ways.commaGroups &&= commaGroups;
    return true;
  }

  /** Tells whether some were codes: whole numbers that begin with a zero. */
  get codes(): boolean {
    return this.coded;
  }

  /** Tells whether commas stand before fractions, whatever the points say. */
  get hasCommas(): boolean {
    return !this.commasDivide && this.marks && this.kind() !== undefined;
  }

  /**
   * @param commasElsewhere whether other columns of the file have commas before fractions: 1.234 is then a thousand
   * @returns undefined where they are no numbers, or not all in one way of writing
   */
  kind(commasElsewhere = false): NumberKind | undefined {
    if (this.coded || this.seen === 0) return undefined;
    if (this.whole) return { type: 'NUMBER' };
    if (this.thousands && this.ways.commaGroups && (this.marks || commasElsewhere))
      return { type: 'FLOAT', decimal: ',' };
    if (this.ways.point) return { type: 'FLOAT' };
    // Commas before fractions and thousands that nothing divides: where commas divide no fields, the file says so itself.
    if (!this.commasDivide && this.ways.comma) return { type: 'FLOAT' };
    if (this.ways.commaGroups && !this.ways.pointGroups) return { type: 'FLOAT', decimal: ',' };
    return this.ways.pointGroups ? { type: 'FLOAT', decimal: '.' } : undefined;
  }
}
