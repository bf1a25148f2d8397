/**
 * Reads IAM policies as far as naming a broken hop needs: Allow and Deny by action and resource, with wildcards. Conditions
 * are not evaluated: a statement under one decides nothing. Rules: IAM User Guide, "Policy evaluation logic".
 */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** In policies of resources. */
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: unknown;
}

export interface Request {
  readonly action: string;
  readonly resource: string;
  /** True where it is to be allowed under a condition only. */
  readonly conditional?: boolean;
  /** True where a policy that is not among these allows it. */
  readonly allowedByOthers?: boolean;
}

/** The statements of a policy document; none for one that is missing. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement: list } = (document ?? {}) as { Statement?: Statement | Statement[] };
  return list === undefined ? [] : [list].flat();
}

/** Why the statements do not allow a request; undefined: they do. */
export function refusalOf(statements: readonly Statement[], request: Request): string | undefined {
  const about = statements.filter((statement) => concerns(statement, request));
  if (about.some(({ Effect, Condition }) => Effect === 'Deny' && !Condition)) return DENIED;
  if (request.allowedByOthers) return undefined;
  const allows = about.filter(({ Effect }) => Effect === 'Allow');
  if (allows.some(({ Condition }) => !Condition || request.conditional)) return undefined;
  return allows.length > 0 ? 'it is allowed only under a condition' : 'no policy allows it';
}

export const DENIED = 'a policy denies it';

/**
 * Evaluates policies: a request for each action and resource.
 * @param samples what a wildcard in a resource may stand for
 */
export function permissionsOf(statements: readonly Statement[], samples: readonly string[]): Request[] {
  const expandPattern = (pattern: string) =>
    pattern === '*' ? ['*'] : [...new Set(samples.map((sample) => pattern.replaceAll('*', sample)))];
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action = [], Resource = [], Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource]
          .flat()
          .flatMap(expandPattern)
          .map((resource) => ({ action, resource, conditional: Condition !== undefined })),
      ),
    );
}

/** True if a statement is about a request, its conditions aside. */
function concerns(
  { Action, NotAction, Resource, NotResource }: Statement,
  { action, resource }: Request,
): boolean {
  return matchesAny(Action, NotAction, action, 'is') && matchesAny(Resource, NotResource, resource, 's');
}

function matchesAny(
  patterns: string | readonly string[] | undefined,
  except: string | readonly string[] | undefined,
  value: string,
  flags: string,
): boolean {
  const hit = (list: string | readonly string[]) =>
    [list].flat().some((pattern) => expressionOf(pattern, flags).test(value));
  return patterns === undefined ? except !== undefined && !hit(except) : hit(patterns);
}

function expressionOf(pattern: string, flags: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, flags);
}
