// Documented grammar that is not built: where a syntax error stands on it, it is refused by name instead.
import { localRefusal, type SnowflakeError } from '../errors.js';
import { positionOf, type Token, type TokenStream } from '../language/lexer.js';

interface Unbuilt {
  /** How the statement begins; anything if left out. */
  leading?: RegExp;
  /** What stands where the error is: words and operators with one blank between them. */
  at: RegExp;
  what: string;
  why: string;
  instead?: string;
}

const SCRIPTING = {
  what: 'SQL scripting',
  why: 'blocks, variables and loops of SQL are not built',
  instead: 'Write a procedure in JavaScript.',
};
const TAGS = { what: 'tags, contacts and policies', why: 'they are not built' };
const CLOUD = {
  what: 'storage of Azure or Google Cloud',
  why: 'only AWS is built',
  instead: 'Use S3, or an internal stage.',
};
const kind = (what: string) => ({ what, why: 'this kind of object is not built' });
const KINDS =
  'AGENT|ALERT|APPLICATION|COMPUTE POOL|CORTEX SEARCH SERVICE|CORTEX|DATABASE ROLE|DATASET|DBT PROJECT|DCM PROJECT|DYNAMIC ICEBERG TABLE|DYNAMIC TABLE|EXTERNAL TABLE|EXTERNAL VOLUME|FAILOVER GROUP|GIT REPOSITORY|HYBRID TABLE|ICEBERG TABLE|IMAGE REPOSITORY|(?:SECURE )?INTERACTIVE (?:MATERIALIZED VIEW|TABLE|WAREHOUSE)|(?:AGGREGATION|AUTHENTICATION|JOIN|MASKING|NETWORK|PACKAGES|PASSWORD|PRIVACY|PROJECTION|ROW ACCESS|SESSION|STORAGE LIFECYCLE) POLICY|MATERIALIZED VIEW|MCP SERVER|MODEL|NETWORK RULE|NOTEBOOK|PIPE|REPLICATION GROUP|RESOURCE MONITOR|SECRET|SEMANTIC VIEW|SERVICE|SHARE|SNAPSHOT|STREAMLIT|TAG|WORKSPACE';
const PLURAL = KINDS.replaceAll('POLICY', 'POLICIES')
  .replaceAll('REPOSITORY', 'REPOSITORIES')
  .replaceAll('|', 'S|');

