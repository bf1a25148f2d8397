import { datasetNames } from '../dataset/names.js';
import { literal, qualify } from '../ground/names.js';
import { fill, type SqlName } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { execute, query, queryFirst, type Row, type Work } from '../ground/work.js';
import {
  type CodedColumn,
  codeLevels,
  codeNumbers,
  isByLevel,
  isSurelyLargeEnough,
  type Level,
  MOST_LEVELS,
  MOST_ORDERED,
} from './coding.js';
import { type Column, columnsFromDates, valuesOf } from './columns.js';
import type { Cell, Counts, OutlierFacts, Week } from './facts.js';
import { fences, type NumberFacts, numberFacts, STAY } from './numbers.js';
import type { ExplorePlan } from './plan.js';

/** Border between the earlier stays and the later ones. */
export interface Boundary {
  /** SQL over the table of values. */
  readonly later: string;
  readonly words: string;
}

/** Groups by a key, of a number, among some of the stays. */
export interface GroupedTable {
  readonly key: string;
  readonly target: string;
  readonly where: string;
  /** Its lowest and highest are shown. */
  readonly ends: boolean;
}

type ExploreText = SqlName extends infer S ? (S extends `exploring/${infer N}` ? N : never) : never;
/** Values of a text of sql/exploring/ beside those that all of them take. */
export type OwnValues<N extends ExploreText> = Readonly<
  Record<Exclude<SqlPlaces[`sql/exploring/${N}.sql`], 'values' | 'stays' | 'fewest' | 'long'>, string>
>;

/** The statements of sql/exploring/, filled in, and what they find. */
export class Measures {
  readonly values: string;
  readonly stays: string;

  constructor(private readonly plan: ExplorePlan) {
    const stem = datasetNames(plan.contract).raw;
    this.values = qualify(plan.settings, `${stem}_EXPLORED_VALUES_TMP`);
    this.stays = qualify(plan.settings, `${stem}_EXPLORED_STAYS_TMP`);
  }

  text<N extends ExploreText>(name: N, more: OwnValues<N>): string {
    const { values, stays, plan } = this;
    const shared = { values, stays, fewest: String(FEWEST_PATIENTS), long: String(plan.longStayDays) };
    return fill(plan.sql[name] as string, { ...shared, ...more });
  }

  /** One statement of many like it. */
  *queryEach<T, N extends ExploreText>(
    name: N,
    items: readonly T[],
    values: (item: T) => OwnValues<N>,
  ): Work<readonly Row[]> {
    if (items.length === 0) return [];
    return yield* query(items.map((item) => this.text(name, values(item))).join('\nUNION ALL\n'));
  }

  *makeValues(columns: readonly Column[]): Work<void> {
    yield* execute(this.text('values', valuesOf(this.plan.contract, this.plan, columns)));
  }

  *counts(): Work<Counts> {
    const days = (column: string) => `DATEDIFF(day, TO_DATE('1970-01-01', 'YYYY-MM-DD'), ${column})`;
    const row = (yield* queryFirst(this.text('overview', { came: days('CAME'), went: days('WENT') }))) || {};
    const of = (name: string) => Number(row[name] || 0);
    const numberOrNull = (name: string) =>
      row[name] === null || row[name] === undefined ? null : Number(row[name]);
    return {
      admissions: of('ADMISSIONS'),
      stays: of('STAYS'),
      unfinished: of('UNFINISHED'),
      negative: of('NEGATIVE'),
      undated: of('UNDATED'),
      patients: of('PATIENTS'),
      comers: of('COMERS'),
      firstDay: numberOrNull('FIRST_DAY'),
      lastDay: numberOrNull('LAST_DAY'),
      middleDay: numberOrNull('MIDDLE_DAY'),
      lastWent: numberOrNull('LAST_WENT'),
    };
  }

