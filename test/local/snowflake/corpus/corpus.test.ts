import { expect } from 'chai';
import { aggregates } from './aggregates.js';
import { arrays } from './arrays.js';
import { bits } from './bits.js';
import { choices } from './choices.js';
import { conditional } from './conditional.js';
import { dateParts } from './date-parts.js';
import { dates } from './dates.js';
import { dml, multiTableInserts } from './dml.js';
import { encodings } from './encodings.js';
import { events } from './events.js';
import { groupings } from './groupings.js';
import { javascript, telemetry } from './javascript.js';
import { joins } from './joins.js';
import { json } from './json.js';
import { lambdas } from './lambdas.js';
import { numbers } from './numbers.js';
import { orderedAggregates } from './ordered-aggregates.js';
import { cellsOf, type Page } from './page.js';
import { pivots, queries } from './queries.js';
import { rankings } from './rankings.js';
import { regularExpressions } from './regular-expressions.js';
import { rounding } from './rounding.js';
import { semiStructured } from './semi-structured.js';
import { normalizing, session } from './session.js';
import { printed, sharedClient } from './shared.js';
import { strings } from './strings.js';
import { structured } from './structured.js';
import { texts } from './texts.js';
import { times } from './times.js';
import { windows } from './windows.js';

const subjects: Record<string, Page[]> = {
  arrays,
  bits,
  encodings,
  events,
  groupings,
  joins,
  lambdas,
  rankings,
  structured,
  texts,
  times,
  aggregates,
  choices,
  conditional,
  'date-parts': dateParts,
  dates,
  dml: [...multiTableInserts, ...dml],
  javascript: [...javascript, ...telemetry],
  json,
  numbers,
  'ordered-aggregates': orderedAggregates,
  queries: [...queries, ...pivots],
  'regular-expressions': regularExpressions,
  rounding,
  'semi-structured': semiStructured,
  session: [...session, ...normalizing],
  strings,
  windows,
};

/** True if an ORDER BY stands outside parentheses. */
function ordered(sql: string): boolean {
  let outside = sql;
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = outside.replace(/\([^()]*\)/g, '');
  }
  return /ORDER BY/i.test(outside);
}

const sorted = (rows: (string | null)[][]) => rows.map((row) => JSON.stringify(row)).sort();

for (const [subject, pages] of Object.entries(subjects))
  describe(`Snowflake's documentation, ${subject}`, () => {
    for (const { page, setup = [], examples, failing = [] } of pages)
      describe(page, () => {
        before(async () => {
          const client = await sharedClient();
          for (const statement of setup) await client.statement(statement);
        });
        for (const [sql, rows] of examples)
          it(sql.replace(/\s+/g, ' ').trim().slice(0, 150), async () => {
            const found = await printed(sql);
            const expected = cellsOf(rows);
            if (ordered(sql)) expect(found).to.deep.equal(expected);
            else expect(sorted(found)).to.deep.equal(sorted(expected));
          });
        for (const [sql, code, message] of failing)
          it(`${sql.replace(/\s+/g, ' ').slice(0, 140)} fails`, async () => {
            const error = await (await sharedClient()).error(sql);
            expect([error.code, error.message]).to.deep.equal([code, message]);
          });
      });
  });

it('holds at least 600 statements of the documentation', () => {
  const pages = Object.values(subjects).flat();
  const statements = pages.reduce(
    (sum, { examples, failing = [] }) => sum + examples.length + failing.length,
    0,
  );
  expect(statements).to.be.greaterThanOrEqual(600);
});
