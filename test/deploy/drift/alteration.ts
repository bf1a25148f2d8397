import type { OpenContext } from '../../../deploy/open.js';

/** The REST API's id. */
export const API = 'aws.rest-api:los';

/** What a person does by hand, what the plan must name because of it, and what it must say. */
export interface Alteration {
  readonly what: string;
  alter(ctx: OpenContext): Promise<unknown>;
  readonly changes: readonly string[];
  /** Part of the reason or of a difference. */
  readonly says: RegExp;
}

/** Runs statements, as the person who alters. */
export const sql =
  (...statements: string[]) =>
  async (ctx: OpenContext) => {
    for (const statement of statements) await ctx.snowflake.execute(statement);
  };
