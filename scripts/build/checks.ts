/** Makes checks of our JSON schemas into code, when the project is built (scripts/build.mjs): every command checks its settings. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { checkPath, type SchemaName } from '../../deploy/ground/schema-check.js';
import { projectRoot } from '../../deploy/project.js';
import { fileSchema } from '../../deploy/settings/file-schema.js';
import { settingsSchema } from '../../deploy/settings/schema.js';
import { filesOf, isMadeOf, lastChange, writeMade } from './sources.js';

/** Schema of contracts for editors. */
const CONTRACT = 'los.contract.schema.json';

/** Sources of the schemas and checks. */
const SOURCES = [
  ...filesOf(['deploy/settings']),
  'procedures/fitting/candidates.ts',
  'procedures/jobs/hyperparameters.ts',
  CONTRACT,
  'deploy/compile/checks.ts',
];

/** By name: the schema, and whether its check fills in defaults. */
const SCHEMAS: Readonly<Record<SchemaName, readonly [schema: object, defaults: boolean]>> = {
  settings: [settingsSchema, true],
  file: [fileSchema, false],
  contract: [JSON.parse(readFileSync(join(projectRoot, CONTRACT), 'utf8')) as object, true],
};

/** Writes the check of every schema, where one of the schemas has changed. */
export function makeChecks(): void {
  const newest = lastChange([...SOURCES, 'package-lock.json']);
  for (const [name, [schema, defaults]] of Object.entries(SCHEMAS)) {
    const file = checkPath(name as SchemaName);
    if (isMadeOf(file, newest)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeMade(file, checkCode(schema, defaults), newest);
  }
}

/**
 * CommonJS whose only export is the check.
 * @param defaults whether it fills in the schema's defaults
 */
export function checkCode(schema: object, defaults: boolean): string {
  const ajv = new Ajv({
    useDefaults: defaults,
    allErrors: true,
    allowUnionTypes: true,
    code: { source: true },
  });
  return standalone.default(ajv, ajv.compile(schema));
}
