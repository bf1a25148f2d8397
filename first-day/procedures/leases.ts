import { drive } from '../../deploy/clients/drive.js';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { breaks, type Check, holds } from '../../doctor/check.js';
import { takeLease } from '../../procedures/ground/lease.js';
import type { FirstDay } from '../scene.js';

const ROUNDS = 50;

/** Outcome of a race of two sessions: in how many rounds each of them got it. */
interface Race {
  readonly both: number;
  readonly none: number;
}

async function race(
  sessions: readonly [Snowflake, Snowflake],
  table: string,
  take: (session: Snowflake, lease: string) => Promise<boolean>,
): Promise<Race> {
  let [both, none] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    await sessions[0].execute(`UPDATE ${table} SET LEASE = NULL, LEASE_UNTIL = NULL`);
    const won = await Promise.all(sessions.map((session, i) => take(session, `${round}-${i}`)));
    if (won.every(Boolean)) both++;
    if (!won.some(Boolean)) none++;
  }
  return { both, none };
}

export const leaseChecks: readonly Check<FirstDay>[] = [
  {
    name: 'two-takers',
    asks: 'Can two sessions that take the same lease at once both get it?',
    async look({ ctx, schema, openSession }) {
      const table = `${schema}.LEASES`;
      await ctx.snowflake.execute(
        `CREATE OR REPLACE TRANSIENT TABLE ${table} (RUN_ID VARCHAR, STATUS VARCHAR, STEPPED_AT TIMESTAMP_LTZ, LEASE VARCHAR, LEASE_UNTIL TIMESTAMP_LTZ)`,
      );
      await ctx.snowflake.execute(`INSERT INTO ${table} (RUN_ID, STATUS) SELECT 'r', 'OPEN'`);
      const other = await openSession();
      try {
        const sessions = [ctx.snowflake, other] as const;
        const plain = await race(
          sessions,
          table,
          async (session, lease) =>
            (await session.execute(
              `UPDATE ${table} SET LEASE = ?, LEASE_UNTIL = DATEADD(minute, 15, CURRENT_TIMESTAMP()) WHERE RUN_ID = 'r' AND LEASE_UNTIL IS NULL`,
              [lease],
            )) === 1,
        );
        const leased = await race(sessions, table, (session, lease) =>
          drive({ snowflake: session }, takeLease(table, 'r', lease)),
        );
        const saw = `of ${ROUNDS} rounds both got it in ${plain.both} by a plain UPDATE, in ${leased.both} as predict-los does it; none in ${leased.none}`;
        return leased.both === 0 && leased.none === 0
          ? holds(saw, 'A row is locked before it is decided who takes it, so both kinds of account will do.')
          : breaks(saw, 'Two could train, deploy or mail at once. Send this file back.');
      } finally {
        await other.close();
      }
    },
  },
];
