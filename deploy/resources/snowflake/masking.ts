// Tag-based masking: one tag, a masking policy for each type of data, and the tag on columns of patients. Docs:
// user-guide/tag-based-masking-policies, sql-reference/functions/invoker_role, sql-reference/functions/policy_references.
import { literal, qualify, schemaPath } from '../../../procedures/ground/names.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { objectMarker } from '../../ground/marker.js';
import { AT_ONCE, limiter } from '../limiter.js';
import { defineKind, type LiveResource, type Resource } from '../resource.js';
import { asReplaced, liveObjects, showEach, showOrNothing } from './sql-kind.js';

/** The resource is named after its tag. */
export interface MaskingDefinition {
  /** Roles that see values, as INVOKER_ROLE() names them. */
  readonly shownTo: readonly string[];
  readonly objects: readonly MaskedObject[];
}

export interface MaskedObject {
  readonly type: 'TABLE' | 'VIEW';
  readonly name: string;
  /** Columns as they stand in SQL, with the tag's value. */
  readonly columns: Readonly<Record<string, string>>;
}

/** "The tag can support one masking policy for each data type" (user-guide/tag-based-masking-policies). */
const TYPES = [
  'VARCHAR',
  'NUMBER',
  'FLOAT',
  'BOOLEAN',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
  'VARIANT',
  'OBJECT',
  'ARRAY',
] as const;

const VALUES = "'identifier', 'sensitive'";
/** In the place of a fingerprint while not all is set. */
const UNFINISHED = 'unfinished';

const policyName = (type: string) => `LOS_MASK_${type}`;

/**
 * The role that reads is asked for, not the session's: a view or procedure reads as its owner, so that figures and predictions are made of
 * true values (sql-reference/functions/invoker_role). It is compared by its name, for administrators inherit every role.
 */
function policyBody(shownTo: readonly string[]): string {
  return `CASE WHEN INVOKER_ROLE() IN (${shownTo.map(literal).join(', ')}) THEN VAL ELSE NULL END`;
}

export const maskingKind = defineKind<MaskingDefinition>({
  id: 'snowflake.masking',

  definitionProperties: () => ({ needs: EDITION }),

  /** Before anything is made: an owner of another name would see nothing of its own rows. */
  refuseNew: (ctx) => refuseRole(ctx),

  async list(ctx, wanted) {
    const rows = await asEnterprise(wanted.length > 0, () =>
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
      .filter((policy) => TYPES.some((type) => policyName(type) === policy));
    if (policies.length > 0) {
      // Set first, so that one that an interrupted removal has taken off already is no mistake.
      await ctx.snowflake.execute(`ALTER TAG ${tag} SET ${policyList(ctx, policies)} FORCE`);
      await ctx.snowflake.execute(`ALTER TAG ${tag} UNSET ${policyList(ctx, policies)}`);
    }
    for (const policy of policies)
      await ctx.snowflake.execute(`DROP MASKING POLICY ${qualify(ctx.settings, policy)}`);
    // "You can drop a tag … currently assigned to an object": it goes from the columns with it (sql-reference/sql/drop-tag).
    await ctx.snowflake.execute(`DROP TAG IF EXISTS ${tag}`);
  },
});

const EDITION = 'Snowflake’s Enterprise Edition or higher';

/** @throws UserError where the edition of the account has no tags or masking policies */
async function asEnterprise<T>(wanted: boolean, work: () => Promise<T[]>): Promise<T[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SnowflakeError && /unsupported feature/i.test(error.message))) throw error;
    if (!wanted) return [];
    throw new UserError(`snowflake.masking needs ${EDITION}, and this account has none of it.`, {
      next: 'Leave snowflake.masking out, or have the account’s edition raised.',
      cause: error,
    });
  }
}

