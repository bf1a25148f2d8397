/**
 * The SQL side of an entry file, held to its TypeScript side by the compiler:
 *
 *     export const signature = {
 *       name: 'LOS_DAY_OF', args: [['FEATURES', 'OBJECT']], returns: 'VARCHAR',
 *     } as const satisfies SqlSignature<typeof dayOf>;
 *
 * One SQL argument per parameter, in order, of a type whose values the parameter takes. Types that JavaScript
 * handlers refuse (NUMBER, TIME …) are compile errors, and so are names that Snowflake would not find again
 * because it upper-cases them.
 *
 * Types: docs.snowflake.com, "SQL-JavaScript data type mappings".
 */
export interface SqlSignature<F extends (...args: never[]) => unknown> {
  readonly name: Uppercase<string>;
  readonly args: SqlArguments<Parameters<F>>;
  readonly returns: SqlType<ReturnType<F>>;
  /** UDFs only; default VOLATILE. */
  readonly volatility?: 'IMMUTABLE' | 'VOLATILE';
  /** Default CALLED ON NULL INPUT: a parameter may then be null. */
  readonly nullInput?: 'CALLED ON NULL INPUT' | 'RETURNS NULL ON NULL INPUT';
  /** Procedures only; default OWNER. */
  readonly executeAs?: 'OWNER' | 'CALLER';
}

type SqlArguments<P extends readonly unknown[]> = {
  readonly [Position in keyof P]: readonly [name: Uppercase<string>, type: SqlType<P[Position]>];
};

/** The SQL types whose values arrive as a T, or that a T can be returned as. VARIANT takes anything. */
export type SqlType<T> = [T] extends [never]
  ? AnySqlType
  : unknown extends T
    ? AnySqlType
    : SqlTypeOf<NonNullable<T>>;

type SqlTypeOf<T> =
  | 'VARIANT'
  | ([T] extends [number]
      ? 'FLOAT'
      : [T] extends [string]
        ? 'VARCHAR'
        : [T] extends [boolean]
          ? 'BOOLEAN'
          : [T] extends [Date]
            ? 'DATE' | 'TIMESTAMP_NTZ' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ'
            : [T] extends [Uint8Array]
              ? 'BINARY'
              : [T] extends [readonly unknown[]]
                ? 'ARRAY'
                : [T] extends [object]
                  ? 'OBJECT'
                  : never);

type AnySqlType =
  | 'VARIANT'
  | 'FLOAT'
  | 'VARCHAR'
  | 'BOOLEAN'
  | 'DATE'
  | 'TIMESTAMP_NTZ'
  | 'TIMESTAMP_LTZ'
  | 'TIMESTAMP_TZ'
  | 'BINARY'
  | 'ARRAY'
  | 'OBJECT';

/** Declaration of a UDF; an entry file exports it as `object`, and that is all it takes to deploy one. */
export interface FunctionObject<F extends (...args: never[]) => unknown> {
  readonly signature: SqlSignature<F>;
  /** Who may use it: `read`, everybody who may ask for predictions; `run`, the pipeline. */
  readonly readers: 'read' | 'run';
  /** Only where the contract names dates of discharge that people expect. */
  readonly only?: 'expected';
  /** Names that it had in earlier releases; with the types of its arguments where these were others. */
  readonly formerly?: readonly string[];
}
