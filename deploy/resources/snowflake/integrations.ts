import { qualify } from '../../../procedures/ground/names.js';
import type { DeclaredIntegration } from '../../../procedures/object.js';
import { integrationValue } from '../../../procedures/watching/deployed/integrations.js';
import { itemAt } from '../../../udfs/require-value.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { readMarker } from '../../ground/marker.js';
import { counterpart } from '../../ground/private-name.js';
import type { Properties } from '../difference.js';
import { Omission } from '../omission.js';
import { readOnce } from '../reading.js';
import type { Resource, ResourceKind } from '../resource.js';
import { SQL_NOUNS, type SqlDefinition, type SqlKind } from './definition.js';
import { optionsOf } from './read-statement.js';
import { routineRows } from './routines.js';
import { showEach, showOrNothing, sqlKind } from './sql-kind.js';
import { isUnverified, placesOfRefused, VERIFY } from './unverified.js';

type Description = Readonly<Record<string, string>>;

/** Properties of DESCRIBE INTEGRATION by name; undefined when there is no such integration of ours. */
export async function describeIntegration(ctx: Context, name: string): Promise<Description | undefined> {
  return (await listIntegrations(ctx)).find((row) => row.name === name)?.described;
}

/** Lists integrations, and of ours what DESCRIBE does and to which roles each is granted. */
function listIntegrations(ctx: Context): Promise<(Row & { described?: Description })[]> {
  return readOnce(ctx, 'integrations', async () => {
    const categories = ['API', 'STORAGE', 'NOTIFICATION'].map((each) => `SHOW ${each} INTEGRATIONS`);
    const rows = (await showEach(ctx, categories)).flat();
    const markedRows = rows.filter((row) => readMarker(ctx.settings.prefix, row.comment).owner !== 'foreign');
    const details = await showEach(
      ctx,
      markedRows.flatMap(({ name }) => [
        `DESCRIBE INTEGRATION ${name}`,
        `SHOW GRANTS ON INTEGRATION ${name}`,
      ]),
    );
    return rows.map((row) => {
      const at = 2 * markedRows.indexOf(row);
      if (at < 0) return row;
      const described = itemAt(details, at).map(({ property, property_value: value }) => [
        String(property).toUpperCase(),
        String(value ?? ''),
      ]);
      return { ...row, described: Object.fromEntries(described), lent: rolesIn(itemAt(details, at + 1)) };
    });
  });
}

/** To which roles something is granted that is its owner's alone. */
export const LENT = 'granted to';

/** But for its owner's. */
const withoutOwner = (grants: readonly Row[]) => grants.filter(({ privilege }) => privilege !== 'OWNERSHIP');

const rolesIn = (grants: readonly Row[]): string =>
  [...new Set(withoutOwner(grants).map((row) => String(row.grantee_name)))].sort().join(', ');

/** Roles of others may have any name. */
const inQuotes = (name: string) => (name.startsWith('"') ? name : `"${name.replaceAll('"', '""')}"`);

/** To which roles an object is granted. @param object as GRANT names it, e.g. `FUNCTION F(OBJECT)` */
export async function lentTo(ctx: Context, object: string): Promise<string> {
  return rolesIn(await showOrNothing(ctx, `SHOW GRANTS ON ${object}`));
}

/** Properties by which an integration is as declared. */
const COMPARED = {
  'snowflake.api-integration': ['ENABLED', 'API_AWS_ROLE_ARN', 'API_ALLOWED_PREFIXES'],
  'snowflake.storage-integration': ['ENABLED', 'STORAGE_AWS_ROLE_ARN', 'STORAGE_ALLOWED_LOCATIONS'],
  'snowflake.notification-integration': ['ENABLED', 'ALLOWED_RECIPIENTS'],
} as const satisfies Partial<Record<SqlKind, readonly string[]>>;

/** Whose role may use one can lead functions and stages of its own through it, so no other is left the use of it. */
function integrationKind(id: keyof typeof COMPARED): ResourceKind<SqlDefinition> {
  const compared = COMPARED[id];
  const kind = sqlKind({
    id,
    definitionProperties: ({ create }) => ({ ...optionsOf(create), [LENT]: '' }),
    rows: listIntegrations,
    include: ({ category }) => SQL_NOUNS[id] === `${category} INTEGRATION`,
    live: (row): Properties => {
      const described = (row.described ?? {}) as Description;
      return {
        [LENT]: String(row.lent ?? ''),
        ...Object.fromEntries(compared.map((property) => [property, comparable(property, described)])),
      };
    },
  });
  return {
    ...kind,
    async update(ctx, resource, fingerprint, live) {
      const object = `INTEGRATION ${resource.name}`;
      const grants = live.properties?.[LENT] ? await showOrNothing(ctx, `SHOW GRANTS ON ${object}`) : [];
      for (const { privilege, grantee_name } of withoutOwner(grants))
        await ctx.snowflake.execute(
          `REVOKE ${privilege} ON ${object} FROM ROLE ${inQuotes(String(grantee_name))}`,
        );
      return kind.update(ctx, resource, fingerprint, live);
    },
  };
}

function comparable(property: string, described: Description): string | undefined {
  const value = described[property];
  return value === undefined ? undefined : integrationValue(property, value);
}

/** Integrations among resources, by what plan and monitoring compare of them. */
export function declaredIntegrations(resources: readonly Resource[]): DeclaredIntegration[] {
  return resources.flatMap(({ kind, name, definition }) => {
    const compared = COMPARED[kind as keyof typeof COMPARED];
    if (compared === undefined) return [];
    const options = optionsOf((definition as SqlDefinition).create);
    return [{ name, properties: Object.fromEntries(compared.map((each) => [each, options[each] ?? ''])) }];
  });
}

/** Kind of the notification integration, where Snowflake takes the recipients: all else is deployed without it. */
function mailKind(): ResourceKind<SqlDefinition> {
  const kind = integrationKind('snowflake.notification-integration');
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

/**
 * Lets external functions of the schema call through this API integration that call through its counterpart: those of versions too, which
 * no apply makes. https://docs.snowflake.com/en/sql-reference/sql/alter-function (SET API_INTEGRATION)
 */
export async function moveFunctions(ctx: Context, name: string): Promise<void> {
  const before = counterpart(name);
  if (!(await describeIntegration(ctx, before))) return;
  const rows = await routineRows(ctx, 'FUNCTION');
  for (const row of rows)
    if (row.IS_EXTERNAL === 'YES' && String(row.API_INTEGRATION).replaceAll('"', '') === before)
      await ctx.snowflake.execute(
        `ALTER FUNCTION ${qualify(ctx.settings, String(row.name))} SET API_INTEGRATION = ${name}`,
      );
}

/** Never replaced: that would change the external ID and break the trust. */
export const integrationKinds: ResourceKind<SqlDefinition>[] = [
  integrationKind('snowflake.api-integration'),
  integrationKind('snowflake.storage-integration'),
  mailKind(),
];
