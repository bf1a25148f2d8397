// Amazon Resource Names: arn:partition:service:region:account:resource.

export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** Everything after the fifth colon, e.g. `role/path/name`. */
  resource: string;
}

/** The parts of an ARN; undefined for text that is none. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  const [, partition, service, region, account] = parts as [string, string, string, string, string];
  return { partition, service, region, account, resource: parts.slice(5).join(':') };
}

/** What stands in a pattern for a wildcard that is meant as itself: the policy variables `${*}` and `${?}`. */
export const ITSELF: Readonly<Record<string, string>> = { '*': '\ue000', '?': '\ue001' };

/** `*` is any text, `?` any one character. */
export function wildcardMatches(pattern: string, text: string, ignoreCase = false): boolean {
  if (pattern === '*') return true;
  if (!/[*?\ue000\ue001]/.test(pattern))
    return ignoreCase ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  return expression(pattern, ignoreCase).test(text);
}

/** ARNs match part by part: a wildcard in one of the first five parts does not reach over a colon. */
export function arnMatches(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  const wanted = splitArn(pattern);
  const given = splitArn(text);
  return wanted.length === given.length && wanted.every((part, i) => wildcardMatches(part, given[i]!));
}

function splitArn(text: string): string[] {
  const parts = text.split(':');
  return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : parts;
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string, ignoreCase: boolean): RegExp {
  const key = `${ignoreCase ? 'i' : 's'}${pattern}`;
  let found = expressions.get(key);
  if (!found) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')
      .replace(/\ue000/g, '\\*')
      .replace(/\ue001/g, '\\?');
    found = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
    if (expressions.size > 1000) expressions.clear();
    expressions.set(key, found);
  }
  return found;
}
