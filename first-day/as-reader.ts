import { type Answer, open } from '../doctor/check.js';
import { isAnswer } from '../doctor/run.js';
import type { FirstDay } from './scene.js';

/** Asks as the least of the roles, with no other beside it; open where this user may not become it. */
export async function asReader(
  { ctx: { settings, snowflake } }: FirstDay,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const [before] = await snowflake.query(
    'SELECT CURRENT_ROLE() AS ROLE, CURRENT_SECONDARY_ROLES() AS OTHERS',
  );
  const all = /"value"\s*:\s*"ALL"/.test(String(before?.OTHERS ?? ''));
  const role = settings.snowflake.roles.read;
  try {
    await snowflake.execute(`USE ROLE ${role}`);
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return open(
      `this user may not become the read role (${error.code})`,
      `Run los first-day with ${settings.snowflake.roles.deploy}, or GRANT ROLE ${role} to this user.`,
    );
  }
  try {
    await snowflake.execute('USE SECONDARY ROLES NONE');
    return await ask();
  } finally {
    await snowflake.execute(`USE ROLE ${String(before?.ROLE)}`);
    await snowflake.execute(`USE SECONDARY ROLES ${all ? 'ALL' : 'NONE'}`);
  }
}
