import { SnowflakeError } from '@local-cloud/snowflake/errors.js';
import { TokenStream } from '@local-cloud/snowflake/language/lexer.js';
import { parseExpression } from '@local-cloud/snowflake/language/parse-expression.js';
import { parseQuery } from '@local-cloud/snowflake/language/parse-query.js';
import { expect } from 'chai';
import fc from 'fast-check';

/** The tree as fully bracketed text. */
function bracketed(text: string): string {
  const show = (e: ReturnType<typeof parseExpression>): string => {
    switch (e.kind) {
      case 'binary':
        return `(${show(e.left)} ${e.op} ${show(e.right)})`;
      case 'unary':
        return `(${e.op} ${show(e.operand)})`;
      case 'cast':
        return `(${show(e.operand)}::${e.type.kind})`;
      case 'path':
        return `${show(e.base)}${e.steps.map((step) => (typeof step === 'string' ? `.${step}` : `[${show(step)}]`)).join('')}`;
      case 'column':
        return e.parts.join('.');
      case 'number':
        return e.text;
      case 'string':
        return `'${e.value}'`;
      case 'call':
        return `${e.name.join('.')}(${e.args.map(show).join(', ')})`;
      case 'between':
        return `(${show(e.operand)} BETWEEN ${show(e.low)} AND ${show(e.high)})`;
      default:
        return e.kind;
    }
  };
  return show(parseExpression(new TokenStream(text)));
}

describe('the query parser', () => {
  for (const [text, tree] of [
    ['1 + 2 * 3 - 4', '((1 + (2 * 3)) - 4)'],
    ['a or b and not c = 1', '(A OR (B AND (NOT (C = 1))))'],
    ['-a::int', '(- (A::NUMBER))'],
    ['v:a.b[0]::string', '(V.a.b[0]::TEXT)'],
    ['v:"A b".c', 'V.A b.c'],
    ['x between 1 and 2 and y', '((X BETWEEN 1 AND 2) AND Y)'],
    ["'a' || b || 1", "(('a' || B) || 1)"],
    ['db.s.f(1, left(a, 2))', 'DB.S.F(1, LEFT(A, 2))'],
    ['"q".x <> 1', '(q.X <> 1)'],
  ] as const)
    it(`reads ${text}`, () => {
      expect(bracketed(text)).to.equal(tree);
    });

  it('names the place of what it does not understand', () => {
    const wrong = (text: string) => {
      try {
        const tokens = new TokenStream(text);
        parseQuery(tokens);
        tokens.expectEnd();
      } catch (error) {
        return (error as SnowflakeError).message;
      }
      return undefined;
    };
    expect(wrong('select 1,\n  , from t')).to.contain("syntax error line 2 at position 2 unexpected ','");
    expect(wrong('select\n  from t')).to.contain("syntax error line 2 at position 2 unexpected 'from'");
    expect(wrong('select (1')).to.contain("unexpected '<EOF>'");
    expect(wrong("select 'abc")).to.contain('unterminated string literal');
    expect(wrong('select 1 from t where')).to.contain("unexpected '<EOF>'");
  });

  it('takes a comma behind the last column at every depth', () => {
    /** A query whose lists of columns end with what `comma` gives. */
    type Written = (comma: () => string) => string;
    const column = fc.constantFrom(
      'a',
      't.b AS "from"',
      "'x, from' c",
      'f(a, 1)',
      '*',
      'count(*) over (order by a)',
    );
    const { query } = fc.letrec<{ query: Written; source: Written }>((tie) => ({
      query: fc
        .tuple(fc.array(column, { minLength: 1, maxLength: 3 }), tie('source'), fc.option(tie('query')))
        .map(
          ([columns, source, other]): Written =>
            (comma) =>
              `SELECT ${columns.join(', ')}${comma()} FROM ${source(comma)}${other ? ` UNION ALL ${other(comma)}` : ''}`,
        ),
      source: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'query' },
        fc.constant<Written>(() => 't'),
        tie('query').map(
          (inner): Written =>
            (comma) =>
              `(${inner(comma)}) AS t`,
        ),
        tie('query').map(
          (inner): Written =>
            (comma) =>
              `t WHERE a IN (${inner(comma)}) AND (${inner(comma)}) = 1`,
        ),
      ),
    }));
    const tree = (text: string) => {
      const s = new TokenStream(text);
      const parsed = parseQuery(s);
      s.expectEnd();
      return JSON.stringify(parsed, (key, value) => (['at', 'end'].includes(key) ? undefined : value));
    };
    fc.assert(
      fc.property(query, fc.infiniteStream(fc.constantFrom('', ',', ' ,', ',\n\t')), (written, commas) => {
        const next = () => commas.next().value as string;
        expect(tree(written(next))).to.equal(tree(written(() => '')));
      }),
      { numRuns: 200 },
    );
  });

  it('ends with a tree or a syntax error for any text', () => {
    const word = fc.constantFrom(
      'select',
      'from',
      'where',
      '(',
      ')',
      ',',
      'a',
      't.b',
      '1',
      "'x'",
      '::',
      'int',
      ':',
      '*',
      'case',
      'when',
      'then',
      'end',
      'over',
      'partition by',
      'order by',
      'join',
      'on',
      '=>',
      '?',
      '$x',
      '@s',
      'not',
      'in',
      'like',
      '[',
      ']',
      '{',
      '}',
      'union',
      'with',
      'as',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 25 }).map((words) => `select ${words.join(' ')}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseQuery(new TokenStream(text));
        } catch (error) {
          expect(error).to.be.instanceOf(SnowflakeError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
