import { localRefusal } from '../errors.js';
import type { Expr, Join, Sample, Source, TableAlias } from './ast.js';
import type { TokenStream } from './lexer.js';
import { parseCall } from './parse-call.js';
import { list, parseExpression } from './parse-expression.js';
import { parsePivot } from './parse-pivot.js';
import { parsePrimary } from './parse-primary.js';
import { parseQuery, parseRow, parseTableName, startsQuery } from './parse-query.js';
import { nameAfterAs, RESERVED } from './reserved.js';

const MOST_JOINS = 40;

/** The comma-separated sources behind FROM or USING. */
export function parseFrom(s: TokenStream): Source[] {
  return list(s, parseJoins);
}

function parseJoins(s: TokenStream): Source {
  let left = parseSource(s);
  for (let joins = 0; ; joins++) {
    if (joins > MOST_JOINS)
      throw localRefusal(
        `more than ${MOST_JOINS} joins in one FROM`,
        'the order of so many takes too long to find',
        'Join parts of them in WITH queries.',
      );
    const natural = s.take('NATURAL');
    const type = joinType(s);
    if (!type) {
      if (natural) throw s.tokenError();
      return left;
    }
    const right = parseSource(s);
    const join: Join = { type, natural, left, right };
    if (type === 'ASOF') {
      s.expect('MATCH_CONDITION', '(');
      join.match = parseExpression(s);
      s.expect(')');
    }
    if (type !== 'CROSS' && !natural) {
      if (s.take('ON')) join.on = parseExpression(s);
      else if (s.take('USING', '(')) {
        join.using = list(s, () => s.identifier());
        s.expect(')');
      }
    }
    left = { kind: 'join', join, at: left.at };
  }
}

function joinType(s: TokenStream): Join['type'] | undefined {
  for (const ahead of [0, 1, 2])
    if (s.peek(ahead).value === 'DIRECTED' && s.peek(ahead + 1).value === 'JOIN')
      throw localRefusal('DIRECTED JOIN', 'joins are in no order that could be kept', 'Write JOIN.');
  if (s.take('ASOF', 'JOIN')) return 'ASOF';
  if (s.take('JOIN') || s.take('INNER', 'JOIN')) return 'INNER';
  if (s.take('CROSS', 'JOIN')) return 'CROSS';
  for (const type of ['LEFT', 'RIGHT', 'FULL'] as const)
    if (s.take(type, 'JOIN') || s.take(type, 'OUTER', 'JOIN')) return type;
  return undefined;
}

function parseSource(s: TokenStream): Source {
  const source = parseBareSource(s);
  if (s.is('AT', '(') || s.is('BEFORE', '(') || s.is('CHANGES', '('))
    throw localRefusal('Time Travel', 'tables keep no past versions');
  if (s.is('MATCH_RECOGNIZE', '('))
    throw localRefusal(
      'MATCH_RECOGNIZE',
      'patterns over rows are not built',
      'Use LAG, LEAD and CONDITIONAL_TRUE_EVENT.',
    );
  source.pivot = parsePivot(s);
  source.alias = parseTableAlias(s) ?? source.alias;
  source.sample = parseSample(s);
  return source;
}

function parseBareSource(s: TokenStream): Source {
  const at = s.peek().start;
  const lateral = s.take('LATERAL');
  if (s.is('(')) {
    if (startsSubquery(s)) {
      s.expect('(');
      if (s.take('VALUES')) {
        const rows = list(s, parseRow);
        const alias = parseTableAlias(s);
        s.expect(')');
        return { kind: 'values', rows, alias, at };
      }
      const query = parseQuery(s);
      s.expect(')');
      return { kind: 'query', query, lateral, at };
    }
    s.expect('(');
    const inner = parseJoins(s);
    s.expect(')');
    return inner;
  }
  if (s.take('VALUES')) return { kind: 'values', rows: list(s, parseRow), at };
  if (s.is('TABLE', '(')) {
    s.expect('TABLE', '(');
    const start = s.peek().start;
    if (s.peek().kind === 'string' || s.peek().kind === 'variable' || s.is('?') || s.is(':')) {
      const identifier = parseExpression(s);
      s.expect(')');
      return { kind: 'table', name: { identifier, at: start }, at };
    }
    const name = s.name();
    const call = parseCall(s, name, start);
    s.expect(')');
    return { kind: 'function', call, at };
  }
  if (s.is('DIRECTORY', '(', '@'))
    throw localRefusal('DIRECTORY(@stage)', 'directory tables are not built', 'LIST the stage.');
  const token = s.peek();
  if (s.is('@') || (token.kind === 'string' && token.value.startsWith('@'))) return parseStage(s);
  if (lateral || s.is('FLATTEN', '(')) return { kind: 'function', call: parseCall(s, s.name(), at), at };
  return { kind: 'table', name: parseTableName(s), at };
}

