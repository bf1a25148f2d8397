import { localRefusal, SnowflakeError } from '../errors.js';
import type { Wanted } from '../query/bind/binder.js';
import type { PackedColumn, PackedNumbers } from '../storage/packed-texts.js';
import { TextPacker } from '../storage/text-packer.js';
import type { Cell, DataType } from '../types/data-type.js';

/** What knows values of a realm. */
export interface Realm {
  /** A value's JSON; undefined for what has none. */
  text(value: unknown): string | undefined;
  /** The prototype of its plain objects. */
  readonly plain: object;
}

const { hasOwn } = Object;
const { isArray } = Array;

/**
 * Turns the values of a response into cells of the return type, and of members of them, which are JSON.
 * @param name of the external function
 * @returns a column for the values, where they are wanted, and one for each member. Members that are wanted as FLOATs are numbers, unless there is
 *   one that is none, which only a cast of its JSON can tell: then all are JSON.
 * @throws SnowflakeError 100339 for a value of another type
 */
export function packCells(
  name: string,
  type: DataType,
  values: readonly unknown[],
  realm: Realm,
  { whole, members: all, floats = [] }: Wanted = WHOLE,
): PackedColumn[] {
  const numbers = packNumbers(values, floats, realm);
  const members = numbers ? all.filter((member) => !floats.includes(member)) : all;
  const columns = Array.from(
    { length: members.length + (whole ? 1 : 0) },
    () => new TextPacker(values.length, realm.plain),
  );
  const toCell = cellWriter(name, type, realm.text);
  const isJson = JSON_OF[type.kind] ?? (() => false);
  const first = whole ? 1 : 0;
  const canPack = (value: unknown): boolean => {
    if (!isJson(value) || !(whole || isPlain(value, realm))) return false;
    for (let i = 0; i < columns.length; i++) {
      const part = i < first ? value : memberOf(value, members[i - first]!);
      if (part === undefined && i >= first) columns[i]!.text(null);
      else if (!columns[i]!.value(part)) {
        for (const column of columns.slice(0, i)) column.takeBack();
        return false;
      }
    }
    return true;
  };
  for (const value of values) {
    if (canPack(value)) continue;
    const text = toCell(value);
    if (whole) columns[0]!.text(text);
    if (members.length === 0) continue;
    const plain: unknown = text === null ? undefined : JSON.parse(text);
    for (const [i, member] of members.entries()) {
      const part = memberOf(plain, member);
      columns[first + i]!.text(part === undefined ? null : JSON.stringify(part));
    }
  }
  const texts = columns.map((column) => column.done());
  if (!numbers) return texts;
  const ofMember = (member: string): PackedColumn =>
    numbers.get(member) ?? texts[first + members.indexOf(member)]!;
  return [...texts.slice(0, first), ...all.map(ofMember)];
}

/** Members that are numbers, null or not there in all values; undefined where one is something else. */
function packNumbers(
  values: readonly unknown[],
  members: readonly string[],
  realm: Realm,
): Map<string, PackedNumbers> | undefined {
  const found = new Map<string, PackedNumbers>();
  if (members.length === 0 || !values.every((value) => isPlain(value, realm))) return undefined;
  for (const member of members) {
    const numbers = new Float64Array(values.length);
    const nulls = new Uint8Array(values.length);
    for (let row = 0; row < values.length; row++) {
      const value = memberOf(values[row], member);
      // JSON has no other numbers, and no -0.
      if (typeof value === 'number' && Number.isFinite(value)) numbers[row] = value + 0;
      else if (value === undefined || value === null || typeof value === 'number') nulls[row] = 1;
      else return undefined;
    }
    found.set(member, { numbers, nulls });
  }
  return found;
}

/** Values as they are. */
export const WHOLE: Wanted = { whole: true, members: [] };

/** A member that an object has itself; undefined for none. */
function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null || isArray(value) || !hasOwn(value, member))
    return undefined;
  return (value as Record<string, unknown>)[member];
}

/** True for what is taken apart as it is: members of others may be other ones in their JSON. */
function isPlain(value: unknown, { plain }: Realm): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  return Object.getPrototypeOf(value) === plain && (value as { toJSON?: unknown }).toJSON === undefined;
}

/** Values whose JSON is their cell. */
const JSON_OF: Partial<Record<DataType['kind'], (value: unknown) => boolean>> = {
  VARIANT: () => true,
  OBJECT: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ARRAY: Array.isArray,
};

function cellWriter(
  name: string,
  type: DataType,
  textOf: (value: unknown) => string | undefined,
): (value: unknown) => Cell {
  const valueError = (value: unknown) =>
    new SnowflakeError(
      '100339',
      '22018',
      `External function ${name} returned ${textOf(value)?.slice(0, 100)}, which is no ${type.kind}.`,
    );
  /** As it would come out of JSON: what a translator returns may be a date, or no finite number. */
  const toPlain = (value: unknown): unknown =>
    typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
      ? value
      : JSON.parse(textOf(value) ?? 'null');
  const semiStructured = (value: unknown, first: string): Cell => {
    const text = textOf(value);
    if (text?.[0] !== first) throw valueError(value);
    return text;
  };
  return (given) => {
    if (type.kind === 'VARIANT') return textOf(given) ?? null;
    if (given === null || given === undefined) return null;
    if (type.kind === 'OBJECT') return semiStructured(given, '{');
    if (type.kind === 'ARRAY') return semiStructured(given, '[');
    const value = toPlain(given);
    if (value === null) return null;
    switch (type.kind) {
      case 'FLOAT':
      case 'NUMBER': {
        const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
        if (typeof number !== 'number' || Number.isNaN(number)) throw valueError(value);
        return String(value).trim();
      }
      case 'BOOLEAN':
        if (typeof value !== 'boolean') throw valueError(value);
        return value ? '1' : '0';
      case 'TEXT':
        return typeof value === 'string' ? value : JSON.stringify(value);
      case 'DATE': {
        const ms = Date.parse(`${value}Z`);
        if (Number.isNaN(ms)) throw valueError(value);
        return String(Math.floor(ms / 86_400_000));
      }
      default:
        throw localRefusal(`an external function that returns ${type.kind}`, 'its conversion is not built');
    }
  };
}
