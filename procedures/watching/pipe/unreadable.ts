import { sourceName } from '../../dataset/raw.js';
import { qualify } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { errorLine } from '../../ground/without-values.js';
import { type Failure, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import { findOtherTable } from './streams.js';

/** A table that cannot be read, and what Snowflake says of it. */
export interface UnreadableTable extends Failure {
  /** Whether it is the hospital's. */
  readonly hospital: boolean;
  /** The table that its stream follows now, qualified: it was renamed to that. */
  readonly renamed?: string;
}

/** Asks all tables in one statement, which reads none of their rows; where it fails, each of them. */
export function* unreadableTables(plan: WatchPlan): Work<UnreadableTable[]> {
  const { place, tables, streams } = plan;
  const ask = (name: string) => `SELECT 1 AS X FROM ${qualify(place, name)} WHERE FALSE`;
  const found: UnreadableTable[] = [];
  try {
    yield* queryFirst(tables.map(({ name }) => ask(name)).join('\nUNION ALL\n'));
    return found;
  } catch {
    // Which of them it is, and what is wrong with it, each says for itself.
    for (const { name, hospital } of tables)
      try {
        yield* queryFirst(ask(name));
      } catch (error) {
        const stream = streams.find(({ table }) => table === name);
        const renamed = stream === undefined ? null : yield* findOtherTable(plan, stream);
        found.push({ name, hospital, why: errorLine(error), ...(renamed === null ? {} : { renamed }) });
      }
    return found;
  }
}

/**
 * What cannot be read, as signs: each table by its name, and what could not be looked at for another reason.
 * @param failures of checks; one that a table explains is not told beside it
 */
export function unreadableSigns(
  { place, contract }: Pick<WatchPlan, 'place' | 'contract'>,
  tables: readonly UnreadableTable[],
  failures: readonly Failure[],
): Sign[] {
  const names = tables.map(({ name }) => name);
  const others = failures.filter(({ why }) => !names.some((name) => mentions(why, name)));
  return tables
    .map(({ name, hospital, why, renamed }): Sign => {
      const table = qualify(place, name);
      if (hospital && contract.origin)
        return unreadable(
          name,
          `The hospital’s rows (${sourceName(contract)}) cannot be read: ${sentence(why)} Features, log and beds stay as they were; new admissions get no prediction.`,
          'If a grant is missing, los doctor says which, and who gives it; if what is read is gone or has other columns, its owner brings it back (docs/sources.md).',
        );
      return unreadable(
        name,
        hospital
          ? `The hospital’s table ${name} cannot be read: ${sentence(why)}${renamed === undefined ? '' : ` It was renamed: its stream follows ${renamed}.`} New admissions get no prediction.`
          : `${name} cannot be read: ${sentence(why)} What is kept there or follows from it stands still.`,
        isGone(why)
          ? `If it was dropped: UNDROP TABLE ${table}; if it was renamed: ALTER TABLE ${renamed === undefined ? '…' : renamed} RENAME TO ${table}; then los apply, which gives the roles their rights again. Not before: los apply may make an empty one.`
          : 'los doctor says what is missing.',
      );
    })
    .concat(
      others.map(({ name, why }) =>
        unreadable(
          name,
          `Monitoring cannot look at ${name}: ${sentence(why)} It checks everything else.`,
          'los doctor says what is missing.',
        ),
      ),
    );
}

function unreadable(subject: string, message: string, next: string): Sign {
  return { kind: 'unreadable', subject, severity: 'critical', message, next, lookAt: 'unreadable' };
}

/** Whether an error speaks of a table, and not of one whose name begins alike. */
function mentions(why: string, table: string): boolean {
  return (
    why
      .toUpperCase()
      .split(/[^A-Z0-9_$]+/)
      .indexOf(table.toUpperCase()) >= 0
  );
}

function sentence(why: string): string {
  return /[.!?]$/.test(why) ? why : `${why}.`;
}
