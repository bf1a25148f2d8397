import type { DuckDBConnection, DuckDBScalarFunction } from '@duckdb/node-api';

/** Makes a function under a name. */
type Make = (name: string) => DuckDBScalarFunction;

/** The JavaScript functions that every connection of a database can call, by name → when they became known. */
export class KnownFunctions {
  private readonly since = new Map<string, number>();
  private clock = 0;
  private variants = 0;

  now(): number {
    return ++this.clock;
  }

  add(name: string): void {
    this.since.set(name, this.now());
  }

  /** Whether a transaction that began then sees the function. */
  hasSeen(name: string, began: number): boolean {
    const since = this.since.get(name);
    return since !== undefined && since < began;
  }

  has(name: string): boolean {
    return this.since.has(name);
  }

  /** A name that no other transaction takes. */
  variantOf(name: string): string {
    return `${name}_in${++this.variants}`;
  }
}

/**
 * The JavaScript functions of one connection. In DuckDB a function is registered within the connection's
 * transaction: it goes with a rollback, and no other connection sees it before the commit. So one that is first needed
 * inside a transaction gets a name of its own there, and its proper one when the transaction has ended.
 */
export class Functions {
  /** Registered in the open transaction: proper name → name there. */
  private readonly within = new Map<string, { variant: string; make: Make }>();
  private began: number | undefined;

  constructor(
    private readonly duckdb: DuckDBConnection,
    private readonly known: KnownFunctions,
  ) {}

  /**
   * @param name its proper name, one for each behaviour
   * @returns the name under which SQL of this connection calls it now
   */
  register(name: string, make: Make): string {
    if (this.began === undefined) {
      if (!this.known.has(name)) this.publish(name, make);
      return name;
    }
    if (this.known.hasSeen(name, this.began)) return name;
    const variant = this.within.get(name)?.variant ?? this.known.variantOf(name);
    if (!this.within.has(name)) {
      this.duckdb.registerScalarFunction(make(variant));
      this.within.set(name, { variant, make });
    }
    return variant;
  }

  begin(): void {
    this.began = this.known.now();
  }

  end(): void {
    this.began = undefined;
    for (const [name, { make }] of this.within) if (!this.known.has(name)) this.publish(name, make);
    this.within.clear();
  }

  /** Between a rollback and the transaction that makes the same writes again: their functions are there again. */
  beginAgain(): void {
    this.begin();
    for (const { variant, make } of this.within.values()) this.duckdb.registerScalarFunction(make(variant));
  }

  private publish(name: string, make: Make): void {
    this.duckdb.registerScalarFunction(make(name));
    this.known.add(name);
  }
}
