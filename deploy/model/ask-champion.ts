import type { CheckResult } from '../../procedures/promoting/check.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';

/**
 * Asks the champion about one admission by CHECK_MODEL, which remakes its functions where they no longer run.
 * @returns what it has mended or found amiss; undefined: it answers, or there is none
 */
export async function askChampion(ctx: Context): Promise<string | undefined> {
  try {
    const found = await callProcedure<CheckResult>(ctx, 'CHECK_MODEL', [null]);
    if (found.version === null || (found.answers && !found.renewed)) return undefined;
    return found.next === null ? found.message : `${found.message} Next: ${found.next}`;
  } catch (error) {
    // The deployment is done; that the champion could not be asked is one more thing to say.
    return `The champion could not be asked: ${messageOf(error)} Next: los doctor`;
  }
}
