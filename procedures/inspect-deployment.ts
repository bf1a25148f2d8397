import { perform, speak } from './ground/inside.js';
import { type Place, placeOf } from './ground/names.js';
import { query, Refused, type Row } from './ground/work.js';
import type { PlanSource, ProcedureObject } from './object.js';

/** Compiled in. */
declare const PLACE: Place;

export const object = {
  signature: {
    name: 'INSPECT_DEPLOYMENT',
    args: [['STATEMENT', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'plan',
  plan: ({ settings }: PlanSource<Place>) => ({ PLACE: placeOf(settings) }),
} as const satisfies ProcedureObject<typeof inspectDeployment>;

/**
 * Runs one of the statements by which `los plan` looks at what exists, as the owner: in Snowflake a role sees a procedure only
 * if it may call it, so no grants make a role that may plan and nothing else. Each form is written out to its end. None of them
 * reads a row of a patient, and no other form is taken, least of all one that goes on after `->>`. A body is given as its hash: that of a
 * version's function holds statistics of the training rows, and code of a pull request, which has not been reviewed, calls this.
 * @returns its rows
 * @throws Refused for any other statement
 * @example
 * CALL INSPECT_DEPLOYMENT('SHOW TASKS IN SCHEMA PREDICT_LOS.LOS');
 */
export default function inspectDeployment(statement: string | null): readonly Row[] {
  try {
    const asked = statement || '';
    if (!formsOf(PLACE).some((form) => form.test(asked)))
      throw new Refused(
        'INSPECT_DEPLOYMENT takes only the statements of los plan.',
        'Run los plan with this role; for anything else take the role that may do it (docs/permissions.md).',
      );
    return perform(PLACE, query(withoutBodies(asked)));
  } catch (error) {
    return speak(error);
  }
}

/** The same statement, in which each body of a routine is `sha256:` and the hash of it without the blanks at its ends. */
function withoutBodies(statement: string): string {
  const [, from, what] =
    /^SELECT \* (FROM \S+\.INFORMATION_SCHEMA\.(FUNCTION|PROCEDURE)S .*)$/.exec(statement) || [];
  if (from === undefined) return statement;
  const body = `${what}_DEFINITION`;
  const hash = `'sha256:' || SHA2(TRIM(${body}, ' \t\r\n'))`;
  // That of an external function is its address.
  const shown = what === 'FUNCTION' ? `IFF(IS_EXTERNAL = 'YES', ${body}, ${hash})` : hash;
  return `SELECT * REPLACE (${shown} AS ${body}) ${from}`;
}

/** The statements of a plan, whole: SHOW and DESCRIBE of objects, routines, which columns are masked, and which release applied. */
export function formsOf({ snowflake: { database, schema } }: Place): RegExp[] {
  // Of what a name may have, $ alone means something else in a pattern.
  const [inDatabase, inSchema] = [database, schema].map((name) => name.split('$').join('[$]'));
  const place = `${inDatabase}\\.${inSchema}`;
  const like = "( LIKE '[\\w%$.-]*')?";
  const name = '["\\w$.]+';
  const masked = `SELECT REF_ENTITY_NAME, REF_COLUMN_NAME, TAG_NAME FROM TABLE\\(${inDatabase}\\.INFORMATION_SCHEMA\\.POLICY_REFERENCES\\(REF_ENTITY_NAME => '${place}\\.[\\w$]+', REF_ENTITY_DOMAIN => '(TABLE|VIEW)'\\)\\)`;
  return [
    `SHOW (ROLES|WAREHOUSES|DATABASES|API INTEGRATIONS|STORAGE INTEGRATIONS|NOTIFICATION INTEGRATIONS)${like}`,
    `SHOW SCHEMAS${like} IN DATABASE ${inDatabase}`,
    `SHOW (FILE FORMATS|STAGES|TABLES|COLUMNS|VIEWS|STREAMS|TAGS|TASKS|OBJECTS|USER FUNCTIONS|PROCEDURES)${like} IN SCHEMA ${place}`,
    `SHOW TASKS LIKE 'LOS_BUILD_FEATURES' IN ACCOUNT`,
    `SHOW GRANTS (TO ROLE|ON INTEGRATION) ${name}`,
    `SHOW GRANTS ON FUNCTION ${name}\\([A-Z, ]*\\)`,
    `DESCRIBE INTEGRATION ${name}`,
    `DESCRIBE MASKING POLICY ${place}\\.LOS_MASK_[A-Z_]+`,
    `${masked}( UNION ALL ${masked})*`,
    `SELECT \\* FROM ${inDatabase}\\.INFORMATION_SCHEMA\\.(FUNCTIONS|PROCEDURES) WHERE (FUNCTION|PROCEDURE)_SCHEMA = '${inSchema}'`,
    `SELECT DISTINCT RELEASE FROM ${place}\\.LOS_DEPLOYMENT_LOG\\s+WHERE ACTION = 'apply' AND STARTED_AT IS NOT NULL AND STATUS <> 'REFUSED' AND RELEASE IS NOT NULL`,
  ].map((form) => new RegExp(`^${form}$`));
}
