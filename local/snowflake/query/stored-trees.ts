// Trees of texts that the catalog keeps: views, bodies of functions and policies, defaults of columns. Each statement binds them again,
// and to parse them takes as long as that.
import type { Expr, Query } from '../language/ast.js';
import { TokenStream } from '../language/lexer.js';
import { parseExpression } from '../language/parse-expression.js';
import { parseQuery, startsQuery } from '../language/parse-query.js';

/** Characters of the texts whose trees are kept, at most. */
const MOST = 500_000;

/** Of a function: a query, or an expression. */
type Body = { readonly query: Query } | { readonly expr: Expr };

/** The tree of a view's query. @throws SnowflakeError 001003 */
export const storedQuery = remember(parseQuery);

/** The tree of a policy's body, or of a default. @throws SnowflakeError 001003 */
export const storedExpression = remember(parseExpression);

/** The tree of a SQL function's body. @throws SnowflakeError 001003 */
export const storedBody = remember(
  (tokens): Body => (startsQuery(tokens) ? { query: parseQuery(tokens) } : { expr: parseExpression(tokens) }),
);

/**
 * A tree depends on nothing but its text: neither on the session nor on the catalog. It is frozen, as whatever binds it must leave it as
 * it is for the next one.
 */
function remember<T extends object>(parse: (tokens: TokenStream) => T): (text: string) => T {
  const trees = new Map<string, T>();
  let size = 0;
  return (text) => {
    const known = trees.get(text);
    if (known) return known;
    const tree = freeze(parse(new TokenStream(text)));
    trees.set(text, tree);
    size += text.length;
    for (const oldest of trees.keys()) {
      if (size <= MOST) break;
      trees.delete(oldest);
      size -= oldest.length;
    }
    return tree;
  };
}

function freeze<T extends object>(part: T): T {
  for (const value of Object.values(part)) if (typeof value === 'object' && value !== null) freeze(value);
  return Object.freeze(part);
}
