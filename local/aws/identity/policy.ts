// Reading and checking policy documents.
// Rules: IAM User Guide, "IAM JSON policy element reference" and "Grammar of the IAM JSON policy language".
import { AwsError } from '../errors.js';
import { parseArn } from './arn.js';
import { type Condition, parseConditions } from './conditions.js';

/** Where a document stands: attached to an identity, as a role's trust policy, or on a resource. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

/** The Principal element by type; `{AWS: ['*']}` for a bare `*`. */
export type Principals = Partial<Record<'AWS' | 'Service' | 'Federated' | 'CanonicalUser', string[]>>;

export interface Statement {
  sid?: string;
  effect: 'Allow' | 'Deny';
  principals?: Principals;
  notPrincipals?: Principals;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  notResources?: string[];
  conditions: Condition[];
}

export interface PolicyDocument {
  statements: Statement[];
}

const parsed = new Map<string, PolicyDocument>();

/**
 * Parses a policy document's JSON text, refusing what AWS refuses with MalformedPolicyDocument (IAM's words).
 * Results are kept, so that a permission check costs no parsing.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const key = kind + text;
  let document = parsed.get(key);
  if (!document) {
    document = parseDocument(text, kind);
    if (parsed.size > 500) parsed.clear();
    parsed.set(key, document);
  }
  return document;
}

function policyError(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, 400);
}

function parseDocument(text: string, kind: PolicyKind): PolicyDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw policyError('This policy contains invalid Json');
  }
  if (!isObject(json)) throw policyError('Syntax errors in policy.');
  for (const name of Object.keys(json))
    if (!['Version', 'Id', 'Statement'].includes(name)) throw policyError('Syntax errors in policy.');
  if (json.Version !== undefined && json.Version !== '2012-10-17' && json.Version !== '2008-10-17')
    throw policyError('Syntax errors in policy.');
  if (json.Version !== '2012-10-17' && kind === 'identity')
    throw policyError('Policy document must be version 2012-10-17 or greater.');
  if (json.Statement === undefined) throw policyError('Syntax errors in policy.');
  const list = Array.isArray(json.Statement) ? json.Statement : [json.Statement];
  if (list.length === 0) throw policyError('Syntax errors in policy.');
  const statements = list.map((statement) => parseStatement(statement, kind));
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  const repeated = sids.find((sid, i) => sids.indexOf(sid) !== i);
  if (repeated) throw policyError(`Statement IDs (SID) in a single policy must be unique.`);
  return { statements };
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

function parseStatement(json: unknown, kind: PolicyKind): Statement {
  if (!isObject(json)) throw policyError('Syntax errors in policy.');
  for (const name of Object.keys(json))
    if (!ELEMENTS.includes(name)) throw policyError('Syntax errors in policy.');
  const { Sid: sid, Effect: effect } = json;
  if (effect !== 'Allow' && effect !== 'Deny') throw policyError('Syntax errors in policy.');
  if (sid !== undefined && (typeof sid !== 'string' || (kind === 'identity' && !/^[A-Za-z0-9]*$/.test(sid))))
    throw policyError(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  for (const [one, other] of [
    ['Principal', 'NotPrincipal'],
    ['Action', 'NotAction'],
    ['Resource', 'NotResource'],
  ] as const)
    if (json[one] !== undefined && json[other] !== undefined) throw policyError('Syntax errors in policy.');

  const actions = strings(json.Action ?? json.NotAction);
  if (!actions?.length) throw policyError('Policy statement must contain actions.');
  for (const action of actions)
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
      throw policyError(
        action.includes(':')
          ? 'Actions/Condition can contain only one colon.'
          : 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      );

  const resources = strings(json.Resource ?? json.NotResource);
  const principals = parsePrincipals(json.Principal ?? json.NotPrincipal);
  if (kind === 'identity') {
    if (principals) throw policyError('Policy document should not specify a principal.');
    if (!resources?.length) throw policyError('Policy statement must contain resources.');
    for (const resource of resources)
      if (resource !== '*' && !resource.startsWith('${') && !parseArn(resource))
        throw policyError(`Resource ${resource} must be in ARN format or "*".`);
  } else if (kind === 'trust') {
    if (!principals) throw policyError('Missing required field Principal');
    if (json.Resource !== undefined || json.NotResource !== undefined)
      throw policyError('Has prohibited field Resource');
    for (const action of actions)
      if (!/^(\*|sts:.*)$/i.test(action))
        throw policyError('AssumeRole policy may only specify STS AssumeRole actions.');
  } else if (!principals) throw policyError('Missing required field Principal');

  let conditions: Condition[];
  try {
    conditions = parseConditions(json.Condition);
  } catch (error) {
    throw policyError((error as Error).message);
  }
  return {
    ...(sid && { sid }),
    effect,
    ...(principals && (json.Principal !== undefined ? { principals } : { notPrincipals: principals })),
    ...(json.Action !== undefined ? { actions } : { notActions: actions }),
    ...(resources && (json.Resource !== undefined ? { resources } : { notResources: resources })),
    conditions,
  };
}

function parsePrincipals(json: unknown): Principals | undefined {
  if (json === undefined) return undefined;
  if (json === '*') return { AWS: ['*'] };
  if (!isObject(json)) throw policyError('Invalid principal in policy.');
  const principals: Principals = {};
  for (const [type, value] of Object.entries(json)) {
    if (type !== 'AWS' && type !== 'Service' && type !== 'Federated' && type !== 'CanonicalUser')
      throw policyError('Invalid principal in policy.');
    const list = strings(value);
    if (!list?.length) throw policyError('Invalid principal in policy.');
    principals[type] = list;
  }
  return principals;
}

function strings(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string')) throw policyError('Syntax errors in policy.');
  return list as string[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
