import { literal } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { sqlFile } from '../sql-file.js';
import { unlessBeyondRole } from './ask.js';

/**
 * Statements, requests to the endpoint (batches of an external function, repeated ones too), bytes over the wire, and how often a
 * statement can have woken the warehouse: each time costs a minute at least.
 */
export type Use = Readonly<
  Record<'statements' | 'requests' | 'sentBytes' | 'receivedBytes' | 'wakeUps', number>
>;

/** What scoring asks of the account, as far as Snowflake's own history tells; each of these has its price there. */
export interface Effort {
  /** The last run of the scoring graph that scored: of its own statements; null: none that the history still holds. */
  readonly lastRun: Omit<Use, 'wakeUps'> | null;
  /** Everything on the warehouse in the last 24 hours. */
  readonly day: Use;
}

/** null where the role may not see the history. */
export function effort(ctx: Context): Promise<Effort | null> {
  return unlessBeyondRole(() => read(ctx));
}

async function read({ settings, snowflake }: Context): Promise<Effort> {
  const { database, schema, warehouse } = settings.snowflake;
  const values = {
    database,
    database_text: literal(database),
    schema_text: literal(schema),
    warehouse: literal(warehouse.name),
    auto_suspend: String(warehouse.autoSuspendSeconds),
  };
  const [run = { began: 0, ended: 0 }] = await snowflake.query<{ began: number; ended: number }>(
    sqlFile('sql/status/last-scoring.sql', values),
  );
  const timestampSql = (ms: number) => `TO_TIMESTAMP_LTZ(${Math.floor(ms)}, 3)`;
  const yesterday = Date.now() - 86_400_000;
  const rows = await snowflake.query<Use & { span: 'run' | 'day' }>(
    sqlFile('sql/status/use.sql', {
      ...values,
      began: timestampSql(run.began),
      ended: timestampSql(run.ended),
      from: timestampSql(run.began > 0 ? Math.min(run.began, yesterday) : yesterday),
    }),
  );
  const of = (span: 'run' | 'day') =>
    rows.filter((row) => row.span === span).map(({ span: _, ...use }) => use)[0];
  const { wakeUps: _, ...lastRun } = of('run') ?? NOTHING;
  // The local cloud forgets its queries when it stops, and no run is without any.
  return { lastRun: lastRun.statements > 0 ? lastRun : null, day: of('day') ?? NOTHING };
}

const NOTHING: Use = { statements: 0, requests: 0, sentBytes: 0, receivedBytes: 0, wakeUps: 0 };
