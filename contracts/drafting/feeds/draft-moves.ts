import { stringify } from 'yaml';
import type { Context } from '../../../deploy/context.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import type { MovesSource } from '../../../procedures/dataset/origin/feeds.js';
import { relationSql } from '../../../procedures/dataset/origin/relation.js';
import { lookAtMoves } from '../../profiling/profile-moves.js';
import { describeColumns } from '../../profiling/relation.js';
import type { DraftContract } from '../types.js';
import { type Column, columnFinder, columnOf, isLike, isTime } from './find-column.js';
import type { NamedRelation } from './named-relation.js';

/**
 * A draft with `moves:`, where patients lie after the ward of admission. What is open in the draft has to be decided first.
 * @throws UserError where it cannot be told which column is which, or the admissions name no ward
 */
export async function withMoves(
  ctx: Context,
  drafted: DraftContract,
  feed: NamedRelation | undefined,
): Promise<DraftContract> {
  if (feed === undefined) return drafted;
  if (drafted.open.length > 0)
    return { ...drafted, notes: [...drafted.notes, 'Moves are looked at once the rest is decided.'] };
  const columns = await describeColumns(ctx.snowflake, relationSql(feed.relation, ctx.settings));
  const moves = findMoveColumns(feed, columns);
  // Beds by ward are proposed in a comment; moves are of no use without them.
  const yaml = `${drafted.yaml.replace(/^# (ward: \w+) #.*$/m, '$1')}
# Where patients lie after the ward of admission; docs/moves.md says what becomes of mistakes in it.
${stringify({ moves }, { lineWidth: 0 })}`;
  const contract = parseContract(yaml, drafted.name, ctx.settings.timeZone);
  const looks = (await lookAtMoves(ctx, contract)).map((found) =>
    'problem' in found ? found.problem : found.warning,
  );
  return { ...drafted, yaml, looks: [...drafted.looks, ...looks] };
}

/**
 * Which columns of a feed say who lies where from when on, by types and names.
 * @throws UserError where one of the three cannot be told
 */
export function findMoveColumns({ name, relation }: NamedRelation, columns: readonly Column[]): MovesSource {
  const first = columnFinder(columns);
  const stay = first(
    (column) => isLike('id')(column) && isLike('stay')(column),
    ({ name: called }) => called === 'STAY_ID',
  );
  const recorded = first((column) => isTime(column) && isLike('eventRecorded')(column));
  const from = first(
    (column) => isTime(column) && isLike('eventTime')(column),
    (column) => isTime(column) && !isLike('discharge')(column),
  );
  const ward = first(isLike('ward'));
  const cancelled = first(({ type }) => type === 'BOOLEAN');
  const missing = Object.entries({ stay, from: from ?? recorded, ward }).filter(([, found]) => !found);
  if (missing.length > 0)
    throw new UserError(
      `In ${name} it cannot be told which column is ${missing.map(([key]) => key).join(', ')} of a move. It has ${columns.map((column) => column.name).join(', ')}.`,
      {
        next: 'Give a file with a SELECT of these columns: --moves moves.sql, with SELECT … AS STAY_ID, … AS MOVED_IN, … AS WARD, … AS RECORDED.',
      },
    );
  return {
    ...relation,
    stay: columnOf(stay as Column),
    from: columnOf((from ?? recorded) as Column),
    ward: columnOf(ward as Column),
    ...(recorded && from ? { recorded: columnOf(recorded) } : {}),
    ...(cancelled ? { cancelled: cancelled.name } : {}),
  };
}