/** What goes on with a query whose first part stands in parentheses; anything else goes on with a join. */
const GOES_ON = new Set(['UNION', 'EXCEPT', 'MINUS', 'INTERSECT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH']);

/**
 * Whether the parenthesis that comes next holds a query, and not joined sources of which the first is one:
 * `((SELECT …) UNION …)` and `((SELECT …) AS x JOIN …)` differ only behind the inner parenthesis.
 */
function startsSubquery(s: TokenStream): boolean {
  if (!startsQuery(s)) return false;
  for (let ahead = 0; s.peek(ahead + 1).value === '('; ahead++) {
    const behind = s.peek(closingAhead(s, ahead + 1) + 1);
    if (behind.value !== ')') return behind.kind === 'word' && GOES_ON.has(behind.value);
  }
  return true;
}

/** How far ahead the parenthesis closes that opens so far ahead. */
function closingAhead(s: TokenStream, opens: number): number {
  let depth = 0;
  for (let ahead = opens; ; ahead++) {
    const { kind, value } = s.peek(ahead);
    if (kind === 'end') return ahead;
    if (kind !== 'operator') continue;
    if (value === '(') depth++;
    else if (value === ')' && --depth === 0) return ahead;
  }
}

/** `@stage/path (FILE_FORMAT => …, PATTERN => …)`; the location runs to the next space, comma or parenthesis. */
function parseStage(s: TokenStream): Source {
  const at = s.peek().start;
  const location = s.location();
  const options: { name: string; value: ReturnType<typeof parseExpression> }[] = [];
  if (s.take('(')) {
    list(s, () => {
      const name = s.identifier();
      s.expect('=>');
      options.push({ name, value: parseExpression(s) });
    });
    s.expect(')');
  }
  return { kind: 'stage', location, options, at };
}

/** An alias may be a word that also starts a clause behind a table; those are not taken for one. */
const CLAUSES = new Set([
  'MATCH_CONDITION',
  'AT',
  'BEFORE',
  'CHANGES',
  'PIVOT',
  'UNPIVOT',
  'MATCH_RECOGNIZE',
]);

function parseTableAlias(s: TokenStream): TableAlias | undefined {
  const token = s.peek();
  if (!s.take('AS')) {
    const bare = token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.value));
    if (!bare || (CLAUSES.has(token.value) && s.peek(1).value === '(') || s.is('ASOF', 'JOIN'))
      return undefined;
  }
  const alias: TableAlias = { name: nameAfterAs(s) };
  if (s.take('(')) {
    alias.columns = list(s, () => s.identifier());
    s.expect(')');
  }
  return alias;
}

/** A number, or a bind or variable that is one. */
function parseAmount(s: TokenStream): Expr {
  const { kind } = s.peek();
  if (kind !== 'number' && kind !== 'variable' && !s.is('?') && !s.is(':')) throw s.tokenError();
  return parsePrimary(s);
}

function parseSample(s: TokenStream): Sample | undefined {
  if (!s.take('SAMPLE') && !s.take('TABLESAMPLE')) return undefined;
  const block = s.take('BLOCK') || s.take('SYSTEM');
  if (!block && !s.take('BERNOULLI')) s.take('ROW');
  s.expect('(');
  const amount = parseAmount(s);
  const rows = s.take('ROWS');
  s.expect(')');
  const sample: Sample = { method: block ? 'BLOCK' : 'BERNOULLI', rows, amount };
  if (s.take('SEED', '(') || s.take('REPEATABLE', '(')) {
    sample.seed = parseAmount(s);
    s.expect(')');
  }
  return sample;
}