/** The first that fits wins. Each is documented under its statement at docs.snowflake.com/en/sql-reference-commands. */
const UNBUILT: Unbuilt[] = [
  { at: /^DEFINE [A-Z]/, what: 'DEFINE', why: 'DCM projects are not built' },
  {
    at: /^COPY FILES INTO /,
    what: 'COPY FILES',
    why: 'copying between stages is not built',
    instead: 'Use GET and PUT.',
  },
  {
    leading: /^(CREATE|ALTER|DROP|SHOW|DESC|DESCRIBE|UNDROP) /,
    at: new RegExp(
      `^(?:CREATE|ALTER|DROP|SHOW|DESC|DESCRIBE|UNDROP) (?:OR (?:REPLACE|ALTER) )?(?:SECURE )?(?:${KINDS})S?\\b`,
    ),
    ...kind('this kind of object'),
  },
  {
    at: /^CREATE (?:OR REPLACE )?(?:TEMP |TEMPORARY )?(?:SECURE )?AGGREGATE FUNCTION /,
    what: 'AGGREGATE FUNCTION',
    why: 'aggregates of users are not built',
  },
  {
    at: /^CREATE (?:OR REPLACE )?(?:LOCAL |GLOBAL )?(?:TEMP |TEMPORARY )?READ ONLY TABLE /,
    what: 'READ ONLY TABLE',
    why: 'all tables can be written',
  },
  {
    at: /^SHOW (?:WORKSPACES|MCP SERVERS|MODELS|NOTEBOOKS|SEMANTIC (?:FACTS|DIMENSIONS|METRICS)|(?:SERVICE|ENDPOINTS|RELEASE|CALLER|CLASSES|CHANNELS|REGIONS|REPLICATION|ORGANIZATION|MANAGED|DELEGATED|DATA METRIC|VERSIONS|SPECIFICATIONS|TELEMETRY|OFFERS|LISTINGS|AVAILABLE|BACKUP|SNAPSHOT|FEATURE|PROVISIONED|SCHEMAS IN LISTING)\b)/,
    ...kind('this SHOW'),
  },
  {
    at: /^(?:LET|RETURN|RAISE|FOR|WHILE|LOOP|REPEAT|IF|CASE|EXCEPTION|WHEN|DECLARE|END|OPEN|CLOSE|FETCH|AWAIT|CANCEL|BREAK|CONTINUE)(?: |$)/,
    ...SCRIPTING,
  },
  {
    at: /^(?:\w+) (?:CURSOR FOR|EXCEPTION \(|RESULTSET|(?:NUMBER|VARCHAR|STRING)[^;]* DEFAULT )/,
    ...SCRIPTING,
  },
  { leading: /^CREATE .*PROCEDURE/, at: /^(?:BEGIN|DECLARE) /, ...SCRIPTING },
  {
    leading: /^CREATE .*PROCEDURE/,
    at: /^(?:IN|OUT|INPUT|OUTPUT|INOUT) /,
    what: 'IN and OUT of arguments',
    why: 'they belong to SQL scripting, which is not built',
  },
  {
    leading: /^WITH /,
    at: /^PROCEDURE \(/,
    what: 'WITH … AS PROCEDURE',
    why: 'anonymous procedures are not built',
    instead: 'Create the procedure.',
  },
  { leading: /^SELECT /, at: /^INTO /, ...SCRIPTING },
  { leading: /^EXECUTE IMMEDIATE /, at: /^(?:USING \(|[A-Z_]+$|: |[A-Z_]+ USING \()/, ...SCRIPTING },
  {
    leading: /^EXECUTE IMMEDIATE FROM /,
    at: /^/,
    what: 'EXECUTE IMMEDIATE FROM',
    why: 'scripts on stages are not run',
    instead: 'Send the script.',
  },
  {
    leading: /^CREATE .*(?:TABLE|VIEW)|^ALTER TABLE/,
    at: /^(?:GENERATED ALWAYS AS|AS) \(/,
    what: 'GENERATED ALWAYS AS',
    why: 'computed columns are not built',
    instead: 'Compute them in a view.',
  },
  {
    leading: /^(?:CREATE|ALTER) .*TABLE/,
    at: /^CHECK \(/,
    what: 'CHECK',
    why: 'conditions of rows are not built',
  },
  {
    leading: /^(?:CREATE|ALTER) /,
    at: /^(?:WITH )?(?:TAG|CONTACT|(?:SET |UNSET )TAG|[A-Z]+ POLICY|ROW ACCESS POLICY|STORAGE LIFECYCLE POLICY|COPY TAGS) ?/,
    ...TAGS,
  },
  {
    leading: /^ALTER STREAM/,
    at: /^SET (?:TAG|APPEND_ONLY|INSERT_ONLY)/,
    what: 'ALTER STREAM … SET',
    why: 'only the comment of a stream can be changed',
    instead: 'Create the stream anew.',
  },
  {
    leading: /^CREATE .*DATABASE/,
    at: /^AS REPLICA OF /,
    what: 'AS REPLICA OF',
    why: 'replication is not built',
  },
  {
    leading: /^CREATE .*STREAM/,
    at: /^CLONE /,
    what: 'CLONE of a stream',
    why: 'a stream of the same offset is not built',
  },
  {
    leading: /^CREATE TABLE|^CREATE .*TABLE/,
    at: /^USING TEMPLATE/,
    what: 'USING TEMPLATE',
    why: 'tables are not made of files’ columns',
  },
  {
    leading: /^(?:GRANT|REVOKE) /,
    at: new RegExp(`^(?:${PLURAL}S|${KINDS})(?: |$)`),
    ...kind('GRANT and REVOKE on this kind of object'),
  },
  { leading: /^(?:GRANT|REVOKE) /, at: /^TO SHARE /, what: 'GRANT … TO SHARE', why: 'shares are not built' },
  {
    leading: /^(?:GRANT|REVOKE) (?:.* )?DATABASE ROLE /,
    at: /^/,
    what: 'DATABASE ROLE',
    why: 'database roles are not built',
    instead: 'Use account roles.',
  },
  {
    leading: /^COMMENT (?:IF EXISTS )?ON /,
    at: new RegExp(`^(?:${KINDS})(?: |$)`),
    ...kind('COMMENT ON this kind of object'),
  },
  {
    leading: /^COMMENT (?:IF EXISTS )?ON (?:FUNCTION|PROCEDURE) /,
    at: /^IS /,
    what: 'COMMENT ON a routine without its arguments',
    why: 'several may have the name',
    instead: 'Write the types of its arguments.',
  },
  {
    leading: /^SHOW GRANTS /,
    at: new RegExp(`^(?:${KINDS})(?: |$)`),
    ...kind('SHOW GRANTS of this kind of object'),
  },
  {
    leading: /^SET \(/,
    at: /^SELECT /,
    what: 'SET (…) = (SELECT …)',
    why: 'several variables are set by as many expressions',
    instead: 'Use one SET for each.',
  },
  { at: /^# /, what: '# as a comment', why: 'Snowflake has -- and /* */ for comments', instead: 'Write --.' },
  { at: /^\{ (?:FN|D|T|TS|CALL) /, what: 'an escape of ODBC', why: 'drivers translate it themselves' },
  {
    leading: /^(?:SELECT|WITH) /,
    at: /^(?:UN)?PIVOT \(/,
    what: 'a second PIVOT or UNPIVOT',
    why: 'one source is turned once',
    instead: 'Put the first into a subquery.',
  },
  {
    leading: /^DROP /,
    at: /^(?:CASCADE|RESTRICT)$/,
    what: 'CASCADE and RESTRICT',
    why: 'nothing here depends on the object',
  },
];

/**
 * The refusal by name that an error stands for, if it is a syntax error on grammar that is documented and not built;
 * the error itself otherwise.
 */
export function refuseByName(tokens: TokenStream | undefined, error: SnowflakeError): SnowflakeError {
  const { position } = error;
  if (!tokens || error.code !== '001003' || !position) return error;
  const place = tokens.tokens.findIndex(({ start }) => {
    const { line, character } = positionOf(tokens.text, start);
    return line === position.line && character === position.character;
  });
  if (place < 0) return error;
  const token = tokens.tokens[place]!;
  if (token.kind === 'string' && /^(azure|gcs):/i.test(token.value)) return refusal(CLOUD);
  if (place > 1 && tokens.tokens[place - 1]!.kind === 'variable' && tokens.tokens[place - 2]!.value === '=')
    return refusal({
      what: 'a session variable as the value of a property',
      why: 'properties are literals',
      instead: 'Write the value.',
    });
  const leading = showTokens(tokens.tokens.slice(0, 40));
  const at = showTokens(tokens.tokens.slice(place, place + 12));
  const found = UNBUILT.find((each) => (!each.leading || each.leading.test(leading)) && each.at.test(at));
  return found ? refusal(found) : error;
}

const refusal = ({ what, why, instead }: Pick<Unbuilt, 'what' | 'why' | 'instead'>): SnowflakeError =>
  localRefusal(what, why, instead);

const showTokens = (tokens: Token[]): string => tokens.map(({ value }) => value).join(' ');
