import { isDate } from '../../procedures/dataset/column-rules.js';
import { isCalled } from '../naming/column-names.js';
import { type ColumnProfile, MAX_LEVELS } from '../profiling/profile.js';
import type { Omissions } from './types.js';

/** Groups of the exploration: at most so many, of at most so many levels. */
const MOST_GROUPS = 6;
const GROUP_LEVELS = 12;
/** Rows that a group of the exploration needs of a level to say anything. */
const FEWEST_ROWS = 10;

/** Kind of a column to the model. */
type Kind = 'number' | 'category' | 'ordered' | 'yes or no';

/** Lines of a draft's `features`, its groups, and what became of which column. */
export interface DraftFeatures {
  readonly lines: readonly string[];
  readonly groups: readonly string[];
  readonly kinds: ReadonlyMap<ColumnProfile, Kind>;
  readonly leftOut: Omissions;
}

/**
 * Makes features of the columns that may be some.
 * @param admission column of the admission date, where there is one
 */
export function draftFeatures(
  columns: readonly ColumnProfile[],
  rows: number,
  admission: string | undefined,
): DraftFeatures {
  const lines: string[] = [];
  const groups: string[] = [];
  const protectedGroups: string[] = [];
  const kinds = new Map<ColumnProfile, Kind>();
  const leftOut: Omissions = new Map();
  for (const column of columns) {
    const kind = kindOf(column, rows);
    if (typeof kind === 'object') {
      leftOut.set(column, kind.why);
      continue;
    }
    const isGroup = kind !== 'number' && column.distinct > 1 && column.distinct <= GROUP_LEVELS;
    if (isProtected(column)) {
      leftOut.set(column, PROTECTED);
      if (isGroup) protectedGroups.push(column.name);
      continue;
    }
    kinds.set(column, kind);
    lines.push(`  ${line(column, kind)}`);
    if (isGroup) groups.push(column.name);
  }
  // Whom a model must not treat worse comes first.
  groups.unshift(...protectedGroups);
  const birth = columns.find(({ name, type }) => isDate(type) && isCalled('birth', name));
  if (admission && birth && ![...kinds.keys()].some(({ name }) => isCalled('age', name))) {
    leftOut.delete(birth);
    kinds.set(birth, 'number');
    lines.push(`  AGE: { type: numeric, sql: "DATEDIFF(year, ${birth.name}, ${admission})" }`);
  }
  if (admission) {
    const freeName = (name: string) => (columns.some((column) => column.name === name) ? `${name}_` : name);
    lines.push(
      `  ${freeName('ADMISSION_MONTH')}: { type: categorical, sql: MONTHNAME(${admission}) }`,
      `  ${freeName('ADMISSION_WEEKDAY')}: { type: categorical, sql: DAYNAME(${admission}) }`,
    );
  }
  return { lines, groups: groups.slice(0, Math.max(MOST_GROUPS, protectedGroups.length)), kinds, leftOut };
}

function kindOf(column: ColumnProfile, rows: number): Kind | { why: string } {
  const { name, type, distinct, values, mostly, clock } = column;
  if (values === 0) return { why: 'always empty' };
  if (isDate(type))
    return { why: 'a date: it needs an expression, as { type: categorical, sql: MONTHNAME(…) }' };
  if (mostly || clock) return 'number';
  if (distinct < 2) {
    // Empty or "Penicillin" says two things.
    const rarer = Math.min(values, rows - values);
    return rarer >= FEWEST_ROWS ? 'yes or no' : { why: 'always the same' };
  }
  if ((type === 'NUMBER' || type === 'FLOAT') && !isCalled('code', name)) return 'number';
  if (distinct > values / 3 && distinct > MAX_LEVELS) return { why: 'values are nearly as many as rows' };
  return orderLevels(column.levels ?? []) ? 'ordered' : 'category';
}

function line(column: ColumnProfile, kind: Kind): string {
  const { name, levels, mostly, clock } = column;
  // It may tell much of the stay, and is no leak for that.
  const known = isKnownByName(column) ? ', knownAtAdmission: true' : '';
  if (mostly)
    return `${name}_NUMBER: { type: numeric, sql: "TRY_TO_DOUBLE(${mostly.commas ? `REPLACE(${name}, ',', '.')` : name})" }`;
  if (clock) return `${name}_HOUR: { type: numeric, sql: "TRY_TO_DOUBLE(SPLIT_PART(${name}, ':', 1))" }`;
  if (kind === 'number') return `${name}: { type: numeric${known} }`;
  if (kind === 'yes or no') return `${name}: { type: categorical, default: none }`;
  return kind === 'ordered'
    ? `${name}: { type: ordered, levels: ${JSON.stringify(orderLevels(levels ?? []))}${known} }`
    : `${name}: { type: categorical${known} }`;
}

/** Why a protected column is no feature yet. */
export const PROTECTED = 'protected: its groups are measured, and a person decides whether it is a feature';
const SEXES = [
  /^(m|male|man|mann|männlich|homme|masculin[oe]?|hombre|uomo|man(nelijk)?|mand)$/i,
  /^(f|w|female|woman|frau|weiblich|femme|féminin|femenino|feminino|mujer|donna|vrouw(elijk)?|kvinde|k)$/i,
];

/** Tells whether a column says of which people a patient is, by its name or its values. */
export function isProtected({ name, header, levels = [] }: ColumnProfile): boolean {
  const isOfSex = levels.length <= 4 && SEXES.every((sex) => levels.some((level) => sex.test(level.trim())));
  return isCalled('protected', header ?? name) || isCalled('postcode', header ?? name) || isOfSex;
}

/** Tells whether a feature is written down when the patient comes, by its name. */
export function isKnownByName({ name, header }: ColumnProfile): boolean {
  return isCalled('ofTheAdmission', header ?? name);
}

/**
 * Levels in the order of the numbers they begin with ("0-10", "[70-80)", "<30", "70 or Older"); undefined when
 * they have none.
 */
export function orderLevels(levels: readonly string[]): string[] | undefined {
  if (levels.length < 3) return undefined;
  const places = levels.map((level) => {
    const match =
      /^\s*[[(]?\s*(<|>)?\s*=?\s*(\d+(?:\.\d+)?)\s*(-|–|,|to |\+|or |and |bis |à |a |tot |[\])]|$)/i.exec(
        level,
      );
    if (!match) return Number.NaN;
    return Number(match[2]) + Number(match[1] === '>') / 2 - Number(match[1] === '<') / 2;
  });
  // Plain numbers as text are as likely to be names as amounts.
  if (places.some(Number.isNaN) || levels.every((level) => /^\d+$/.test(level))) return undefined;
  return levels
    .map((level, i) => ({ level, place: places[i] ?? 0 }))
    .sort((x, y) => x.place - y.place)
    .map(({ level }) => level);
}
