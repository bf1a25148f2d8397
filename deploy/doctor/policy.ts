/**
 * Reads IAM policies as far as naming a broken hop needs: Allow and Deny by action, resource and principal,
 * with wildcards. Conditions are not evaluated: a statement under one decides nothing and is reported.
 * Rules: IAM User Guide, "Policy evaluation logic".
 */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Request {
  readonly action: string;
  readonly resource?: string;
  /** Any of these names the caller: its ARN, its role's ARN, its account, a service. */
  readonly principals?: readonly string[];
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly why: 'denied' | 'conditional' | 'nothing allows it' };

/** The statements of a policy document; none for one that is missing. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement: list } = (document ?? {}) as { Statement?: Statement | Statement[] };
  return list === undefined ? [] : [list].flat();
}

/** What the statements decide on a request. */
export function decide(statements: readonly Statement[], request: Request): Decision {
  const about = statements.filter((statement) => concerns(statement, request));
  if (about.some((statement) => statement.Effect === 'Deny' && !statement.Condition))
    return { allowed: false, why: 'denied' };
  const allows = about.filter((statement) => statement.Effect === 'Allow');
  if (allows.some((statement) => !statement.Condition)) return { allowed: true };
  return { allowed: false, why: allows.length ? 'conditional' : 'nothing allows it' };
}

/** Whether a statement is about a request, its conditions aside. */
export function concerns(statement: Statement, { action, resource, principals }: Request): boolean {
  return (
    within(statement.Action, statement.NotAction, [action], true) &&
    (resource === undefined || within(statement.Resource, statement.NotResource, [resource])) &&
    (principals === undefined ||
      principalsOf(statement).some((one) => one === '*' || principals.includes(one)))
  );
}

/** The principals that a statement names, whatever their type. */
export function principalsOf({ Principal }: Statement): string[] {
  if (Principal === undefined) return [];
  return typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat();
}

function within(
  patterns: string | readonly string[] | undefined,
  except: string | readonly string[] | undefined,
  values: readonly string[],
  ignoreCase = false,
): boolean {
  const hit = (list: string | readonly string[]) =>
    [list].flat().some((pattern) => values.some((value) => matches(pattern, value, ignoreCase)));
  if (patterns !== undefined) return hit(patterns);
  return except !== undefined && !hit(except);
}

function matches(pattern: string, value: string, ignoreCase: boolean): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, ignoreCase ? 'is' : 's').test(value);
}
