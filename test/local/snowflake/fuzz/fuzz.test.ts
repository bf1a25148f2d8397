import { expect } from 'chai';
import { recordedFacts } from '../facts/fact.js';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { chance, mutated } from './mutate.js';

/** How many statements: LOS_FUZZ=30000 for the long way, which also prints what is quick to see only then. */
const STATEMENTS = Number(process.env.LOS_FUZZ ?? 1500);
const SEED = Number(process.env.LOS_FUZZ_SEED ?? 7);
/** Words that only DuckDB, JavaScript or our own mistakes have. */
const FOREIGN =
  /\b(?:Binder|Parser|Catalog|Conversion|Invalid Input|Out of Range|INTERNAL|Constraint|Not implemented|Serialization|Permission|IO|Invalid Type|Mismatch Type) Error\b|duckdb|internal error|TypeError|RangeError|ReferenceError|Cannot read propert|is not a function|\bundefined\b|\bNaN ROWS|\n\s+at .*\.js:/i;
/** What would change the fuzzer's own ground: other sessions, users and databases. */
const KEPT =
  /\b(?:DROP|UNDROP|REPLACE)\s+(?:TRANSIENT\s+)?(?:DATABASE|SCHEMA|USER|ROLE|WAREHOUSE)\b|\bUSE\b|ALTER\s+(?:USER|ACCOUNT|WAREHOUSE|SESSION|DATABASE|SCHEMA)|SYSTEM\$|TASK|\b(?:PUT|GET)\s|CREATE\s+.*USER|\bREVOKE\b/i;

describe('statements made by chance', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  const seeds: string[] = [];

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.statement('CREATE DATABASE fuzz');
    await client.statement('CREATE WAREHOUSE fuzz_wh');
    const facts = Object.values(recordedFacts()).flat();
    const texts = new Set(facts.flatMap(({ setup = [], sql }) => [...setup, sql]));
    seeds.push(...[...texts].filter((sql) => !KEPT.test(sql) && !sql.includes('{dir}')));
    for (const { setup = [] } of facts)
      for (const sql of setup) if (!KEPT.test(sql)) await client.statement(sql).catch(() => undefined);
  });
  after(() => snowflake.close());

  it(`end in an answer or in an error with Snowflake's words (${STATEMENTS} of seed ${SEED})`, async () => {
    const random = chance(SEED);
    const foreign: string[] = [];
    let longest = { took: 0, sql: '' };
    let memory = 0;
    for (let count = 0; count < STATEMENTS; count++) {
      const sql = mutated(seeds, random);
      if (KEPT.test(sql)) continue;
      const started = Date.now();
      const error = await client.statement(sql).then(
        () => undefined,
        (caught: Error) => caught,
      );
      const took = Date.now() - started;
      if (took > longest.took) longest = { took, sql };
      memory = Math.max(memory, process.memoryUsage.rss());
      // The statement itself may be quoted, and what a procedure throws are JavaScript's words.
      const said = error?.message.replaceAll(sql, '').replace(/^JavaScript execution error: .*/s, '') ?? '';
      if (FOREIGN.test(said)) foreign.push(`${sql}\n  → ${said.slice(0, 300)}`);
      if (count % 500 === 0) await client.statement('ROLLBACK').catch(() => undefined);
    }
    if (process.env.LOS_FUZZ)
      console.log(
        `      longest ${longest.took} ms, ${Math.round(memory / 2 ** 20)} MB: ${longest.sql.slice(0, 300)}`,
      );
    expect(foreign.join('\n\n')).to.equal('');
    expect(await client.value('SELECT 1')).to.equal(1);
  });
});
