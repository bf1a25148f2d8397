import { SnowflakeError } from '../errors.js';
import type { TokenStream } from '../language/lexer.js';

/**
 * The clauses between RETURNS and AS stand in one order (docs: sql/create-function, sql/create-procedure), each at
 * most once; another order is a syntax error in an account. Clauses that exclude each other share a place.
 */
const PLACES: Record<string, number> = {
  LANGUAGE: 0,
  CALLED: 1,
  RETURNS: 1,
  STRICT: 1,
  VOLATILE: 2,
  IMMUTABLE: 2,
  MEMOIZABLE: 3,
  IMPORTS: 4,
  COMMENT: 5,
  EXECUTE: 6,
};

/** Watches over the order of a routine's clauses while they are read. */
export class ClauseOrder {
  private last = -1;

  /** @throws SnowflakeError 001003 if the next clause should have stood before the last one */
  check(tokens: TokenStream): void {
    const place = PLACES[tokens.peek().value];
    if (place === undefined) return;
    if (place <= this.last) throw tokens.tokenError();
    this.last = place;
  }
}

/** IMPORTS belong to languages whose handlers come in files. */
export function refuseImports(): SnowflakeError {
  return new SnowflakeError(
    '002112',
    '42601',
    'SQL compilation error:\nJAVASCRIPT and SQL handlers take no dependency import list.',
  );
}