  *numbers(columns: readonly Column[]): Work<Map<number, NumberFacts>> {
    const places = columns
      .map((_, place) => place)
      .filter((place) => (columns[place] as Column).kind === 'number');
    const rows = yield* this.queryEach('numbers', [STAY, ...places], (place) => ({
      place: String(place),
      value: place === STAY ? 'LOS' : (columns[place] as Column).value,
    }));
    return new Map(rows.map((row): [number, NumberFacts] => [Number(row.PLACE), numberFacts(row)]));
  }

  /**
   * Gives every column its codes, and makes the table of stays with them.
   * @param numbers what was found of the columns that are numbers, by place
   * @param byTime whether the month of admission is asked about
   */
  *code(
    columns: readonly Column[],
    numbers: ReadonlyMap<number, NumberFacts>,
    boundary: Boundary | null,
    byTime: boolean,
  ): Work<CodedColumn[]> {
    const all = columns.concat(
      columnsFromDates(this.plan.contract, boundary === null ? null : boundary.later, byTime),
    );
    const places = all
      .map((_, place) => place)
      .filter((place) => isByLevel(all[place] as Column, numbers.get(place)));
    const levels = yield* this.levels(all, places, boundary);
    const coded = all.map((column, place) =>
      places.includes(place)
        ? codeLevels(column, place, levels.get(place) || [])
        : codeNumbers(column, place, numbers.get(place)),
    );
    const values = coded.filter(({ kind }) => kind === 'number').map(({ value }) => value);
    yield* execute(
      this.text('stays', {
        numbers: values.map((value) => `, ${value}`).join(''),
        codes: coded.map(({ coding, place }) => `(${coding})::NUMBER(4, 0) AS C${place}`).join(',\n  '),
      }),
    );
    return coded;
  }

  /** Levels with their patients: first stays are counted, which is quick, and patients where these do not suffice. */
  *levels(
    columns: readonly Column[],
    places: readonly number[],
    boundary: Boundary | null,
  ): Work<Map<number, Level[]>> {
    const later = boundary === null ? null : boundary.later;
    const ask = (
      some: readonly number[],
      patients: (condition: string) => string,
      among: (place: number) => string,
    ) =>
      this.queryEach('levels', some, (place) => {
        const { value, levels, role } = columns[place] as Column;
        return {
          place: String(place),
          value,
          earlier: patients(later === null ? 'TRUE' : `NOT (${later})`),
          later: later === null ? '0' : patients(later),
          among: among(place),
          most: String(levels !== undefined || role === 'derived' ? MOST_ORDERED : MOST_LEVELS),
        };
      });
    const quick = levelsOf(
      yield* ask(
        places,
        (condition) => `COUNT_IF(VISIT = 1 AND ${condition})`,
        () => '',
      ),
    );
    const needsExact = (place: number) =>
      (quick.get(place) || []).filter((level) => !isSurelyLargeEnough(level, boundary !== null));
    const exact = levelsOf(
      yield* ask(
        places.filter((place) => needsExact(place).length > 0),
        (condition) => `COUNT(DISTINCT IFF(${condition}, PATIENT, NULL))`,
        (place) =>
          `AND TO_VARCHAR(${(columns[place] as Column).value}) IN (${needsExact(place)
            .map(({ level }) => literal(level))
            .join(', ')})`,
      ),
    );
    exact.forEach((counted, place) => {
      const all = (quick.get(place) || []).map((level) => {
        const same = counted.filter(({ level: name, n }) => name === level.level && n === level.n)[0];
        return same === undefined ? level : { ...level, earlier: same.earlier, later: same.later };
      });
      quick.set(place, all);
    });
    return quick;
  }

