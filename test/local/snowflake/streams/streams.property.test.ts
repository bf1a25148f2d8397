import { MovableClock } from '@local-cloud/kit/clock.js';
import { ranged } from '@local-cloud/snowflake/streams/ranges.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';
import { type Row, STREAMS, StreamModel, type StreamName } from './model.js';

type Step = { session: 0 | 1 } & (
  | { do: 'insert'; rows: Row[] }
  | { do: 'update'; row: Row }
  | { do: 'delete'; id: number }
  | { do: 'begin' | 'commit' | 'rollback' | 'fail' | 'rows' | 'tick' | 'replace' }
  | { do: 'read' | 'consume' | 'recreate'; stream: StreamName }
);

const session = fc.constantFrom<0 | 1>(0, 1);
const row = fc.record({ id: fc.integer({ min: 1, max: 4 }), v: fc.constantFrom('a', 'b', 'c') });
const stream = fc.constantFrom<StreamName>('standard', 'appended');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      session,
      do: fc.constant('insert'),
      rows: fc.array(row, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ session, do: fc.constant('update'), row }) },
  {
    weight: 2,
    arbitrary: fc.record({ session, do: fc.constant('delete'), id: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      session,
      do: fc.constantFrom('begin', 'commit', 'rollback', 'fail', 'rows', 'rows'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ session, do: fc.constant('read'), stream }) },
  { weight: 3, arbitrary: fc.record({ session, do: fc.constantFrom('consume', 'recreate'), stream }) },
  { weight: 1, arbitrary: fc.record({ session, do: fc.constantFrom('tick', 'replace') }) },
) as fc.Arbitrary<Step>;

const sorted = (rows: unknown[][]) => rows.map((each) => JSON.stringify(each)).sort();

describe('streams and transactions, against a model', () => {
  let snowflake: TestSnowflake;
  let clients: Client[];

  const clock = new MovableClock({ at: Date.UTC(2026, 0, 5), frozen: true });
  /** Without any retention time, whatever time passes makes a stream stale. */
  const TABLE = `CREATE OR REPLACE TABLE t (id INT, v VARCHAR)
    DATA_RETENTION_TIME_IN_DAYS = 0 MAX_DATA_EXTENSION_TIME_IN_DAYS = 0`;
  const create = (name: StreamName) =>
    `CREATE OR REPLACE STREAM ${name} ON TABLE t APPEND_ONLY = ${name === 'appended'}`;

  before(async () => {
    snowflake = await withSnowflake({ clock });
    clients = [await snowflake.connect(), await snowflake.connect()];
    await clients[0]!.rows('CREATE DATABASE d');
    for (const client of clients) await client.rows('USE SCHEMA d.public');
  });
  after(() => snowflake.close());

  /** Runs a step on both sides; one that would wait for the other session's lock is passed over. */
  async function run(model: StreamModel, each: Step): Promise<void> {
    const s = each.session;
    const client = clients[s]!;
    const text = JSON.stringify(each);
    switch (each.do) {
      case 'begin':
        if (model.inTransaction(s)) return;
        model.begin(s);
        await client.rows('BEGIN');
        return;
      case 'commit':
      case 'rollback':
        if (!model.inTransaction(s)) return;
        model[each.do](s);
        await client.rows(each.do);
        return;
      case 'rows': {
        const expected = [...model.visible(s).values()].map(({ id, v }) => [id, v]);
        expect(sorted(await client.values('SELECT id, v FROM t')), text).to.deep.equal(sorted(expected));
        return;
      }
      case 'tick':
        model.tick();
        clock.advance(1000);
        return;
      case 'recreate':
        if (model.blocked(s, 'table') || model.blocked(s, each.stream)) return;
        model.recreate(s, each.stream);
        await client.rows(create(each.stream));
        return;
      case 'replace':
        if (model.inTransaction(1 - s)) return;
        model.replaceTable(s);
        await client.rows(TABLE);
        return;
      case 'read': {
        const code = model.unreadable(each.stream);
        if (code) {
          expect((await client.error(`SELECT * FROM ${each.stream}`)).code, text).to.equal(code);
          return;
        }
        const expected = model.read(s, each.stream);
        const found = await client.values(
          `SELECT id, v, METADATA$ACTION, METADATA$ISUPDATE FROM ${each.stream}`,
        );
        expect(sorted(found), text).to.deep.equal(sorted(expected));
        return;
      }
      case 'consume': {
        if (model.blocked(s, each.stream)) return;
        const code = model.unreadable(each.stream);
        if (code) {
          const error = await client.error(`INSERT INTO sink${s} SELECT id, v, '', TRUE FROM ${each.stream}`);
          expect(error.code, text).to.equal(code);
          return;
        }
        const expected = model.consume(s, each.stream);
        await client.rows(`DELETE FROM sink${s}`);
        await client.rows(
          `INSERT INTO sink${s} SELECT id, v, METADATA$ACTION, METADATA$ISUPDATE FROM ${each.stream}`,
        );
        expect(sorted(await client.values(`SELECT * FROM sink${s}`)), text).to.deep.equal(sorted(expected));
        return;
      }
    }
    if (model.blocked(s, 'table')) return;
    switch (each.do) {
      case 'insert':
        model.insert(s, each.rows);
        await client.rows(
          `INSERT INTO t VALUES ${each.rows.map(({ id, v }) => `(${id}, '${v}')`).join(', ')}`,
        );
        return;
      case 'update':
        model.update(s, each.row.id, each.row.v);
        await client.rows(`UPDATE t SET v = '${each.row.v}' WHERE id = ${each.row.id}`);
        return;
      case 'delete':
        model.remove(s, each.id);
        await client.rows(`DELETE FROM t WHERE id = ${each.id}`);
        return;
      case 'fail':
        model.fail(s);
        await client.error(`INSERT INTO t SELECT 1 / column1, 'z' FROM VALUES (1), (0)`);
    }
  }

  it('show the same records for random interleavings of two sessions', () => compared());
  it('do so where inserted rows are not copied for the streams', async () => {
    const { from } = ranged;
    ranged.from = 1;
    await compared().finally(() => {
      ranged.from = from;
    });
  });

  async function compared(): Promise<void> {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        for (const client of clients) await client.rows('ROLLBACK');
        const [first] = clients as [Client, Client];
        for (const name of ['sink0', 'sink1'])
          await first.rows(
            `CREATE OR REPLACE TABLE ${name} (id INT, v VARCHAR, action VARCHAR, is_update BOOLEAN)`,
          );
        await first.rows(TABLE);
        for (const name of STREAMS) await first.rows(create(name));
        const model = new StreamModel();
        for (const each of steps) await run(model, each);
        for (const s of [0, 1] as const) {
          if (model.inTransaction(s)) await run(model, { session: s, do: 'commit' });
          for (const name of STREAMS) await run(model, { session: s, do: 'read', stream: name });
        }
      }),
      { seed: 20260701, numRuns: 15 },
    );
  }
});
