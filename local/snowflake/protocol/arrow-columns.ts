import type * as Library from 'apache-arrow';
import type { Cell, ResultColumn } from '../types/data-type.js';

export type Arrow = typeof Library;

/** One column of an Arrow result. */
export interface ArrowColumn {
  field: Library.Field;
  /** @param cells some of the column's, as they travel in JSON (wireRows) */
  data(cells: Cell[]): Library.Data;
}

/** How values are laid out, and the bytes of one, by which clients tell a struct with a fraction from one without. */
interface Layout {
  type: Library.DataType;
  byteLength: number;
  data(cells: Cell[]): Library.Data;
}

/**
 * A column in the layout in which Snowflake sends it: NUMBER in the smallest integers that hold its values, points in
 * time as integers of their scale or as structs, everything semi-structured as text. The sources are the clients'
 * decoders: snowflake-connector-python's nanoarrow_cpp, snowflake-jdbc's core/arrow, gosnowflake's converter.go.
 * @param cells all of the column's, also those of later chunks: these must have the same layout
 */
export function arrowColumn(arrow: Arrow, column: ResultColumn, cells: () => Iterable<Cell>): ArrowColumn {
  const { type, name, nullable } = column;
  const { type: arrowType, byteLength, data } = layoutOf(arrow, column, cells);
  const length = 'length' in type ? type.length : 0;
  const metadata = new Map(
    Object.entries({
      logicalType: LOGICAL[type.kind] ?? type.kind,
      precision: type.kind === 'NUMBER' ? type.precision : 0,
      scale: 'scale' in type ? type.scale : 0,
      charLength: type.kind === 'TEXT' ? length : 0,
      byteLength: type.kind === 'TEXT' ? length * 4 : type.kind === 'BINARY' ? length : byteLength,
      finalType: 'T',
    }).map(([key, value]) => [key, String(value)] as const),
  );
  return { field: new arrow.Field(name, arrowType, nullable, metadata), data };
}

const LOGICAL: Partial<Record<ResultColumn['type']['kind'], string>> = { NUMBER: 'FIXED', FLOAT: 'REAL' };

/** The largest scale whose points in time travel as one integer: the year 9999 in such units is within 64 bits. */
const LARGEST_PLAIN_SCALE = 6;

function layoutOf(arrow: Arrow, { type }: ResultColumn, cells: () => Iterable<Cell>): Layout {
  const { Int32, Int64, Float64, Bool, DateDay, Utf8, Binary, Int16 } = arrow;
  const integers = (kind: Library.DataType, bytes: number, read: (cell: string) => bigint): Layout => ({
    type: kind,
    byteLength: bytes,
    data: (part) => integerData(arrow, kind, part, read),
  });
  const struct = (byteLength: number, fields: [name: string, layout: Layout][]): Layout => {
    const kind = new arrow.Struct(
      fields.map(([name, layout]) => new arrow.Field(name, layout.type, true, new Map())),
    );
    return {
      type: kind,
      byteLength,
      data: (part) => {
        const children = fields.map(([, layout]) => layout.data(part));
        return arrow.makeData({ type: kind, length: part.length, ...validity(part), children });
      },
    };
  };
  switch (type.kind) {
    case 'NUMBER':
      return numberLayout(arrow, type, cells);
    case 'FLOAT': {
      const kind = new Float64();
      const read = (part: Cell[]) => Float64Array.from(part, (cell) => (cell === null ? 0 : floatOf(cell)));
      const data = (part: Cell[]) =>
        arrow.makeData({ type: kind, length: part.length, ...validity(part), data: read(part) });
      return { type: kind, byteLength: 8, data };
    }
    case 'BOOLEAN': {
      const kind = new Bool();
      const data = (part: Cell[]) => {
        const bits = bitmap(part, (cell) => cell !== null && /^(1|true)$/i.test(cell));
        return arrow.makeData({ type: kind, length: part.length, ...validity(part), data: bits });
      };
      return { type: kind, byteLength: 1, data };
    }
    case 'DATE':
      return integers(new DateDay(), 4, BigInt);
    case 'TIME':
      return type.scale <= 4
        ? integers(new Int32(), 4, (cell) => ticksOf(cell, type.scale))
        : integers(new Int64(), 8, (cell) => ticksOf(cell, type.scale));
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return type.scale <= LARGEST_PLAIN_SCALE
        ? integers(new Int64(), 8, (cell) => ticksOf(cell, type.scale))
        : struct(16, [
            ['epoch', integers(new Int64(), 8, epochOf)],
            ['fraction', integers(new Int32(), 4, fractionOf)],
          ]);
    case 'TIMESTAMP_TZ': {
      const zone = integers(new Int32(), 4, (cell) => BigInt(cell.split(' ')[1]!));
      return type.scale <= LARGEST_PLAIN_SCALE
        ? struct(8, [
            ['epoch', integers(new Int64(), 8, (cell) => ticksOf(cell, type.scale))],
            ['timezone', zone],
          ])
        : struct(16, [
            ['epoch', integers(new Int64(), 8, epochOf)],
            ['fraction', integers(new Int32(), 4, fractionOf)],
            ['timezone', zone],
          ]);
    }
    case 'DECFLOAT': {
      const significand = bytesLayout(arrow, new Binary(), (cell) => twosComplement(decimalOf(cell).digits));
      const exponent = integers(new Int16(), 2, (cell) => BigInt(decimalOf(cell).exponent));
      return struct(0, [
        ['exponent', exponent],
        ['significand', significand],
      ]);
    }
    case 'BINARY':
      return bytesLayout(arrow, new Binary(), (cell) => Buffer.from(cell, 'hex'));
    default:
      return bytesLayout(arrow, new Utf8(), (cell) => Buffer.from(cell));
  }
}

