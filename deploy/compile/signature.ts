import { UserError } from '../errors.js';

/** The SQL side of an entry file; see compile.ts. */
export interface Signature {
  readonly name: string;
  readonly args: readonly (readonly [name: string, type: string])[];
  readonly returns: string;
  readonly volatility?: 'IMMUTABLE' | 'VOLATILE';
  readonly nullInput?: 'CALLED ON NULL INPUT' | 'RETURNS NULL ON NULL INPUT';
  readonly executeAs?: 'OWNER' | 'CALLER';
}

/** Synonyms → the name that SHOW reports. */
const SHOWN_TYPES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  TEXT: 'VARCHAR',
  CHAR: 'VARCHAR',
  DOUBLE: 'FLOAT',
  'DOUBLE PRECISION': 'FLOAT',
  REAL: 'FLOAT',
  FLOAT8: 'FLOAT',
};

/** Types that a JavaScript handler takes and returns; fixed-point numbers and TIME are refused by Snowflake. */
const HANDLED = new Set([
  'FLOAT',
  'VARCHAR',
  'BOOLEAN',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
  'BINARY',
  'VARIANT',
  'OBJECT',
  'ARRAY',
]);

function typeName(type: string): string {
  const upper = type.trim().toUpperCase();
  return SHOWN_TYPES[upper] ?? upper;
}

/** The name that SHOW reports for a function or procedure, with argument types: `LOS_ENCODE(OBJECT, VARCHAR)`. */
export function signatureName(signature: Pick<Signature, 'name' | 'args'>): string {
  return `${signature.name}(${signature.args.map(([, type]) => typeName(type)).join(', ')})`;
}

/** @throws UserError for a name or type that Snowflake would refuse or that would not be found again */
export function checkSignature(signature: Signature, shown: string): void {
  const identifier = /^[A-Z_][A-Z0-9_]*$/;
  for (const name of [signature.name, ...signature.args.map(([name]) => name)])
    if (!identifier.test(name))
      throw new UserError(
        `${shown}: "${name}" must be an upper-case SQL identifier, because Snowflake upper-cases it.`,
        { next: 'Write it in upper case, with underscores.' },
      );
  for (const type of [...signature.args.map(([, type]) => type), signature.returns])
    if (!HANDLED.has(typeName(type)))
      throw new UserError(`${shown}: JavaScript in Snowflake cannot take or return ${type}.`, {
        next: `Use FLOAT for numbers and VARCHAR for times; possible are ${[...HANDLED].join(', ')}.`,
      });
}
