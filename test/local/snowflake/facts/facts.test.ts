import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { type Fact, knownDisagreements, type Outcome, recordedFacts, verdictOf } from './fact.js';

/** Statements after which a session is another one. */
const SESSION = /^\s*(SET\b|ALTER SESSION|BEGIN|START TRANSACTION|USE\b|COMMIT|ROLLBACK)/i;

describe('recorded facts about accounts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'));
  const excuses = knownDisagreements();
  let snowflake: TestSnowflake;
  let client: Client | undefined;
  let count = 0;

  before(async () => {
    snowflake = await withSnowflake();
    client = await connected();
    await client.statement('CREATE DATABASE facts');
    await client.statement('CREATE WAREHOUSE facts_wh');
  });
  after(async () => {
    await snowflake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const connected = () => snowflake.connect({});

  async function outcomeOf(fact: Fact): Promise<Outcome> {
    client ??= await connected();
    const place = join(folder, String(++count));
    await client.statement('USE WAREHOUSE facts_wh');
    await client.statement(`CREATE SCHEMA facts.f${count}`);
    await client.statement(`USE SCHEMA facts.f${count}`);
    if (fact.files) mkdirSync(place);
    for (const [name, text] of Object.entries(fact.files ?? {})) writeFileSync(join(place, name), text);
    const run = (sql: string) => executed(client!, sql.replaceAll('{dir}', place));
    let outcome: Outcome = {};
    for (const sql of [...(fact.setup ?? []), fact.sql]) {
      outcome = await run(sql);
      if (outcome.error) break;
    }
    if ([...(fact.setup ?? []), fact.sql].some((sql) => SESSION.test(sql))) {
      await client.close();
      client = undefined;
    } else await client.statement(`DROP SCHEMA facts.f${count}`);
    return outcome;
  }

  for (const [subject, facts] of Object.entries(recordedFacts()))
    describe(subject, () => {
      for (const fact of facts)
        it(`${fact.id} ${fact.sql.replace(/\s+/g, ' ').slice(0, 120)}`, async () => {
          const outcome = await outcomeOf(fact);
          const wanted = excuses[fact.id]?.verdict ?? 'agrees';
          const found = { verdict: verdictOf(fact, outcome), outcome, fact };
          expect(found.verdict, JSON.stringify({ ...found, error: outcome.error?.message })).to.equal(wanted);
        });
    });

  it('agree in 19 of 20 cases, and every other one has its reason', () => {
    const all = Object.values(recordedFacts()).flat();
    const unknown = Object.keys(excuses).filter((id) => !all.some((fact) => fact.id === id));
    expect(unknown, 'excuses for nothing').to.deep.equal([]);
    for (const { why } of Object.values(excuses)) expect(why).to.match(/^[A-Z].{20,}\.$/);
    expect(Object.keys(excuses).length).to.be.at.most(all.length / 20);
  });

  it('stand on the page as they are here', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/facts.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
  });
});

/** Runs one statement and takes down what comes of it. */
function executed(client: Client, sqlText: string): Promise<Outcome> {
  return new Promise((resolve) => {
    client.connection.execute({
      sqlText,
      rowMode: 'array',
      fetchAsString: ['JSON'],
      complete: (error, statement, rows) => {
        if (error) return resolve({ error: error as Error });
        const columns = statement.getColumns() ?? [];
        const json = columns.map((column) => /variant|object|array/i.test(column.getType()));
        // A driver that fetches JSON as text has this word for NULL.
        const values = ((rows ?? []) as unknown[][]).map((row) =>
          row.map((value, i) => (json[i] && value === 'NULL' ? null : value)),
        );
        resolve({ rows: values, columns: columns.map((column) => column.getName()) });
      },
    } as Parameters<Client['connection']['execute']>[0]);
  });
}
