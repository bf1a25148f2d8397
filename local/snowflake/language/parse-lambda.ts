import type { DataType } from '../types/data-type.js';
import type { Expr } from './ast.js';
import type { TokenStream } from './lexer.js';
import { list, parseExpression } from './parse-expression.js';
import { parseType } from './parse-type.js';

/** `x -> …`, `x INT -> …` or `(x, y INT) -> …`; undefined if no lambda stands there. */
export function parseLambda(s: TokenStream): Expr | undefined {
  const at = s.peek().start;
  const arrow = arrowAhead(s);
  if (arrow === undefined) return undefined;
  const parameter = (): { name: string; type?: DataType } => {
    const name = s.identifier();
    const typed = !s.is(',') && !s.is(')') && !s.is('->');
    return typed ? { name, type: parseType(s) } : { name };
  };
  let parameters = [];
  if (s.take('(')) {
    parameters = list(s, parameter);
    s.expect(')');
  } else parameters = [parameter()];
  s.expect('->');
  const body = parseExpression(s);
  return { kind: 'lambda', parameters, body, at, end: body.end };
}

/** How many tokens stand before the `->` of a lambda's parameters. */
function arrowAhead(s: TokenStream): number | undefined {
  let depth = 0;
  for (let ahead = 0; ahead < 100; ahead++) {
    const token = s.peek(ahead);
    if (token.kind === 'end') return undefined;
    if (token.kind === 'operator') {
      if (token.value === '->' && depth === 0) return ahead;
      if (token.value === '(') depth++;
      else if (token.value === ')') {
        if (--depth < 0) return undefined;
      } else if (token.value !== ',' || depth === 0) return undefined;
    } else if (token.kind === 'string') return undefined;
  }
  return undefined;
}
