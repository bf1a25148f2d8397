import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { projectRoot } from '../project.js';
import { requireBuilt } from './require-built.js';

/** Checks values against a JSON schema of ours. What the check found is in its `errors`, until it is used again. */
export type SchemaCheck = ValidateFunction<unknown>;

/** The schemas that there are checks of (scripts/build/checks.ts). */
export type SchemaName = 'settings' | 'file' | 'contract';

/** Path of the check of a schema. */
export function checkPath(name: SchemaName): string {
  return join(projectRoot, 'dist', 'deploy', 'checks', `${name}.cjs`);
}

/** The check of a schema, loaded when it is first needed. @throws UserError, then, where the build has made none */
export function schemaCheck(name: SchemaName): () => SchemaCheck {
  return () =>
    createRequire(import.meta.url)(
      requireBuilt(checkPath(name), 'the check that the build makes of a schema'),
    );
}
