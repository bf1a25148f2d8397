// Tag-based masking: one tag, a masking policy for each type of data, and the tag on columns of patients. Docs:
// user-guide/tag-based-masking-policies, sql-reference/functions/invoker_role, sql-reference/functions/policy_references.
import { qualify, schemaPath } from '../../../procedures/ground/names.js';
import {
  type Columns,
  findUndeclared,
  listDifferences,
  type MaskingDefinition,
  POLICY_TYPES,
  policyList,
  policyName,
  policyStatements,
  protectionSql,
  tagStatements,
} from '../../../procedures/records/masking.js';
import { refuseOtherRole } from '../../clients/missing-right.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { objectMarker } from '../../ground/marker.js';
import { AT_ONCE, limiter } from '../limiter.js';
import { defineKind, type LiveResource, type Resource } from '../resource.js';
import { grantsToRoles, summary } from './grants.js';
import { asReplaced, liveObjects, showEach, showOrNothing } from './sql-kind.js';

const VALUES = "'identifier', 'sensitive'";
/** In the place of a fingerprint while not all is set. */
const UNFINISHED = 'unfinished';

/** The resource is named after its tag. */
export const maskingKind = defineKind<MaskingDefinition>({
  id: 'snowflake.masking',

  definitionProperties: () => ({ needs: EDITION }),

  /** Before anything is made: an owner of another name would see nothing of its own rows. */
  refuseNew: (ctx) => refuseRole(ctx),

  async list(ctx, wanted) {
    // Grants are read anyway, and a tag of a deployment that no longer declares one belongs to the role that made it.
    if (wanted.length === 0 && !(await ownsTag(ctx))) return [];
    const rows = await asEnterprise(() =>
      showOrNothing(ctx, `SHOW TAGS IN SCHEMA ${schemaPath(ctx.settings)}`),
    );
    const found = liveObjects(ctx, rows, wanted, () => ({ needs: EDITION }), asReplaced);
    return await Promise.all(found.map((item) => withDrift(ctx, item, wanted)));
  },

  create: (ctx, resource, fingerprint) => bring(ctx, resource, fingerprint),

  update: (ctx, resource, fingerprint) => bring(ctx, resource, fingerprint),

  async remove(ctx, { name }) {
    const tag = qualify(ctx.settings, name);
    const policies = (await showOrNothing(ctx, `SHOW MASKING POLICIES IN SCHEMA ${schemaPath(ctx.settings)}`))
      .map((row) => String(row.name))
      .filter((policy) => POLICY_TYPES.some((type) => policyName(type) === policy));
    if (policies.length > 0) {
      // Set first, so that one that an interrupted removal has taken off already is no mistake.
      await ctx.snowflake.execute(`ALTER TAG ${tag} SET ${policyList(ctx.settings, policies)} FORCE`);
      await ctx.snowflake.execute(`ALTER TAG ${tag} UNSET ${policyList(ctx.settings, policies)}`);
    }
    for (const policy of policies)
      await ctx.snowflake.execute(`DROP MASKING POLICY ${qualify(ctx.settings, policy)}`);
    // "You can drop a tag … currently assigned to an object": it goes from the columns with it (sql-reference/sql/drop-tag).
    await ctx.snowflake.execute(`DROP TAG IF EXISTS ${tag}`);
  },
});

const EDITION = 'Snowflake’s Enterprise Edition or higher';

async function ownsTag(ctx: Context): Promise<boolean> {
  const granted = (await grantsToRoles(ctx)).get(ctx.settings.snowflake.roles.deploy) ?? [];
  return granted.some(({ granted_on: on, privilege }) => on === 'TAG' && privilege === 'OWNERSHIP');
}

/** @throws UserError where the edition of the account has no tags or masking policies */
async function asEnterprise<T>(work: () => Promise<T[]>): Promise<T[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SnowflakeError && /unsupported feature/i.test(error.message))) throw error;
    throw new UserError(`snowflake.masking needs ${EDITION}, and this account has none of it.`, {
      next: 'Leave snowflake.masking out, or have the account’s edition raised.',
      cause: error,
    });
  }
}

