/** SageMaker's checks of a request's members, with its messages. */
import { AwsError } from '../../errors.js';

export type Input = Record<string, unknown>;

/** The refusal of a request: SageMaker's commonest error. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The pattern of resource names: letters, digits and inner hyphens, 63 characters at most. */
export const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

const path = (parent: string, member: string) => {
  const own = member.charAt(0).toLowerCase() + member.slice(1);
  return parent ? `${parent}.${own}` : own;
};

function violation(value: unknown, at: string, rule: string): AwsError {
  const shown = value === undefined || value === null ? 'null' : `'${String(value)}'`;
  return validationError(
    `1 validation error detected: Value ${shown} at '${at}' failed to satisfy constraint: Member must ${rule}`,
  );
}

interface StringRule {
  max?: number;
  pattern?: RegExp;
  values?: readonly string[];
}

/** A string member or undefined. */
export function optionalString(
  input: Input,
  member: string,
  rule: StringRule = {},
  parent = '',
): string | undefined {
  const value = input[member];
  const at = path(parent, member);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${at} must be a string`);
  if (rule.max !== undefined && value.length > rule.max)
    throw violation(value, at, `have length less than or equal to ${rule.max}`);
  if (rule.values && !rule.values.includes(value))
    throw violation(value, at, `satisfy enum value set: [${rule.values.join(', ')}]`);
  if (rule.pattern && !rule.pattern.test(value))
    throw violation(
      value,
      at,
      `satisfy regular expression pattern: ${rule.pattern.source.replace(/^\^|\$$/g, '')}`,
    );
  return value;
}

/** A string member that must be there. */
export function string(input: Input, member: string, rule: StringRule = {}, parent = ''): string {
  const value = optionalString(input, member, rule, parent);
  if (value === undefined) throw violation(null, path(parent, member), 'not be null');
  return value;
}

/** A resource's name. */
export function name(input: Input, member: string): string {
  return string(input, member, { max: 63, pattern: NAME });
}

/** An integer member or undefined. */
export function optionalInteger(
  input: Input,
  member: string,
  range: { min: number; max: number },
  parent = '',
): number | undefined {
  const value = input[member];
  const at = path(parent, member);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new AwsError('SerializationException', `${at} must be an integer`);
  if (value < range.min) throw violation(value, at, `have value greater than or equal to ${range.min}`);
  if (value > range.max) throw violation(value, at, `have value less than or equal to ${range.max}`);
  return value;
}

/** An integer member that must be there. */
export function integer(
  input: Input,
  member: string,
  range: { min: number; max: number },
  parent = '',
): number {
  const value = optionalInteger(input, member, range, parent);
  if (value === undefined) throw violation(null, path(parent, member), 'not be null');
  return value;
}

/** A boolean member; false when absent. */
export function optionalBoolean(input: Input, member: string, parent = ''): boolean {
  const value = input[member];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean')
    throw new AwsError('SerializationException', `${path(parent, member)} must be a boolean`);
  return value;
}

/** A structure or map member or undefined. */
export function optionalObject(input: Input, member: string, parent = ''): Input | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new AwsError('SerializationException', `${path(parent, member)} must be a structure`);
  return value as Input;
}

/** A structure member that must be there. */
export function object(input: Input, member: string, parent = ''): Input {
  const value = optionalObject(input, member, parent);
  if (value === undefined) throw violation(null, path(parent, member), 'not be null');
  return value;
}

/** A list member; empty when absent. */
export function list<T = Input>(input: Input, member: string, parent = ''): T[] {
  const value = input[member];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value))
    throw new AwsError('SerializationException', `${path(parent, member)} must be a list`);
  return value as T[];
}

/**
 * Refuses members that exist in SageMaker but are not acted on here: nothing is accepted and ignored.
 * Empty structures and lists say nothing and pass.
 */
export function onlyMembers(input: Input, what: string, members: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    const empty = value === null || (typeof value === 'object' && Object.keys(value as object).length === 0);
    if (!members.includes(member) && !empty)
      throw validationError(`The local SageMaker does not support ${member} in ${what}; leave it out.`);
  }
}
