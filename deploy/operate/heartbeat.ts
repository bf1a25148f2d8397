import { schemaPath } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { longestGapHours } from '../ground/schedule.js';
import { taskDeclarations } from '../headers/files.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** Answer of SHOW alone, which wakes no warehouse and costs next to nothing. */
export interface Heartbeat {
  /** When hourly monitoring could look at everything last (WATCH_SCORING); null: there is no sign of it. */
  readonly alive: string | null;
  readonly problems: readonly string[];
}

/** Hours by which the look may be late, and those in which the first daily monitor comes. */
const [LATE, FIRST] = [2, 37];

/** @param now milliseconds since 1970, by the account */
export async function heartbeat(ctx: Context, now: number): Promise<Heartbeat> {
  const { tasks, snowflake } = ctx.settings;
  const show = (what: string) => showOrNothing(ctx, `SHOW ${what}`);
  const [log] = await show(`TABLES LIKE 'LOS_RUN_LOG' IN SCHEMA ${schemaPath(ctx.settings)}`);
  const alive = /^Monitoring is alive at (\S+)/.exec(String(log?.comment))?.[1] ?? null;
  const hours = Math.floor((now - Date.parse(alive ?? String(log?.created_on))) / 3_600_000);
  const own: readonly unknown[] = taskDeclarations().map(({ name }) => name);
  const problems = (await show(`TASKS IN SCHEMA ${schemaPath(ctx.settings)}`))
    .filter(({ name, state }) => own.includes(name) && String(state).toLowerCase() !== 'started')
    .map(({ name }) => `The task ${name} is suspended.`);
  if (hours > (alive === null ? FIRST : longestGapHours(tasks.look) + LATE))
    problems.push(
      `Monitoring has given no sign of life for ${hours} hours: see docs/runbook/sign-of-life.md.`,
    );
  const { name } = snowflake.warehouse;
  const missing = log !== undefined && (await show(`WAREHOUSES LIKE '${name}'`)).length === 0;
  const gone = missing ? [`There is no warehouse ${name}.`] : [];
  return { alive, problems: tasks.resumed ? gone.concat(problems) : gone };
}
