import { qualify } from '../../ground/names.js';
import { isNotShown } from '../../ground/stale.js';
import { query, queryFirst, type Row, type Work } from '../../ground/work.js';
import type { DeclaredIntegration } from '../../object.js';
import type { Check } from '../pipe/checks.js';
import type { HourlyPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import { deployments } from './deployments.js';

type Properties = Readonly<Record<string, string>>;

/** Check that each integration is there as los apply makes it, by the properties that los plan compares. */
export const integrationsCheck: Check<HourlyPlan> = {
  name: 'integrations',
  kinds: ['objects'],
  *look(plan) {
    const isDue = yield* dueToDescribe(plan);
    const shown = yield* listOrNull('SHOW INTEGRATIONS');
    if (shown === null) return [];
    const signs: Sign[] = [];
    for (const declared of plan.integrations) {
      const row = shown.find(({ name }) => name === declared.name);
      const live = row === undefined ? null : { ENABLED: String(row.enabled) };
      const sign = integrationSign(declared, row && isDue(declared.name) ? yield* describe(row) : live);
      if (sign !== null) signs.push(sign);
    }
    // An apply that runs alters them and compiles this procedure in any order.
    return signs.length > 0 && (yield* deployments(plan)).length > 0 ? [] : signs;
  },
};

/**
 * Tells which integrations to DESCRIBE: all with the first look after six, and one that has an alarm with each look, so that it ends. SHOW tells
 * with each look which are gone or disabled. A DESCRIBE costs as much as ten SELECT.
 */
function* dueToDescribe({ contract, place, tasks, zone }: HourlyPlan): Work<(name: string) => boolean> {
  const gap = Math.max(1, ...tasks.map(({ run, hours }) => (run === 'look' ? Math.ceil(hours || 0) : 0)));
  const row = yield* queryFirst(
    `SELECT MOD(HOUR(CONVERT_TIMEZONE(?, CURRENT_TIMESTAMP())) + 18, 24) < ${gap} AS DUE,
  (SELECT LISTAGG(SUBJECT, ',') FROM ${qualify(place, 'LOS_ALARMS')} WHERE DATASET = ? AND KIND = 'objects' AND ENDED_ON IS NULL) AS SUBJECTS`,
    [zone, contract.name],
  );
  const alarmed = String(row?.SUBJECTS || '').split(',');
  return (name) => row?.DUE === true || alarmed.indexOf(name) >= 0;
}

/** @returns null: Snowflake refuses that to this role, or in a procedure with its owner's rights */
function* listOrNull(statement: string): Work<readonly Row[] | null> {
  try {
    return yield* query(statement);
  } catch (error) {
    if (!isNotShown(error)) throw error;
    return null;
  }
}

/** Properties by DESCRIBE, or where that is refused what SHOW does. */
function* describe(row: Row): Work<Properties> {
  const properties: Record<string, string> = { ENABLED: String(row.enabled) };
  for (const { property, property_value } of (yield* listOrNull(`DESCRIBE INTEGRATION ${row.name}`)) || [])
    properties[String(property).toUpperCase()] = String(property_value === null ? '' : property_value);
  return properties;
}

/** @param live null: it is not there; a property that it does not have could not be asked for */
export function integrationSign(
  { name, properties }: DeclaredIntegration,
  live: Properties | null,
): Sign | null {
  const other =
    live === null
      ? []
      : Object.keys(properties).filter((property) => {
          const value = live[property];
          return value !== undefined && integrationValue(property, value) !== properties[property];
        });
  if (live !== null && other.length === 0) return null;
  const changed =
    other.indexOf('ENABLED') >= 0 ? 'is disabled' : `is not as declared, by ${other.join(', ')}`;
  const what = live === null ? 'is gone, or the owner of the procedures may not see it' : changed;
  return {
    kind: 'objects',
    subject: name,
    severity: 'critical',
    message: `The integration ${name} ${what}. What goes through it fails: predictions, trainings, files or mails.`,
    next: 'los plan names the difference; los apply ends it, or says why it cannot.',
    lookAt: 'objects',
  };
}

/** A property as DESCRIBE INTEGRATION has it, to be compared: lists come without blanks and may have brackets, words in any case. */
export function integrationValue(property: string, value: string): string {
  if (/PREFIXES|LOCATIONS|RECIPIENTS/.test(property))
    return value
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean)
      .join(', ');
  return /ARN/.test(property) ? value : value.toUpperCase();
}
