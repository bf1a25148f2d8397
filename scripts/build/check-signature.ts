import { type Signature, typeName } from '../../deploy/compile/signature.js';
import { UserError } from '../../deploy/errors.js';

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
