import { stringify } from 'yaml';
import type { Context } from '../../../deploy/context.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import type { EventSource, Summary } from '../../../procedures/dataset/origin/feeds.js';
import { relationSql } from '../../../procedures/dataset/origin/relation.js';
import { type EventProfile, profileEvents } from '../../profiling/profile-events.js';
import { describeColumns } from '../../profiling/relation.js';
import type { DraftContract } from '../types.js';
import { findEventColumns } from './event-columns.js';
import { type NamedRelation, namedRelation } from './named-relation.js';

/** A text of more values than this is no category: names, comments, codes of thousands. */
const MOST_LEVELS = 100;
/** A name is of numbers where so many of its values are. */
const NUMERIC = 0.9;
/** Smallest share of stays: an event of fewer says little. */
const LEAST_SHARE = 0.01;

/** Relation that `--events` names: SCHEMA.NAME of a relation, a file with a SELECT, or one of a shape's SELECTs. */
export function eventRelation(given: string, ofShape: Readonly<Record<string, string>> = {}): NamedRelation {
  const { moves } = ofShape;
  const selects = moves === undefined ? ofShape : { ...ofShape, moves: movesAsEvents(moves) };
  return namedRelation('--events', given, selects);
}

/** A shape's SELECT of times in wards: each begins with an event. */
function movesAsEvents(query: string): string {
  return `SELECT STAY_ID, MOVED_IN AS EVENT_TIME, 'WARD' AS NAME, WARD AS VALUE\nFROM (\n${query}\n)`;
}

/**
 * A draft with `events:` and what becomes a feature of them, by shares and counts. What is open in the draft has to be decided first.
 * @throws UserError where events cannot be read, or it cannot be told which column is which
 */
export async function withEvents(
  ctx: Context,
  drafted: DraftContract,
  relations: readonly NamedRelation[],
): Promise<DraftContract> {
  if (drafted.open.length > 0 || relations.length === 0)
    return relations.length === 0
      ? drafted
      : { ...drafted, notes: [...drafted.notes, 'Events are looked at once the rest is decided.'] };
  const contract = parseContract(drafted.yaml, drafted.name, ctx.settings.timeZone);
  if (contract.admission === undefined)
    throw new UserError('Events happen between admission and discharge, and this draft has neither.', {
      next: 'Leave out --events, or name rows with the dates of stays.',
    });
  const sources: EventSource[] = [];
  for (const { name, relation } of relations) {
    const columns = await describeColumns(ctx.snowflake, relationSql(relation, ctx.settings));
    sources.push(findEventColumns(relation, columns, contract.id, name));
  }
  const { all, named } = await profileEvents(ctx, { ...contract, events: sources });
  if (all.stays === 0)
    throw new UserError(
      `None of the stays of ${relations.map(({ name }) => name).join(', ')} is an admission.`,
      { next: `Give a SELECT whose STAY_ID holds the contract’s ${contract.id}.` },
    );
  const features = named.flatMap((profile) => {
    const summaries = proposeSummaries(profile, all.stays);
    return summaries.length > 0 ? [{ profile, summaries }] : [];
  });
  if (features.length === 0)
    return { ...drafted, notes: [...drafted.notes, 'No event is of enough stays to become a feature.'] };
  const looks = eventLooks(sources, all, named);
  return {
    ...drafted,
    yaml: `${drafted.yaml}\n${eventsText(sources, features, looks, all)}`,
    looks: [...drafted.looks, ...looks],
  };
}

/** Proposes what becomes a feature of the events of one name: none where they are of too few stays. */
export function proposeSummaries(
  { name, stays, rows, numbers, levels }: EventProfile,
  allStays: number,
): Summary[] {
  if (name === null || stays < LEAST_SHARE * allStays) return [];
  const often = rows >= 1.5 * stays;
  if (levels <= 1) return often ? ['count', 'total', 'hours'] : ['ever', 'hours'];
  if (numbers >= NUMERIC * rows)
    return often ? ['last', 'change', 'least', 'most', 'mean', 'count', 'hours'] : ['last', 'hours'];
  if (levels > MOST_LEVELS) return often ? ['count', 'total', 'hours'] : ['ever', 'hours'];
  return often ? ['category', 'changes', 'hours'] : ['category', 'hours'];
}

/** Asks about what cannot be seen in the rows, or looks as if it were known later than it is dated. */
export function eventLooks(
  sources: readonly EventSource[],
  all: EventProfile,
  named: readonly EventProfile[],
): string[] {
  const list = (test: (profile: EventProfile) => boolean) =>
    named.flatMap((profile) => (profile.name !== null && test(profile) ? [profile.name] : [])).join(', ');
  const days = list(({ rows, midnights }) => midnights > 0.9 * rows);
  const atTheEnd = list(({ rows, discharges }) => discharges > 0.5 * rows);
  const badNumbers = list(({ rows, numbers }) => numbers > 0.5 * rows && numbers < 0.99 * rows);
  const silent = sources.flatMap((source, i) =>
    source.recorded === undefined ? [source.source ?? `events[${i}]`] : [],
  );
  return [
    ...(silent.length > 0
      ? [
          `events: no column of ${silent.join(' and ')} says when rows were recorded, so their time counts. Rows that are written later than they are dated, as codes at discharge, then tell the model what no one knows in time.`,
        ]
      : []),
    ...(days
      ? [
          `events: ${days}: times are days without an hour. With time: { column: …, type: DATE } they are known when the day is over.`,
        ]
      : []),
    ...(atTheEnd
      ? [
          `events: ${atTheEnd}: most rows are at the discharge or after it. Leave them out unless they are known before.`,
        ]
      : []),
    ...(badNumbers
      ? [
          `events: ${badNumbers}: some values are no numbers, as with a comma or <, and do not count. A query can make numbers of them.`,
        ]
      : []),
    ...(all.strangers > all.rows
      ? ['events: most rows are of stays that are no admission. Is the id of the stay the right column?']
      : []),
  ];
}

function eventsText(
  sources: readonly EventSource[],
  features: readonly { readonly profile: EventProfile; readonly summaries: readonly Summary[] }[],
  looks: readonly string[],
  { stays }: EventProfile,
): string {
  const lines = features.map(({ profile, summaries }) => {
    const share = Math.round((100 * profile.stays) / stays);
    const key = stringify(profile.name, { lineWidth: 0 }).trim();
    return `  ${key}: [${summaries.join(', ')}] # ${share < 1 ? 'under 1' : share} % of stays, ${(profile.rows / profile.stays).toFixed(1)} each`;
  });
  return [
    ...looks.map((look) => `# LOOK: ${look}`),
    stringify({ events: sources }, { lineWidth: 0 }).trim(),
    '',
    '# What becomes a feature of each; docs/stay.md says what the words mean.',
    'eventFeatures:',
    ...lines,
    '',
  ].join('\n');
}
