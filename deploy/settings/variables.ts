import { UserError } from '../errors.js';
import { findNearest, joinWithOr } from '../ground/suggest.js';

/** As much of a JSON schema as names of variables follow from. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Variables of the environment that are secrets: they are secrets, which no file should hold. */
const SECRETS = ['LOS_SMTP_URL', 'LOS_SMTP_USER', 'LOS_SMTP_PASSWORD'];

/** Variables of tests that begin like a setting (test/README.md). */
const OF_TESTS = ['LOS_MAIL_PICTURES', 'LOS_HOSPITAL_ROWS'];

/** @param above the variable of the section that the key is in, `LOS` for a key of the first level */
export function variableOf(above: string, key: string): string {
  return `${above}_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export function variablesOf(schema: Schema, above: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, sub]) => {
    const variable = variableOf(above, key);
    return sub.properties ? variablesOf(sub, variable) : [variable];
  });
}

/**
 * Refuses a variable that was probably meant as a setting: a deployment that ignores LOS_ENDPONT_TYPE deploys something
 * else than was asked for. One that begins with LOS_ and neither resembles one nor begins like a section is another program's, or a test's.
 * @throws UserError that names the variable and what was meant
 */
export function refuseMistyped(schema: Schema, env: Readonly<Record<string, string | undefined>>): void {
  const known = [...variablesOf(schema, 'LOS'), ...SECRETS];
  for (const [name, value] of Object.entries(env)) {
    if (!/^LOS_/i.test(name) || !value || [...known, ...OF_TESTS].includes(name)) continue;
    const meant = suggestVariables(name.toUpperCase(), known);
    if (meant.length === 0) continue;
    throw new UserError(
      `The environment variable ${name} is no setting. Did you mean ${joinWithOr(meant)}?`,
      {
        next: 'Rename it, or unset it. A variable is named after its key in los.config.yaml: aws.region is LOS_AWS_REGION.',
      },
    );
  }
}

/** A slip of the pen; a section left out, as in LOS_BUCKET; a section alone, as in `LOS_ENDPOINT=…`, or with a key that it does not have: all of its variables. */
function suggestVariables(name: string, known: readonly string[]): readonly string[] {
  const word = name.slice('LOS_'.length);
  const near = findNearest(
    word,
    known.map((variable) => variable.slice('LOS_'.length)),
  );
  if (near) return [`LOS_${near}`];
  const meant = known.filter((variable) => variable.endsWith(`_${word}`) || variable.startsWith(`${name}_`));
  const section = /^LOS_[A-Z]+_/.exec(name)?.[0] ?? name;
  return meant.length > 0 ? meant : known.filter((variable) => variable.startsWith(section));
}