/** NUMBER without its point, in integers of 8 to 64 bits or in a decimal of 128, as the values need. */
function numberLayout(
  arrow: Arrow,
  { precision, scale }: { precision: number; scale: number },
  cells: () => Iterable<Cell>,
): Layout {
  let [least, most] = [0n, 0n];
  for (const cell of cells()) {
    if (cell === null) continue;
    const value = unscaled(cell, scale);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const bits = [8, 16, 32, 64].find(
    (each) => least >= -(2n ** BigInt(each - 1)) && most < 2n ** BigInt(each - 1),
  );
  const { Int8, Int16, Int32, Int64, Decimal } = arrow;
  const kinds = { 8: Int8, 16: Int16, 32: Int32, 64: Int64 } as const;
  const kind = bits ? new kinds[bits as keyof typeof kinds]() : new Decimal(scale, precision, 128);
  return {
    type: kind,
    byteLength: (bits ?? 128) / 8,
    data: (part) => integerData(arrow, kind, part, (cell) => unscaled(cell, scale)),
  };
}

function integerData(
  arrow: Arrow,
  type: Library.DataType,
  cells: Cell[],
  read: (cell: string) => bigint,
): Library.Data {
  const values = (cell: Cell) => (cell === null ? 0n : read(cell));
  const length = cells.length;
  let data: ArrayLike<number | bigint>;
  if (arrow.DataType.isDecimal(type)) {
    const words = new BigInt64Array(2 * length);
    cells.forEach((cell, i) => {
      const value = values(cell);
      words[2 * i] = BigInt.asIntN(64, value);
      words[2 * i + 1] = BigInt.asIntN(64, value >> 64n);
    });
    data = new Uint32Array(words.buffer);
  } else if (arrow.DataType.isInt(type) && type.bitWidth === 64) data = BigInt64Array.from(cells, values);
  else data = type.ArrayType.from(cells, (cell: Cell) => Number(values(cell)));
  return arrow.makeData({
    type: type as Library.Int64,
    length,
    ...validity(cells),
    data: data as BigInt64Array,
  });
}

function bytesLayout(
  arrow: Arrow,
  type: Library.Utf8 | Library.Binary,
  read: (cell: string) => Buffer,
): Layout {
  const data = (cells: Cell[]) => {
    const parts = cells.map((cell) => (cell === null ? Buffer.alloc(0) : read(cell)));
    const valueOffsets = new Int32Array(cells.length + 1);
    parts.forEach((part, i) => {
      valueOffsets[i + 1] = valueOffsets[i]! + part.length;
    });
    const props = { length: cells.length, ...validity(cells), valueOffsets, data: Buffer.concat(parts) };
    return arrow.makeData({ type: type as Library.Utf8, ...props });
  };
  return { type, byteLength: 0, data };
}

/** Which cells are there: a bit for each. */
function validity(cells: Cell[]): { nullCount: number; nullBitmap: Uint8Array } {
  const nullCount = cells.reduce((count, cell) => count + (cell === null ? 1 : 0), 0);
  return { nullCount, nullBitmap: bitmap(cells, (cell) => cell !== null) };
}

function bitmap(cells: Cell[], isSet: (cell: Cell) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(cells.length / 8));
  cells.forEach((cell, i) => {
    if (isSet(cell)) bits[i >> 3]! |= 1 << (i & 7);
  });
  return bits;
}

/** `-12.3` with a scale of 2 → -1230 */
function unscaled(cell: string, scale: number): bigint {
  const [whole = '', fraction = ''] = cell.split('.');
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

/** The point in time of `seconds.fraction` or `seconds.fraction offset` in units of the scale. */
const ticksOf = (cell: string, scale: number): bigint => unscaled(cell.split(' ')[0]!, scale);

const NANOS = 1_000_000_000n;

/** The second in which a point in time lies, also before 1970. */
function epochOf(cell: string): bigint {
  const nanos = ticksOf(cell, 9);
  return (nanos - fractionOf(cell)) / NANOS;
}

/** The nanoseconds from that second on. */
const fractionOf = (cell: string): bigint => ((ticksOf(cell, 9) % NANOS) + NANOS) % NANOS;

function floatOf(cell: string): number {
  if (/^[-+]?inf/i.test(cell))
    return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(cell);
}

/** The text of a DECFLOAT as digits and the power of ten that they stand for. */
function decimalOf(cell: string): { digits: bigint; exponent: number } {
  const [mantissa = '', power = '0'] = cell.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/** An integer in as few bytes as hold it, the highest first. */
function twosComplement(value: bigint): Buffer {
  let size = 1;
  while (value < -(2n ** BigInt(8 * size - 1)) || value >= 2n ** BigInt(8 * size - 1)) size++;
  return Buffer.from(
    BigInt.asUintN(8 * size, value)
      .toString(16)
      .padStart(2 * size, '0'),
    'hex',
  );
}
