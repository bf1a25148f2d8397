import { stringify } from 'yaml';
import type { Context } from '../../../deploy/context.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import type {
  ExpectedDischargeSource,
  ReadyForDischargeSource,
} from '../../../procedures/dataset/origin/feeds.js';
import { relationSql } from '../../../procedures/dataset/origin/relation.js';
import { describeColumns } from '../../profiling/relation.js';
import type { DraftContract } from '../types.js';
import { countKnown } from './count-known.js';
import { type Column, columnFinder, columnOf, isLike, isTime } from './find-column.js';
import type { NamedRelation } from './named-relation.js';

/** Kinds of what teams write about discharges, by its key in a contract: what `los dataset init` calls it, and its column of the day. */
const KINDS = {
  expectedDischarge: { option: '--expected-discharge', about: 'an expected discharge', day: 'day' },
  readyForDischarge: { option: '--ready-for-discharge', about: 'readiness for discharge', day: 'since' },
} as const;
export type TeamFeed = keyof typeof KINDS;

/**
 * A draft with dates that teams expect, or with who is fit to leave. What is open in the draft has to be decided first.
 * @throws UserError where the rows cannot be read, it cannot be told which column is which, or the draft has no dates of stays
 */
export async function withTeamFeed(
  ctx: Context,
  drafted: DraftContract,
  key: TeamFeed,
  feed: NamedRelation | undefined,
): Promise<DraftContract> {
  if (feed === undefined) return drafted;
  const { option, about } = KINDS[key];
  if (drafted.open.length > 0)
    return { ...drafted, notes: [...drafted.notes, `${option} is looked at once the rest is decided.`] };
  const contract = parseContract(drafted.yaml, drafted.name, ctx.settings.timeZone);
  if (contract.admission === undefined)
    throw new UserError(`Rows of ${about} need discharges, and this draft has none.`, {
      next: `Leave out ${option}, or name rows with the dates of stays.`,
    });
  const columns = await describeColumns(ctx.snowflake, relationSql(feed.relation, ctx.settings));
  const found = findTeamColumns(key, feed, columns, contract);
  const { rows, known } = await countKnown(ctx, contract, feed.relation, found.stay, contract.id);
  const looks =
    rows > 0 && known > 0
      ? []
      : [`${key}: ${rows === 0 ? 'there are no rows.' : `none of ${rows} rows has the id of an admission.`}`];
  const text = [
    ...looks.map((look) => `# LOOK: ${look}`),
    '# What teams know of discharges; docs/huddle.md says what becomes of it.',
    stringify({ [key]: found }, { lineWidth: 0 }),
  ];
  return { ...drafted, yaml: `${drafted.yaml}\n${text.join('\n')}`, looks: [...drafted.looks, ...looks] };
}

/**
 * Finds the columns of the stay, of the day and of when it was written, by types and names.
 * @throws UserError where one of these cannot be told
 */
export function findTeamColumns(
  key: TeamFeed,
  { name, relation }: NamedRelation,
  columns: readonly Column[],
  { id }: Pick<Contract, 'id'>,
): ExpectedDischargeSource | ReadyForDischargeSource {
  const { option, about, day: dayKey } = KINDS[key];
  const first = columnFinder(columns);
  const stay = first(
    (column) => column.name.toUpperCase() === id,
    (column) => isLike('id')(column) && isLike('stay')(column),
  );
  const day = first(
    (column) => isTime(column) && isLike(key)(column),
    (column) => isTime(column) && isLike('discharge')(column),
  );
  const recorded = first((column) => isTime(column) && isLike('eventRecorded')(column), isTime);
  const missing = Object.entries({ stay, [dayKey]: day, recorded }).filter(([, found]) => !found);
  if (missing.length > 0)
    throw new UserError(
      `In ${name} it cannot be told which column is ${missing.map(([called]) => called).join(', ')} of ${about}. It has ${columns.map((column) => column.name).join(', ')}.`,
      {
        next: `Give a file with a SELECT of these columns: ${option} rows.sql, with SELECT … AS STAY_ID, … AS ${dayKey === 'day' ? 'EXPECTED_DAY' : 'READY_SINCE'}, … AS RECORDED.`,
      },
    );
  const isText = ({ type }: Column) => /^(VARCHAR|TEXT|STRING)/.test(type);
  const named = {
    by: dayKey === 'day' ? first((column) => isText(column) && isLike('writerKind')(column)) : undefined,
    confirmed: dayKey === 'day' ? first(({ type }) => type === 'BOOLEAN') : undefined,
    reason: first((column) => isText(column) && isLike('delayReason')(column)),
  };
  return {
    ...relation,
    stay: columnOf(stay as Column),
    [dayKey]: columnOf(day as Column),
    recorded: columnOf(recorded as Column),
    ...Object.fromEntries(
      Object.entries(named).flatMap(([called, column]) => (column ? [[called, column.name]] : [])),
    ),
  } as ExpectedDischargeSource | ReadyForDischargeSource;
}
