import { hasEvents } from '../dataset/origin/events.js';
import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { checkModel as check } from './check.js';
import { respond } from './respond.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'CHECK_MODEL',
    args: [['VERSION', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: ({ contract, version }) =>
    version(
      [],
      [
        'udfs/translators/request-translator.ts',
        'udfs/translators/reasons-request-translator.ts',
        ...(hasEvents(contract) ? ['udfs/translators/stay-request-translator.ts'] : []),
      ],
    ),
} as const satisfies ProcedureObject<typeof checkModel>;

/**
 * Asks a version about one admission, and says whether it answers. Where its functions in Snowflake do not run, or are gone,
 * they are remade from the registry; its endpoint is only looked at.
 * @param version such as health-v3; NULL: the champion
 * @returns {version, answers, renewed, message, next}
 * @example
 * CALL CHECK_MODEL(NULL);
 */
export default function checkModel(version: string | null) {
  return respond(PLAN, check(PLAN, version));
}
