/** Reader of views: statements, and the schema that the views are in. */
export interface Reader {
  readonly snowflake: {
    query<R extends Record<string, unknown>>(
      sql: string,
      binds?: readonly (string | number | boolean | null)[],
    ): Promise<R[]>;
  };
  readonly settings: { readonly snowflake: { readonly database: string; readonly schema: string } };
}
