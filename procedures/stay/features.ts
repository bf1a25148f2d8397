import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { EVENT_DAYS_BEFORE, NUMERIC_SUMMARIES } from '../dataset/origin/events.js';
import type { EventFeature, Summary } from '../dataset/origin/feeds.js';
import { literal, type Place, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';

/** Parts of a plan that make the features of stays that have begun: the contract, and the text `stay/features`. */
export interface StayFeaturesPlan extends Pick<Plan, 'sql'> {
  readonly contract: Pick<Contract, 'name' | 'table' | 'events' | 'eventFeatures'>;
  readonly settings: Place;
}

/** The texts of sql/ that `stayFeatures` needs. */
export const STAY_TEXTS = ['stay/features'] as const;

/** SQL of each summary, over the rows of one name that a stay had by a moment: PLACE 1 is the newest of them. */
const SUMMARY_SQL: Readonly<Record<Summary, string>> = {
  last: 'MIN_BY(NUMBER, PLACE)',
  change: 'MIN_BY(NUMBER, PLACE) - MAX_BY(NUMBER, PLACE)',
  step: 'MIN_BY(NUMBER, PLACE) - MAX(IFF(PLACE = 2, NUMBER, NULL))',
  least: 'MIN(NUMBER)',
  most: 'MAX(NUMBER)',
  mean: 'ROUND(AVG(NUMBER), 6)',
  count: 'COUNT_IF(AT > DATEADD(hour, -24, AS_OF))',
  total: 'COUNT(*)',
  hours: 'ROUND(DATEDIFF(second, MAX(AT), AS_OF) / 3600, 2)',
  ever: '1',
  category: 'MIN_BY(TEXT, PLACE)',
  changes: 'COUNT_IF(TEXT <> LATER)',
};

/** Rows of one name in their order: without chance where several are of the same time. */
const ORDER =
  'OVER (PARTITION BY CASE_ID, AS_OF, NAME ORDER BY AT DESC, RECORDED DESC, NUMBER DESC, TEXT DESC)';

/**
 * SELECT of what was known of stays at moments: CASE_ID, DAY, AS_OF and EVENTS, an OBJECT of the name of an event → ARRAY of its summaries, in
 * the contract's order; one without a value is null there, and a name without rows is left out. Training and serving use no other.
 * @param mornings SELECT of CASE_ID (the id as text), DAY (days from the admission's) and AS_OF (TIMESTAMP_NTZ), each pair once
 * @param since SQL of a moment before which none of these stays has events that count, so that older rows are not read; no result changes by it
 * @param events what stands after FROM to read events; left out: the view of them
 * @example
 * stayFeatures(plan, "SELECT '4711' AS CASE_ID, 2 AS DAY, '2026-01-03 06:00'::TIMESTAMP_NTZ AS AS_OF");
 */
export function stayFeatures(
  plan: StayFeaturesPlan,
  mornings: string,
  since?: string,
  events = qualify(plan.settings, datasetNames(plan.contract).eventRows),
): string {
  const { contract } = plan;
  const features = contract.eventFeatures || {};
  const names = Object.keys(features);
  const summariesOf = (name: string) => features[name] as EventFeature;
  const listed = names.filter((name) => !isExpression(summariesOf(name)));
  const expressions = names.filter((name) => isExpression(summariesOf(name)));
  const numeric = listed.filter((name) => wants(summariesOf(name), NUMERIC_SUMMARIES));
  const filters = [
    ...(since === undefined ? [] : [`e.AT >= ${since}`]),
    // An expression may speak of any name.
    ...(expressions.length > 0 ? [] : [`e.NAME ${inList(listed)}`]),
  ];
  return sqlText(plan, 'stay/features', {
    mornings,
    events,
    days_before: String(EVENT_DAYS_BEFORE),
    filters: filters.map((filter) => `\n    AND ${filter}`).join(''),
    corrections: hasCorrections(contract)
      ? '\n  QUALIFY RANK() OVER (PARTITION BY m.CASE_ID, m.AS_OF, e.NAME, e.AT ORDER BY e.RECORDED DESC) = 1'
      : '',
    summaries: summaryCases(listed, (name) => summariesOf(name) as readonly Summary[]),
    places: [
      `ROW_NUMBER() ${ORDER} AS PLACE`,
      ...(listed.some((name) => wants(summariesOf(name), ['changes']))
        ? [`LAG(TEXT) ${ORDER} AS LATER`]
        : []),
    ].join(', '),
    countable: [
      ...(expressions.length > 0 ? [`NAME ${inList(listed)}`] : []),
      ...(numeric.length > 0 ? [`(NUMBER IS NOT NULL OR NAME NOT ${inList(numeric)})`] : []),
    ]
      .map((each) => ` AND ${each}`)
      .join(''),
    expressions: expressions
      .map(
        (name) => `
  UNION ALL
  SELECT CASE_ID, AS_OF, ${literal(name)}, ARRAY_CONSTRUCT(${orNull(`(${(summariesOf(name) as { readonly sql: string }).sql})::FLOAT`)})
  FROM known WHERE TEXT IS NOT NULL GROUP BY CASE_ID, AS_OF`,
      )
      .join(''),
  });
}

/** Tells whether rows of the same time and name can differ in when they were recorded. */
function hasCorrections({ events = [] }: Pick<Contract, 'events'>): boolean {
  return events.some(({ recorded }) => recorded !== undefined);
}

function isExpression(feature: EventFeature): boolean {
  return 'sql' in feature;
}

function wants(feature: EventFeature, summaries: readonly Summary[]): boolean {
  return !('sql' in feature) && feature.some((each) => summaries.indexOf(each) >= 0);
}

/** `IN (…)`; of none nothing is among them. */
function inList(names: readonly string[]): string {
  return `IN (${names.length === 0 ? 'NULL' : names.map(literal).join(', ')})`;
}

/** A branch for each list of summaries that there is, so that the text hardly grows with the number of names. */
function summaryCases(names: readonly string[], of: (name: string) => readonly Summary[]): string {
  const lists: string[] = [];
  for (const name of names) {
    const list = of(name).join();
    if (lists.indexOf(list) < 0) lists.push(list);
  }
  return lists
    .map((list) => {
      const same = names.filter((name) => of(name).join() === list);
      const values = list.split(',').map((summary) => orNull(SUMMARY_SQL[summary as Summary]));
      return `WHEN NAME ${inList(same)} THEN ARRAY_CONSTRUCT(${values.join(', ')})`;
    })
    .join('\n      ');
}

/** A NULL in an ARRAY would be no value of JSON. */
function orNull(value: string): string {
  return `COALESCE(TO_VARIANT(${value}), PARSE_JSON('null'))`;
}
