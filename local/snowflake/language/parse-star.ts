import type { Star } from './ast.js';
import type { TokenStream } from './lexer.js';
import { list, parseExpression } from './parse-expression.js';

/** `*` and what may follow it: ILIKE, EXCLUDE, REPLACE, RENAME. The qualifier is read already. */
export function parseStar(s: TokenStream, of?: string[]): Star {
  s.expect('*');
  const star: Star = { exclude: [], replace: [], rename: [], of };
  const group = <T>(item: () => T): T[] => {
    if (!s.take('(')) return [item()];
    const items = list(s, item);
    s.expect(')');
    return items;
  };
  if (s.take('ILIKE')) star.ilike = s.string();
  if (s.take('EXCLUDE')) star.exclude = group(() => s.identifier());
  const parseAlias = () => {
    const expr = parseExpression(s);
    s.expect('AS');
    return { expr, name: s.identifier() };
  };
  if (s.is('REPLACE', '(')) {
    s.take('REPLACE');
    star.replace = group(parseAlias);
  }
  const parseRename = () => {
    const from = s.identifier();
    s.expect('AS');
    return { from, to: s.identifier() };
  };
  if (s.is('RENAME', '(') || (s.is('RENAME') && s.peek(2).value === 'AS')) {
    s.take('RENAME');
    star.rename = group(parseRename);
  }
  return star;
}
