import type { Contract } from '../dataset/contract.js';
import { castExpression, finite, inputSelect } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { rawRows } from '../dataset/raw.js';
import { literal, qualify } from '../ground/names.js';
import type { PlaceValues } from '../ground/plan.js';
import type { ExplorePlan } from './plan.js';

/** Something that stays are looked at by. */
export interface Column {
  /** The contract's name, in capitals, or words for what follows from dates and patients. */
  readonly name: string;
  readonly kind: 'number' | 'category';
  /**
   * - `feature`: known on admission
   * - `later`: known only after admission, says the contract
   * - `other`: neither feature nor later, but a question is about it
   * - `derived`: what follows from dates and patients
   */
  readonly role: 'feature' | 'later' | 'other' | 'derived';
  /** Known on admission by a person's word, however much it tells. */
  readonly known?: boolean;
  /** SQL of its value over the table of values. */
  readonly value: string;
  /** Levels in their order, where they have one. */
  readonly levels?: readonly string[];
  /** Bounds of a number's groups, where the contract gives some. */
  readonly cuts?: readonly number[];
  /** The raw column or expression that stands behind it; none of what is derived here. */
  readonly source?: Source;
}

interface Source {
  /** The name that the value has in the table of values. */
  readonly as: string;
  /** SQL over the raw rows; or over the inputs with their defaults, of a feature that the contract derives. */
  readonly sql: string;
  readonly ofInputs: boolean;
}

/** Names of columns that follow from dates and patients. */
export const DERIVED = {
  month: 'month of admission',
  weekday: 'weekday of admission',
  leaving: 'weekday of discharge',
  period: 'period',
  stays: 'stays of the patient',
  since: 'since the last discharge',
} as const;

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export const PERIODS = ['earlier', 'later'] as const;
export const SINCE = ['first stay', 'within 30 days', '31 to 90 days', 'more than 90 days'] as const;

/** Columns of a contract that are looked at: features, what is known later, and what its questions are about. */
export function contractColumns(contract: Contract): Column[] {
  const { features, explore = {} } = contract;
  const asked = questionColumns(contract);
  const names = new Set([...Object.keys(features), ...asked, ...contract.afterAdmission]);
  const never = new Set([
    contract.id,
    contract.patient,
    contract.los,
    contract.discharge,
    contract.split?.column,
  ]);
  const columns: Column[] = [];
  for (const name of Array.from(names)) {
    const feature = features[name];
    const type = contract.columns[name] ?? '';
    if (feature === undefined && (never.has(name) || type === '' || /^(DATE|TIMESTAMP)/.test(type))) continue;
    const kind = feature ? KINDS[feature.type] : kindOf(type);
    const as = `V${columns.length}`;
    const cuts = kind === 'number' ? cutsOf(contract, name) : [];
    const raw = kind === 'number' ? `${name}::FLOAT` : `TO_VARCHAR(${name})`;
    const value = feature
      ? castExpression(feature, feature.sql === undefined ? name : `(${feature.sql})`)
      : raw;
    const others = contract.afterAdmission.includes(name) ? 'later' : 'other';
    const levels = feature?.levels ?? explore.levels?.[name];
    columns.push({
      name,
      kind,
      role: feature ? 'feature' : others,
      value: as,
      ...(feature?.knownAtAdmission ? { known: true } : {}),
      ...(levels === undefined ? {} : { levels }),
      ...(cuts.length === 0 ? {} : { cuts }),
      source: {
        as,
        ofInputs: feature?.sql !== undefined,
        sql: kind === 'number' ? finite(value, feature?.sql === undefined ? type : undefined) : value,
      },
    });
  }
  return columns;
}

const KINDS = { numeric: 'number', categorical: 'category', ordered: 'category' } as const;

function kindOf(type: string): Column['kind'] {
  return /^(NUMBER|FLOAT)/.test(type) ? 'number' : 'category';
}

function questionColumns({ explore = {}, groups }: Contract): string[] {
  const names: string[] = [];
  for (const { by = [], target, where = {}, count = [] } of explore.questions ?? []) {
    for (const columns of by) names.push(...columns);
    if (target !== undefined) names.push(target);
    names.push(...Object.keys(where), ...count);
  }
  if (explore.questions === undefined) for (const columns of groups) names.push(...columns);
  return names;
}

/**
 * Every bound that anybody gives for a number: its groups are the same in all tables or made of the same, or the difference
 * between two tables would be a group that was never counted.
 */
function cutsOf({ explore = {} }: Contract, name: string): number[] {
  const cuts = new Set<number>(explore.bins?.[name] ?? []);
  for (const { bins = {}, where = {} } of explore.questions ?? []) {
    for (const bound of bins[name] ?? []) cuts.add(Number(bound));
    for (const bound of [where[name]?.upTo, where[name]?.above])
      if (bound !== undefined) cuts.add(Number(bound));
  }
  return Array.from(cuts).sort((a, b) => a - b);
}