/** Why a session may not make the masks: what it owns would be masked for itself. */
async function refuseRole({ snowflake, settings }: Context): Promise<Error | undefined> {
  const { deploy, plan } = settings.snowflake.roles;
  const [row] = await snowflake.query('SELECT CURRENT_ROLE() AS NAME');
  const name = String(row?.NAME);
  if (name === deploy || name === plan) return undefined;
  return new UserError(
    `snowflake.masking shows values to ${deploy} and its procedures, and this session, whose role would own them, has ${name}.`,
    { next: `Set SNOWFLAKE_ROLE=${deploy} for los apply. los bootstrap makes the role.` },
  );
}

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
  const body = policyBody(definition.shownTo);
  const beyond = await readBeyond(ctx, definition, name);
  const making = `CREATE TAG, CREATE MASKING POLICY ON SCHEMA ${schemaPath(settings)}`;
  const makePolicy = async (type: string) => {
    const policy = qualify(settings, policyName(type));
    await snowflake.execute(
      `CREATE MASKING POLICY IF NOT EXISTS ${policy} AS (VAL ${type}) RETURNS ${type} -> ${body} COMMENT = 'What columns of patients show, and to whom'`,
    );
    await snowflake.execute(`ALTER MASKING POLICY ${policy} SET BODY -> ${body}`);
  };
  const make = async () => {
    // Where the edition has none nothing is made; by the tag an interrupted change is found again.
    await makePolicy(TYPES[0]);
    await snowflake.execute(`CREATE TAG IF NOT EXISTS ${tag} ALLOWED_VALUES ${VALUES} ${mark(UNFINISHED)}`);
    return await Promise.all(TYPES.slice(1).map((type) => slots(() => makePolicy(type))));
  };
  await asEnterprise(true, () => withRight(ctx, making, make));
  await withRight(ctx, `APPLY MASKING POLICY ON ACCOUNT`, () =>
    snowflake.execute(`ALTER TAG ${tag} SET ${policyList(ctx, TYPES.map(policyName))} FORCE`),
  );
  await Promise.all(
    definition.objects.flatMap((object) => {
      const set = Object.entries(object.columns).map(
        ([column, value]) => `COLUMN ${column} SET TAG ${tag} = ${literal(value)}`,
      );
      const unset = (beyond.get(object.name) ?? []).map((column) => `COLUMN ${column} UNSET TAG ${tag}`);
      return [set, unset]
        .filter((changes) => changes.length > 0)
        .map((changes) =>
          slots(() =>
            snowflake.execute(
              `ALTER ${object.type} ${qualify(settings, object.name)} MODIFY ${changes.join(', ')}`,
            ),
          ),
        );
    }),
  );
  await snowflake.execute(`ALTER TAG ${tag} SET ${mark(fingerprint)}`);
}

const policyList = ({ settings }: Context, names: readonly string[]): string =>
  names.map((name) => `MASKING POLICY ${qualify(settings, name)}`).join(', ');

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
      TYPES.map((type) => `DESCRIBE MASKING POLICY ${qualify(ctx.settings, policyName(type))}`),
    ),
    readMasked(ctx, definition, item.name),
  ]);
  const body = policyBody(definition.shownTo);
  const changed = TYPES.flatMap((type, i) =>
    plain(policies[i]?.[0]?.body) === plain(body) ? [] : [`${policyName(type)} is not as declared`],
  );
  const open = definition.objects.flatMap(({ name, columns }) =>
    Object.keys(columns)
      .filter((column) => !masked?.get(name)?.includes(unquote(column)))
      .map((column) => `${name}.${column} is not masked`),
  );
  const beyond = [...beyondOf(definition, masked)].flatMap(([name, columns]) =>
    columns.map((column) => `${name}.${column} is masked`),
  );
  const all = [...changed, ...open, ...beyond];
  if (all.length === 0) return item;
  const more = all.length - MOST_NAMED;
  return {
    ...item,
    drift: all.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : ''),
  };
}

const MOST_NAMED = 5;
const plain = (body: unknown) =>
  String(body ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim();
const unquote = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

/** Columns by table or view that our tag protects, of the declared ones that are there. */
async function readMasked(
  ctx: Context,
  { objects }: MaskingDefinition,
  tag: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { settings } = ctx;
  const there = new Set(
    (await showOrNothing(ctx, `SHOW COLUMNS IN SCHEMA ${schemaPath(settings)}`)).map((row) =>
      String(row.table_name),
    ),
  );
  const found = new Map<string, string[]>();
  const asked = objects.filter(({ name }) => there.has(name));
  if (asked.length === 0) return found;
  const rows = await ctx.snowflake.query<Row>(
    asked
      .map(
        ({ type, name }) =>
          `SELECT REF_ENTITY_NAME, REF_COLUMN_NAME, TAG_NAME FROM TABLE(${settings.snowflake.database}.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => '${qualify(settings, name)}', REF_ENTITY_DOMAIN => '${type}'))`,
      )
      .join(' UNION ALL '),
  );
  for (const { REF_ENTITY_NAME, REF_COLUMN_NAME, TAG_NAME } of rows) {
    if (TAG_NAME !== tag) continue;
    const name = String(REF_ENTITY_NAME);
    found.set(name, [...(found.get(name) ?? []), String(REF_COLUMN_NAME)]);
  }
  return found;
}

/** Protected columns that are not declared. */
function beyondOf(
  { objects }: MaskingDefinition,
  masked: ReadonlyMap<string, readonly string[]>,
): Map<string, string[]> {
  return new Map(
    objects.flatMap(({ name, columns }): [string, string[]][] => {
      const declared = Object.keys(columns).map(unquote);
      const beyond = (masked.get(name) ?? []).filter((column) => !declared.includes(column));
      return beyond.length > 0 ? [[name, beyond]] : [];
    }),
  );
}

async function readBeyond(ctx: Context, definition: MaskingDefinition, tag: string) {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const beyond = beyondOf(definition, await readMasked(ctx, definition, tag));
  return new Map([...beyond].map(([name, columns]) => [name, columns.map(quote)]));
}
