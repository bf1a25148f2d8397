import type { MovableClock } from '@local-cloud/kit/clock.js';
import type { ChangingHospital } from '../../demo/simulate/hospital.js';
import { HospitalTables } from '../../demo/simulate/hospital-tables.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

/** Day 0 of every simulation, a Monday. */
export const FIRST = Date.parse('2026-01-05T00:00:00Z');

/** A deployed cloud, and in it the admissions of a made-up hospital before day 0. */
export interface KnownHospital {
  readonly ctx: OpenContext;
  readonly tables: HospitalTables;
  readonly cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  close(): Promise<void>;
}

/**
 * Deploys a cloud in which patients have come for some days, of whom those have left who would have by the end of day −1. No features
 * are built of them yet, and nothing is trained.
 * @param history days before day 0
 * @param aDay admissions a day
 */
export async function knownHospital(
  settings: string,
  clock: MovableClock,
  hospital: ChangingHospital,
  { history, aDay }: { readonly history: number; readonly aDay: number },
): Promise<KnownHospital> {
  const local = await embeddedCloud(settings, { clock });
  const ctx = await local.open();
  // Whom Snowflake may write to, where the settings say so.
  await ctx.snowflake.execute("CREATE USER ONCALL EMAIL = 'oncall@example.org'");
  await apply(ctx);
  const tables = await HospitalTables.create(ctx, FIRST);
  await tables.admit(
    Array.from({ length: history }, (_, i) => hospital.admissions(i - history, aDay)).flat(),
  );
  await tables.discharge(-1);
  return {
    ctx,
    tables,
    cloud: local,
    async close() {
      await ctx.close();
      await local.cloud.close();
      local.remove();
    },
  };
}
