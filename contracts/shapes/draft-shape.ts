import type { Context } from '../../deploy/context.js';
import { UserError } from '../../deploy/errors.js';
import { RESERVED_WORDS } from '../../procedures/dataset/column-rules.js';
import type { Table } from '../../report/mail/events.js';
import { requireValue } from '../../udfs/require-value.js';
import { draftFromOrigin } from '../drafting/draft-contract.js';
import type { DraftContract, Hints } from '../drafting/types.js';
import { findTables } from './find-tables.js';
import { type Kind, kindsTable, nameKind } from './kinds.js';
import { optionsOf, RESULTS, readShape, type Shape, type ShapeName } from './shape.js';
import { shapeSql } from './shape-sql.js';

/** Request for a shape. */
export interface ShapeRequest {
  readonly shape: ShapeName;
  /** DATABASE.SCHEMA with its tables; left out: los's own schema. */
  readonly source?: string;
  /** Name of the dataset; left out: the shape's name. */
  readonly name?: string;
  /** `KEY=VALUE` each. */
  readonly set?: readonly string[];
}

/** A draft, which visits there are, and the shape's other SELECTs. */
export interface DraftOfShape {
  readonly drafted: DraftContract;
  readonly kinds: Table;
  /** The SELECTs of moves, planned admissions and events, where the shape has them: name → text. */
  readonly more: Readonly<Record<string, string>>;
}

/**
 * Writes a first contract of tables in a standard shape: its `query:` joins them.
 * @throws UserError where a table is missing, an option is none, or nothing in the tables is a stay
 */
export async function draftShape(
  ctx: Context,
  request: ShapeRequest,
  hints: Hints = {},
): Promise<DraftOfShape> {
  const shape = readShape(request.shape);
  const options = optionsOf(shape, request.set ?? []);
  const source = qualifiedSchema(ctx, request.source);
  const tables = await findTables(ctx.snowflake, shape, source);
  const texts = Object.fromEntries(
    RESULTS.flatMap((result) => {
      const sql = shapeSql(shape, result, tables, options, ctx.settings.timeZone);
      return sql === undefined ? [] : [[result, sql]];
    }),
  );
  const { admissions, kinds: kindsQuery, ...more } = texts;
  const kinds = await ctx.snowflake.query<Kind>(requireValue(kindsQuery, `kinds of ${shape.title}`));
  const table = kindsTable(shape, kinds);
  if (kinds.every(({ STAYS }) => Number(STAYS) === 0))
    throw new UserError(
      `Nothing in ${source} counts as a stay: ${kinds.map(({ KIND }) => nameKind(shape, KIND)).join(', ') || 'there are no visits'}.`,
      {
        next: `Say which are stays: ${Object.keys(shape.options).includes('stays') ? '--set stays=…' : '--set notStays=…'}.`,
      },
    );
  const query = requireValue(admissions, `admissions of ${shape.title}`);
  const known = { id: 'STAY_ID', patient: 'PATIENT_ID', notes: notesOf(shape, request, source) };
  const drafted = await draftFromOrigin(
    ctx,
    { query },
    { ...known, ...hints },
    request.name ?? request.shape,
  );
  return { drafted, kinds: table, more };
}

function qualifiedSchema(ctx: Context, source: string | undefined): string {
  const { database, schema } = ctx.settings.snowflake;
  if (source === undefined) return `${database}.${schema}`;
  const parts = source.toUpperCase().split('.');
  if (
    parts.length > 2 ||
    !parts.every((part) => /^[A-Z_][A-Z0-9_$]*$/.test(part) && !RESERVED_WORDS.has(part))
  )
    throw new UserError(`--source ${source} is no schema.`, {
      next: 'Write DATABASE.SCHEMA, the schema with the tables.',
    });
  return parts.length === 2 ? parts.join('.') : `${database}.${parts[0]}`;
}

/** Notes on where the query comes from, and what a person has to know about the shape. */
function notesOf(shape: Shape, { shape: name, set = [] }: ShapeRequest, source: string): string[] {
  const options = set
    .map((each) => ` --set ${/^[\w=,.-]+$/.test(each) ? each : JSON.stringify(each)}`)
    .join('');
  return [
    `The query was written by los dataset init --shape ${name} --source ${source}${options}.`,
    ...(shape.notes ?? []),
  ];
}
