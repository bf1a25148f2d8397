import { type ColumnProfile, MAX_LEVELS } from './profile.js';

/** Numbers that are names. */
const CODE = /(_CODE|_ID|_NO|_KEY|_TYPE|ZIP|CODE)$/;
/** Groups of the exploration: at most so many, of at most so many levels. */
const MOST_GROUPS = 6;
const GROUP_LEVELS = 12;

/** Lines of a draft's `features`, its groups, and what was left out. */
export interface DraftFeatures {
  readonly lines: readonly string[];
  readonly groups: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Makes features of the columns that may be some.
 * @param admission column of the admission date, where there is one
 */
export function draftFeatures(
  columns: readonly ColumnProfile[],
  admission: string | undefined,
): DraftFeatures {
  const lines: string[] = [];
  const groups: string[] = [];
  const constant: string[] = [];
  const dates: string[] = [];
  const scattered: string[] = [];
  for (const column of columns) {
    const { name, type, distinct, values } = column;
    const numeric = (type === 'NUMBER' || type === 'FLOAT') && !CODE.test(name);
    if (distinct < 2) constant.push(name);
    else if (/^(DATE|TIMESTAMP)/.test(type)) dates.push(name);
    else if (!numeric && distinct > values / 3 && distinct > MAX_LEVELS) scattered.push(name);
    else {
      const order = numeric ? undefined : ordered(column.levels ?? []);
      lines.push(
        numeric
          ? `  ${name}: { type: numeric }`
          : order
            ? `  ${name}: { type: ordered, levels: ${JSON.stringify(order)} }`
            : `  ${name}: { type: categorical }`,
      );
      if (!numeric && distinct <= GROUP_LEVELS && groups.length < MOST_GROUPS) groups.push(name);
    }
  }
  if (admission)
    lines.push(
      `  ADMISSION_MONTH: { type: categorical, sql: MONTHNAME(${admission}) }`,
      `  ADMISSION_WEEKDAY: { type: categorical, sql: DAYNAME(${admission}) }`,
    );
  const leftOut = (names: readonly string[], why: string) =>
    names.length > 0 ? [`Left out of the features, because ${why}: ${names.join(', ')}.`] : [];
  return {
    lines,
    groups,
    notes: [
      ...leftOut(constant, 'they always say the same'),
      ...leftOut(
        dates,
        `a date needs an expression, such as { type: categorical, sql: MONTHNAME(${dates[0]}) }`,
      ),
      ...leftOut(scattered, 'their values are nearly as many as their rows'),
    ],
  };
}

/**
 * Levels in the order of the numbers they begin with ("0-10", "[70-80)", "<30", "70 or Older"); undefined when
 * they have none.
 */
export function ordered(levels: readonly string[]): string[] | undefined {
  if (levels.length < 3) return undefined;
  const places = levels.map((level) => {
    const match = /^\s*[[(]?\s*(<|>)?\s*=?\s*(\d+(?:\.\d+)?)\s*(-|–|,|to |\+|or |and |[\])]|$)/i.exec(level);
    return match ? Number(match[2]) + (match[1] === '<' ? -0.5 : match[1] === '>' ? 0.5 : 0) : Number.NaN;
  });
  // Plain numbers as text are as likely to be names as amounts.
  if (places.some(Number.isNaN) || levels.every((level) => /^\d+$/.test(level))) return undefined;
  return levels
    .map((level, i) => ({ level, place: places[i] ?? 0 }))
    .sort((x, y) => x.place - y.place)
    .map(({ level }) => level);
}
