import { Ajv, type ValidateFunction } from 'ajv';

/** Checks values against a JSON schema of ours. What the check found is in its `errors`, until it is used again. */
export type SchemaCheck = ValidateFunction<unknown>;

/**
 * Makes the check of a schema when it is first needed, and once in a process. That the schemas are valid themselves is
 * held by a test: checking it here, and making quicker code for a check that runs once, would cost more than all else
 * that a command does of its own.
 * @param defaults whether the check fills in the schema's defaults
 */
export function schemaCheck(schema: object, { defaults }: { defaults: boolean }): () => SchemaCheck {
  let check: SchemaCheck | undefined;
  return () => {
    check ??= new Ajv({
      useDefaults: defaults,
      allErrors: true,
      allowUnionTypes: true,
      meta: false,
      validateSchema: false,
      code: { optimize: false },
    }).compile(schema);
    return check;
  };
}
