import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { readMarker } from '../../ground/marker.js';
import type { Properties } from '../difference.js';
import { Omission } from '../omission.js';
import type { ResourceKind } from '../resource.js';
import { SQL_NOUNS, type SqlDefinition, type SqlKind } from './definition.js';
import { optionsOf } from './read-statement.js';
import { showOrNothing, sqlKind } from './sql-kind.js';
import { isUnverified, placesOfRefused, VERIFY } from './unverified.js';

/** Properties of DESCRIBE INTEGRATION by name; undefined when there is no such integration. */
export async function describeIntegration(
  ctx: Pick<Context, 'snowflake'>,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  let rows: Row[];
  try {
    rows = await ctx.snowflake.query(`DESCRIBE INTEGRATION ${name}`);
  } catch (error) {
    if (error instanceof SnowflakeError && error.missingObject) return undefined;
    throw error;
  }
  return Object.fromEntries(
    rows.map((row) => [String(row.property).toUpperCase(), String(row.property_value ?? '')]),
  );
}

/** To which roles something is granted that is its owner's alone. */
export const LENT = 'granted to';

/** Grants on an object, but for its owner's. @param object as GRANT names it, e.g. `INTEGRATION LOS_API` */
async function grantsOn(ctx: Context, object: string): Promise<Row[]> {
  const rows = await showOrNothing(ctx, `SHOW GRANTS ON ${object}`);
  return rows.filter(({ privilege }) => privilege !== 'OWNERSHIP');
}

/** Roles of others may have any name. */
const inQuotes = (name: string) => (name.startsWith('"') ? name : `"${name.replaceAll('"', '""')}"`);

/** The same as one text. */
export async function lentTo(ctx: Context, object: string): Promise<string> {
  const grants = await grantsOn(ctx, object);
  return [...new Set(grants.map((row) => String(row.grantee_name)))].sort().join(', ');
}

/**
 * SHOW lists integrations, DESCRIBE tells what one of ours is set to. Whose role may use one can lead functions and stages of its own
 * through it, so no other is left the use of it.
 */
function integrationKind(
  id: Extract<SqlKind, `${string}-integration`>,
  compared: readonly string[],
): ResourceKind<SqlDefinition> {
  const kind = sqlKind({
    id,
    definitionProperties: ({ create }) => ({ ...optionsOf(create), [LENT]: '' }),
    async rows(ctx) {
      const rows = await showOrNothing(ctx, `SHOW ${SQL_NOUNS[id]}S`);
      return Promise.all(
        rows.map(async (row) =>
          readMarker(ctx.settings.prefix, row.comment).owner === 'foreign'
            ? row
            : {
                ...row,
                described: await describeIntegration(ctx, String(row.name)),
                lent: await lentTo(ctx, `INTEGRATION ${row.name}`),
              },
        ),
      );
    },
    live: (row): Properties => {
      const described = (row.described ?? {}) as Record<string, string>;
      return {
        [LENT]: String(row.lent ?? ''),
        ...Object.fromEntries(
          compared.map((property) => [property, normalize(property, described[property])]),
        ),
      };
    },
  });
  return {
    ...kind,
    async update(ctx, resource, fingerprint, live) {
      const object = `INTEGRATION ${resource.name}`;
      for (const { privilege, grantee_name } of live.properties?.[LENT] ? await grantsOn(ctx, object) : [])
        await ctx.snowflake.execute(
          `REVOKE ${privilege} ON ${object} FROM ROLE ${inQuotes(String(grantee_name))}`,
        );
      return kind.update(ctx, resource, fingerprint, live);
    },
  };
}

/** Lists come without blanks, words in any case. */
function normalize(property: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/PREFIXES|LOCATIONS|RECIPIENTS/.test(property))
    return value
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean)
      .join(', ');
  return /ARN/.test(property) ? value : value.toUpperCase();
}

/** What mails, where Snowflake takes the recipients: all else is deployed without it. */
function mailKind(): ResourceKind<SqlDefinition> {
  const kind = integrationKind('snowflake.notification-integration', ['ENABLED', 'ALLOWED_RECIPIENTS']);
  const orLeftOut = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SnowflakeError && isUnverified(error))) throw error;
      throw new Omission(
        `Snowflake does not mail alarms: of the addresses in mail.verified those at ${placesOfRefused(error)} are no verified user's, so there is no task that mails (los notify does).`,
        VERIFY,
        error,
      );
    }
  };
  return {
    ...kind,
    create: (...given) => orLeftOut(() => kind.create(...given)),
    update: (...given) => orLeftOut(() => kind.update(...given)),
  };
}

/** Never replaced: that would change the external ID and break the trust. */
export const integrationKinds: ResourceKind<SqlDefinition>[] = [
  integrationKind('snowflake.api-integration', ['ENABLED', 'API_AWS_ROLE_ARN', 'API_ALLOWED_PREFIXES']),
  integrationKind('snowflake.storage-integration', [
    'ENABLED',
    'STORAGE_AWS_ROLE_ARN',
    'STORAGE_ALLOWED_LOCATIONS',
  ]),
  mailKind(),
];