  /** Rows of each table in turn; what two tables have in common is measured once. */
  *rowsByGroup(tables: readonly GroupedTable[]): Work<(readonly Row[])[]> {
    const signature = ({ key, target, where }: GroupedTable) => [key, target, where].join(' of ');
    const distinct = new Map<string, GroupedTable>();
    for (const table of tables) {
      const known = distinct.get(signature(table));
      distinct.set(signature(table), known === undefined || table.ends ? table : known);
    }
    const signatures = Array.from(distinct.keys());
    const all = Array.from(distinct.values());
    const union = (name: 'group-values' | 'group-ends', some: readonly GroupedTable[]) =>
      some
        .map((table) => {
          const { key, target, where } = table;
          return this.text(name, { key, target, where, place: String(signatures.indexOf(signature(table))) });
        })
        .join('\nUNION ALL\n');
    const ended = all.filter(({ ends }) => ends);
    const rows = yield* query(
      this.text('by-group', {
        counted: union('group-values', all),
        reached: union('group-ends', ended.length > 0 ? ended : all.slice(0, 1)),
      }),
    );
    const found: Row[][] = all.map(() => []);
    for (const row of rows) (found[Number(row.PLACE)] as Row[]).push(row);
    return tables.map((table) => found[signatures.indexOf(signature(table))] as Row[]);
  }

  *associations(columns: readonly CodedColumn[]): Work<Cell[]> {
    const rows = yield* this.queryEach('associations', columns, ({ place }) => ({
      place: String(place),
      code: `C${place}`,
    }));
    return rows.map((row) => ({
      place: Number(row.PLACE),
      code: Number(row.CODE),
      fold: String(row.FOLD),
      n: Number(row.N),
      days: Number(row.DAYS),
      squares: Number(row.SQUARES),
    }));
  }

  *findOutliers(
    columns: readonly CodedColumn[],
    numbers: ReadonlyMap<number, NumberFacts>,
  ): Work<Map<number, OutlierFacts>> {
    const items = Array.from(numbers.keys())
      .map((place) => ({ place, bounds: fences(numbers.get(place) as NumberFacts) }))
      .filter(
        (item): item is { place: number; bounds: NonNullable<typeof item.bounds> } => item.bounds !== null,
      );
    const rows = yield* this.queryEach('outliers', items, ({ place, bounds }) => ({
      place: String(place),
      value: place === STAY ? 'LOS' : (columns[place] as CodedColumn).value,
      lowest: String(bounds.lowest),
      highest: String(bounds.highest),
    }));
    const found = new Map<number, OutlierFacts>();
    for (const row of rows) {
      const item = items.find(({ place }) => place === Number(row.PLACE)) as (typeof items)[0];
      found.set(item.place, {
        ...item.bounds,
        below: Number(row.BELOW),
        above: Number(row.ABOVE),
        patientsBelow: Number(row.PATIENTS_BELOW),
        patientsAbove: Number(row.PATIENTS_ABOVE),
      });
    }
    return found;
  }

  *weeks({ lastDay }: Counts): Work<Week[]> {
    if (lastDay === null) return [];
    const last = `DATEADD(day, ${lastDay}, TO_DATE('1970-01-01', 'YYYY-MM-DD'))`;
    const rows = yield* query(this.text('edge', { last }));
    return rows.map((row) => ({
      weeksAgo: Number(row.DAYS_BEFORE) / 7,
      admissions: Number(row.ADMISSIONS),
      unfinished: Number(row.UNFINISHED),
    }));
  }

  *drop(): Work<void> {
    for (const table of [this.values, this.stays]) yield* execute(`DROP TABLE IF EXISTS ${table}`);
  }
}

function levelsOf(rows: readonly Row[]): Map<number, Level[]> {
  const found = new Map<number, Level[]>();
  for (const row of rows) {
    const place = Number(row.PLACE);
    const level = {
      level: String(row.LEVEL),
      n: Number(row.N),
      earlier: Number(row.EARLIER),
      later: Number(row.LATER),
      levels: Number(row.LEVELS),
    };
    found.set(place, (found.get(place) || []).concat(level));
  }
  found.forEach((levels) => {
    levels.sort((a, b) => b.n - a.n || (a.level < b.level ? -1 : 1));
  });
  return found;
}
