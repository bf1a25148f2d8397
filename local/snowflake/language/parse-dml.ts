import type { Assignment, Delete, Insert, InsertValue, Merge, MergeClause, Source, Update } from './ast.js';
import type { TokenStream } from './lexer.js';
import { list, parseExpression } from './parse-expression.js';
import { parseAlias, parseQuery, parseTableName } from './parse-query.js';
import { parseFrom } from './parse-source.js';

function parseValue(s: TokenStream): InsertValue {
  return s.take('DEFAULT') ? undefined : parseExpression(s);
}

export function parseValues(s: TokenStream): InsertValue[] {
  s.expect('(');
  const values = list(s, parseValue);
  s.expect(')');
  return values;
}

export function parseColumnList(s: TokenStream): string[] | undefined {
  if (!s.is('(') || s.is('(', 'SELECT') || s.is('(', 'WITH')) return undefined;
  s.expect('(');
  const columns = list(s, () => s.name().at(-1)!);
  s.expect(')');
  return columns;
}

export function parseInsert(s: TokenStream): Insert {
  s.expect('INSERT');
  const overwrite = s.take('OVERWRITE');
  s.expect('INTO');
  s.take('TABLE');
  const table = parseTableName(s);
  const columns = parseColumnList(s);
  if (s.take('VALUES'))
    return { kind: 'insert', overwrite, table, columns, source: { values: list(s, parseValues) } };
  return { kind: 'insert', overwrite, table, columns, source: { query: parseQuery(s) } };
}

function parseAssignments(s: TokenStream): Assignment[] {
  return list(s, () => {
    const at = s.peek().start;
    const qualifier = s.name();
    const column = qualifier.pop()!;
    s.expect('=');
    return { column, qualifier, at, value: parseValue(s) };
  });
}

export function parseUpdate(s: TokenStream): Update {
  s.expect('UPDATE');
  const table = parseTableName(s);
  const alias = parseAlias(s);
  s.expect('SET');
  const set = parseAssignments(s);
  const from: Source[] = s.take('FROM') ? parseFrom(s) : [];
  const where = s.take('WHERE') ? parseExpression(s) : undefined;
  return { kind: 'update', table, alias, set, from, where };
}

export function parseDelete(s: TokenStream): Delete {
  s.expect('DELETE', 'FROM');
  const table = parseTableName(s);
  const alias = parseAlias(s);
  const using: Source[] = s.take('USING') ? parseFrom(s) : [];
  const where = s.take('WHERE') ? parseExpression(s) : undefined;
  return { kind: 'delete', table, alias, using, where };
}

export function parseMerge(s: TokenStream): Merge {
  s.expect('MERGE', 'INTO');
  const table = parseTableName(s);
  const alias = parseAlias(s);
  s.expect('USING');
  const sources = parseFrom(s);
  s.expect('ON');
  const on = parseExpression(s);
  const clauses: MergeClause[] = [];
  while (s.take('WHEN')) clauses.push(parseClause(s));
  if (clauses.length === 0 || sources.length !== 1) throw s.tokenError();
  return { kind: 'merge', table, alias, using: sources[0]!, on, clauses };
}

function parseClause(s: TokenStream): MergeClause {
  const matched = !s.take('NOT');
  s.expect('MATCHED');
  const condition = s.take('AND') ? parseExpression(s) : undefined;
  s.expect('THEN');
  if (!matched) {
    s.expect('INSERT');
    if (s.take('ALL', 'BY', 'NAME'))
      return { matched, condition, action: { kind: 'insert', values: 'ALL BY NAME' } };
    const columns = s.is('VALUES') ? undefined : parseColumnList(s);
    s.expect('VALUES');
    return { matched, condition, action: { kind: 'insert', columns, values: parseValues(s) } };
  }
  if (s.take('DELETE')) return { matched, condition, action: { kind: 'delete' } };
  s.expect('UPDATE');
  if (s.take('ALL', 'BY', 'NAME'))
    return { matched, condition, action: { kind: 'update', set: 'ALL BY NAME' } };
  s.expect('SET');
  return { matched, condition, action: { kind: 'update', set: parseAssignments(s) } };
}