/** Why a session may not make the masks: what it owns would be masked for itself. */
const refuseRole = (ctx: Context) =>
  refuseOtherRole(
    ctx,
    `snowflake.masking shows values to ${ctx.settings.snowflake.roles.deploy} and its procedures alone`,
    ['deploy', 'plan'],
  );

/** @throws UserError that names the right which a refusal is about */
async function withRight<T>({ settings }: Context, right: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SnowflakeError && error.isBeyondRole)) throw error;
    throw new UserError(`snowflake.masking takes ${right}, which this role does not have.`, {
      next: `Let ACCOUNTADMIN run GRANT ${right} TO ROLE ${settings.snowflake.roles.deploy}; los bootstrap prints it.`,
      cause: error,
    });
  }
}

/** Makes, or sets right, tag, policies and tagged columns. Each step finds what an interrupted one has done. */
async function bring(
  ctx: Context,
  { name, definition }: Resource<MaskingDefinition>,
  fingerprint: string,
): Promise<undefined> {
  const { settings, snowflake } = ctx;
  const refused = await refuseRole(ctx);
  if (refused) throw refused;
  const tag = qualify(settings, name);
  const mark = (state: string) => `COMMENT = '${objectMarker(settings.prefix, state)}'`;
  const slots = limiter(AT_ONCE);
  const others = findUndeclared(definition, await readMasked(ctx, definition, name));
  const run = async (statements: readonly string[]) => {
    for (const sql of statements) await snowflake.execute(sql);
  };
  const making = `CREATE TAG, CREATE MASKING POLICY ON SCHEMA ${schemaPath(settings)}`;
  const [first = '', ...types] = POLICY_TYPES;
  const make = async () => {
    // Where the edition has none nothing is made; by the tag an interrupted change is found again.
    await run(policyStatements(settings, first, definition));
    await run([`CREATE TAG IF NOT EXISTS ${tag} ALLOWED_VALUES ${VALUES} ${mark(UNFINISHED)}`]);
    return await Promise.all(
      types.map((type) => slots(() => run(policyStatements(settings, type, definition)))),
    );
  };
  await asEnterprise(() => withRight(ctx, making, make));
  await withRight(ctx, 'APPLY MASKING POLICY ON ACCOUNT', () =>
    run([`ALTER TAG ${tag} SET ${policyList(settings, POLICY_TYPES.map(policyName))} FORCE`]),
  );
  await Promise.all(
    definition.objects.map((object) =>
      slots(() => run(tagStatements(settings, tag, object, others.get(object.name)))),
    ),
  );
  await run([`ALTER TAG ${tag} SET ${mark(fingerprint)}`]);
}

/** A live one with what differs from what is declared. */
async function withDrift(
  ctx: Context,
  item: LiveResource,
  wanted: readonly Resource<MaskingDefinition>[],
): Promise<LiveResource> {
  const definition = wanted.find(({ name }) => name === item.name)?.definition;
  if (!definition) return item;
  const [policies, masked] = await Promise.all([
    showEach(
      ctx,
      POLICY_TYPES.map((type) => `DESCRIBE MASKING POLICY ${qualify(ctx.settings, policyName(type))}`),
    ),
    readMasked(ctx, definition, item.name),
  ]);
  const bodies = policies.map(([policy]) => policy?.body);
  const all = listDifferences(definition, masked, bodies);
  return all.length === 0 ? item : { ...item, drift: summary(all) };
}

/** Columns that our tag protects, of the declared tables and views that are there. */
async function readMasked(ctx: Context, { objects }: MaskingDefinition, tag: string): Promise<Columns> {
  const columns = await showOrNothing(ctx, `SHOW COLUMNS IN SCHEMA ${schemaPath(ctx.settings)}`);
  const tableNames = new Set(columns.map((row) => row.table_name));
  const asked = objects.filter(({ name }) => tableNames.has(name));
  const found = new Map<string, string[]>();
  if (asked.length === 0) return found;
  for (const row of await ctx.snowflake.query<Row>(protectionSql(ctx.settings, asked))) {
    if (row.TAG_NAME !== tag) continue;
    const name = String(row.REF_ENTITY_NAME);
    found.set(name, [...(found.get(name) ?? []), String(row.REF_COLUMN_NAME)]);
  }
  return found;
}
