// What Snowflake has and this does not, refused by name wherever a statement names it.
import { localRefusal } from '../errors.js';
import type { TokenStream } from '../language/lexer.js';
import type { Statement } from './statement.js';

/** Kinds of object that are not built, with their plurals where these are irregular. */
const KINDS: Record<string, string | undefined> = {
  AGGREGATION_POLICY: 'AGGREGATION_POLICIES',
  ALERT: undefined,
  APPLICATION: undefined,
  APPLICATION_ROLE: undefined,
  AUTHENTICATION_POLICY: 'AUTHENTICATION_POLICIES',
  CATALOG_INTEGRATION: undefined,
  COMPUTE_POOL: undefined,
  CONNECTION: undefined,
  CORTEX_SEARCH_SERVICE: undefined,
  DATA_METRIC_FUNCTION: undefined,
  DATABASE_ROLE: undefined,
  DYNAMIC_TABLE: undefined,
  EXTERNAL_ACCESS_INTEGRATION: undefined,
  EXTERNAL_TABLE: undefined,
  EXTERNAL_VOLUME: undefined,
  FAILOVER_GROUP: undefined,
  GIT_REPOSITORY: 'GIT_REPOSITORIES',
  HYBRID_TABLE: undefined,
  ICEBERG_TABLE: undefined,
  IMAGE_REPOSITORY: 'IMAGE_REPOSITORIES',
  JOIN_POLICY: 'JOIN_POLICIES',
  LISTING: undefined,
  MANAGED_ACCOUNT: undefined,
  MASKING_POLICY: 'MASKING_POLICIES',
  MATERIALIZED_VIEW: undefined,
  MODEL: undefined,
  NETWORK_POLICY: 'NETWORK_POLICIES',
  NETWORK_RULE: undefined,
  NOTEBOOK: undefined,
  PACKAGES_POLICY: 'PACKAGES_POLICIES',
  PASSWORD_POLICY: 'PASSWORD_POLICIES',
  PIPE: undefined,
  PROJECTION_POLICY: 'PROJECTION_POLICIES',
  REPLICATION_GROUP: undefined,
  RESOURCE_MONITOR: undefined,
  ROW_ACCESS_POLICY: 'ROW_ACCESS_POLICIES',
  SECRET: undefined,
  SECURITY_INTEGRATION: undefined,
  SEMANTIC_VIEW: undefined,
  SERVICE: undefined,
  SESSION_POLICY: 'SESSION_POLICIES',
  SHARE: undefined,
  STREAMLIT: undefined,
  TAG: undefined,
};

/** Statements that are built of a kind whose others are not. */
const BUILT: Record<string, string[]> = {
  MASKING_POLICY: ['CREATE', 'ALTER', 'DROP', 'DESCRIBE', 'SHOW'],
  NETWORK_POLICY: ['CREATE', 'ALTER'],
  TAG: ['CREATE', 'ALTER', 'DROP', 'SHOW'],
};

const refusal = (verb: string, kind: string, built: readonly string[]): Statement => ({
  leading: [[verb, ...kind.split(' ')]],
  run() {
    throw localRefusal(
      `${verb} ${kind}`,
      built.length > 0 ? `only ${built.join(' and ')} are built` : 'this kind of object is not built',
    );
  },
});

/** CREATE, ALTER, DROP, DESCRIBE and SHOW of what is not built. */
export const refusedStatements: Statement[] = Object.entries(KINDS).flatMap(([key, plural]) => {
  const kind = key.replaceAll('_', ' ');
  const built = BUILT[key] ?? [];
  const many = (plural ?? `${key}S`).replaceAll('_', ' ');
  return [
    ...['CREATE', 'ALTER', 'DROP', 'DESCRIBE']
      .filter((verb) => !built.includes(verb))
      .map((verb) => refusal(verb, kind, built)),
    ...(built.includes('SHOW') ? [] : [refusal('SHOW', many, built)]),
  ];
});

/** Refuses `[WITH] { TAG | ROW ACCESS POLICY | … }` in a CREATE, if that stands there. */
export function refusePolicies(tokens: TokenStream, statement: string): void {
  const at = tokens.is('WITH') ? 1 : 0;
  const word = tokens.peek(at).value;
  if (tokens.peek(at).kind === 'word' && ['TAG', 'ROW', 'AGGREGATION', 'JOIN', 'CONTACT'].includes(word))
    throw localRefusal(`${statement} … ${word}`, 'tags, policies and contacts are not built');
}

/** Refuses SET TAG and UNSET TAG in an ALTER, if that stands there. */
export function refuseTags(tokens: TokenStream): void {
  for (const verb of ['SET', 'UNSET'])
    for (const word of ['TAG', 'CONTACT', 'MASKING'])
      if (tokens.is(verb, word))
        throw localRefusal(`${verb} ${word}`, 'tags, contacts and policies are not built');
}