/**
 * Columns that follow from the contract's dates and patients.
 * @param later SQL that is true of the later period's rows
 * @param byTime whether the month of admission is asked about
 */
export function columnsFromDates(contract: Contract, later: string | null, byTime: boolean): Column[] {
  const makeColumn = (name: string, value: string, levels?: readonly string[]): Column => ({
    name,
    kind: 'category',
    role: 'derived',
    value,
    ...(levels === undefined ? {} : { levels }),
  });
  const dated = contract.admission !== undefined;
  const since = `CASE WHEN VISIT = 1 THEN 'first stay' WHEN SINCE <= 30 THEN 'within 30 days' WHEN SINCE <= 90 THEN '31 to 90 days' WHEN SINCE IS NOT NULL THEN 'more than 90 days' END`;
  return [
    ...(later === null
      ? []
      : [
          makeColumn(
            DERIVED.period,
            `CASE WHEN ${later} THEN 'later' WHEN NOT (${later}) THEN 'earlier' END`,
            PERIODS,
          ),
        ]),
    ...(dated
      ? [
          ...(byTime ? [makeColumn(DERIVED.month, `TO_VARCHAR(CAME, 'YYYY-MM')`)] : []),
          makeColumn(DERIVED.weekday, 'DAYNAME(CAME)', WEEKDAYS),
          makeColumn(DERIVED.leaving, 'DAYNAME(WENT)', WEEKDAYS),
        ]
      : []),
    ...(contract.patient === undefined
      ? []
      : [
          makeColumn(
            DERIVED.stays,
            `IFF(PATIENT IS NULL, NULL, IFF(STAYS_OF_PATIENT >= 5, '5 and more', TO_VARCHAR(STAYS_OF_PATIENT)))`,
            ['1', '2', '3', '4', '5 and more'],
          ),
        ]),
    ...(contract.patient === undefined || !dated ? [] : [makeColumn(DERIVED.since, since, SINCE)]),
  ];
}

/** Placeholders of sql/exploring/values.sql. */
export function valuesOf(
  contract: Contract,
  { settings, zone }: Pick<ExplorePlan, 'settings' | 'zone'>,
  columns: readonly Column[],
): Omit<PlaceValues<'sql/exploring/values.sql'>, 'values'> {
  const { patient, admission, discharge, split } = contract;
  const date = (column: string | undefined) => (column === undefined ? 'NULL::DATE' : `TO_DATE(${column})`);
  const own = [
    `${contract.id} AS LOS_ID`,
    // A number of 64 bits is counted faster than any identifier; none stays none.
    `IFF(${patient ?? contract.id} IS NULL, NULL, HASH(${patient ?? contract.id})) AS LOS_PATIENT`,
    `${date(admission)} AS LOS_CAME`,
    `${date(discharge)} AS LOS_WENT`,
    `${split === undefined ? 'NULL::VARCHAR' : `TO_VARCHAR(${split.column})`} AS LOS_SIDE`,
  ];
  const sources = columns.map(({ source }) => source as Source);
  const raw = sources.filter(({ ofInputs }) => !ofInputs);
  const passed = [
    'LOS_ID',
    'LOS_PATIENT',
    'LOS_CAME',
    'LOS_WENT',
    'LOS_SIDE',
    ...raw.map(({ as }) => `LOS_${as}`),
  ];
  // Who is planned to come is not in yet; they would be the end of the data.
  const notComeYet =
    admission === undefined
      ? ''
      : `
  WHERE LOS IS NOT NULL OR LOS_CAME IS NULL OR LOS_CAME <= TO_DATE(CONVERT_TIMEZONE(${literal(zone)}, CURRENT_TIMESTAMP()))`;
  const source = `(SELECT *, ${own.concat(raw.map(({ as, sql }) => `${sql} AS LOS_${as}`)).join(', ')}
    FROM ${rawRows(contract, qualify(settings, datasetNames(contract).raw))})`;
  const rows = `SELECT LOS_ID AS ID, LOS_PATIENT AS PATIENT, LOS_CAME AS CAME, LOS_WENT AS WENT, LOS_SIDE AS SIDE, LOS${sources
    .map(({ as, sql, ofInputs }) => `, ${ofInputs ? sql : `LOS_${as}`} AS ${as}`)
    .join('')}
  FROM (${inputSelect(contract, source, passed)})${notComeYet}`;
  const ended = 'LOS >= 0';
  const among = `PARTITION BY PATIENT, ${ended}`;
  const inOrder = `${among} ORDER BY CAME, ID`;
  if (patient === undefined) return { rows, visit: '1', stays_of_patient: '1', since: 'NULL::NUMBER' };
  return {
    rows,
    visit: `ROW_NUMBER() OVER (${inOrder})`,
    stays_of_patient: `COUNT(*) OVER (${among})`,
    since:
      admission === undefined
        ? 'NULL::NUMBER'
        : `IFF(PATIENT IS NULL, NULL, DATEDIFF(day, LAG(WENT) OVER (${inOrder}), CAME))`,
  };
}
