import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: user-guide/streams-intro, "Streams on views"; user-guide/streams-manage; sql-reference/sql/create-stream
describe('streams on views', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE SCHEMA d.s');
  });
  beforeEach(async () => {
    await client.rows('USE SCHEMA d.s');
    await client.rows('CREATE OR REPLACE TABLE orders (id INT, order_name VARCHAR)');
    await client.rows('CREATE OR REPLACE TABLE customers (id INT, customer_name VARCHAR)');
    await client.rows('CREATE OR REPLACE TABLE sink (id INT, name VARCHAR)');
  });
  after(() => snowflake.close());

  const records = (columns: string, stream = 'changes') =>
    client.values(`SELECT ${columns}, METADATA$ACTION, METADATA$ISUPDATE FROM ${stream} ORDER BY ALL`);
  const track = async (query: string) => {
    await client.rows(`CREATE OR REPLACE VIEW v AS ${query}`);
    await client.rows('CREATE OR REPLACE STREAM changes ON VIEW v');
  };
  const run = async (...statements: string[]) => {
    for (const sql of statements) await client.rows(sql);
  };
  const hasData = () => client.value(`SELECT SYSTEM$STREAM_HAS_DATA('changes')`);

  // docs: sql-reference/functions/system_stream_backlog, whose example this is
  it('joins what has changed in one table with all of the other', async () => {
    await run(
      'CREATE OR REPLACE VIEW v AS SELECT * FROM orders NATURAL JOIN customers',
      `INSERT INTO orders VALUES (1, 'order1')`,
      `INSERT INTO customers VALUES (1, 'customer1')`,
      'CREATE OR REPLACE STREAM changes ON VIEW v',
    );
    expect(await client.rows('SELECT * FROM changes')).to.deep.equal([]);
    await run(`INSERT INTO orders VALUES (1, 'order2')`);
    expect(await records('id, order_name, customer_name')).to.deep.equal([
      [1, 'order2', 'customer1', 'INSERT', false],
    ]);
    await run(`INSERT INTO customers VALUES (1, 'customer2')`);
    expect(await records('id, order_name, customer_name')).to.deep.equal([
      [1, 'order1', 'customer2', 'INSERT', false],
      [1, 'order2', 'customer1', 'INSERT', false],
      [1, 'order2', 'customer2', 'INSERT', false],
    ]);
    expect(Object.keys((await client.rows('SELECT * FROM changes'))[0]!)).to.deep.equal([
      'ID',
      'ORDER_NAME',
      'CUSTOMER_NAME',
      'METADATA$ACTION',
      'METADATA$ISUPDATE',
      'METADATA$ROW_ID',
    ]);
  });

  it('tells updates from rows that begin or cease to be in the view', async () => {
    await run(`INSERT INTO orders VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')`);
    await track(`SELECT id, UPPER(order_name) AS name FROM orders WHERE id < 10`);
    await run(
      `UPDATE orders SET order_name = 'z' WHERE id = 1`,
      'UPDATE orders SET id = 20 WHERE id = 2',
      'DELETE FROM orders WHERE id = 3',
      `INSERT INTO orders VALUES (30, 'out'), (5, 'in')`,
    );
    expect(await records('id, name')).to.deep.equal([
      [1, 'A', 'DELETE', true],
      [1, 'Z', 'INSERT', true],
      [2, 'B', 'DELETE', false],
      [3, 'C', 'DELETE', false],
      [5, 'IN', 'INSERT', false],
    ]);
    const ids = await client.values(
      'SELECT COUNT(DISTINCT METADATA$ROW_ID), MIN(LENGTH(METADATA$ROW_ID)) FROM changes',
    );
    expect(ids).to.deep.equal([[4, 40]]);
  });

  it('follows UNION ALL, nested views, subqueries in FROM and WITH queries that are read twice', async () => {
    await run(
      `INSERT INTO orders VALUES (1, 'a'), (2, 'b')`,
      'CREATE OR REPLACE VIEW inner_one AS SELECT id, order_name AS name FROM orders',
    );
    await track(
      `WITH w (k, n) AS (SELECT id, name FROM inner_one WHERE id > 0)
       SELECT a.k, a.n, b.n AS other FROM w a JOIN (SELECT k + 0 AS k, n FROM w) b ON a.k = b.k
       UNION ALL SELECT id, customer_name, 'customer' FROM customers`,
    );
    await run(`UPDATE orders SET order_name = 'z' WHERE id = 2`, `INSERT INTO customers VALUES (2, 'c')`);
    expect(await records('k, n, other')).to.deep.equal([
      [2, 'b', 'b', 'DELETE', true],
      [2, 'c', 'customer', 'INSERT', false],
      [2, 'z', 'z', 'INSERT', true],
    ]);
  });

  it('moves on with all of its tables when DML that reads it commits', async () => {
    await track(
      'SELECT o.id, o.order_name || c.customer_name AS name FROM orders o, customers c WHERE o.id = c.id',
    );
    expect(await hasData()).to.equal(false);
    await run(`INSERT INTO orders VALUES (1, 'o')`, `INSERT INTO customers VALUES (1, 'c')`);
    expect(await hasData()).to.equal(true);
    await run('BEGIN', 'INSERT INTO sink SELECT id, name FROM changes', 'ROLLBACK');
    expect(await records('id')).to.deep.equal([[1, 'INSERT', false]]);
    await run('INSERT INTO sink SELECT id, name FROM changes');
    expect(await client.values('SELECT * FROM sink')).to.deep.equal([[1, 'oc']]);
    expect(await records('id')).to.deep.equal([]);
    expect(await hasData()).to.equal(false);
    await run(`UPDATE customers SET customer_name = 'd'`);
    expect(await records('name')).to.deep.equal([
      ['oc', 'DELETE', true],
      ['od', 'INSERT', true],
    ]);
  });

  it('leaves out what its own transaction has written', async () => {
    await track('SELECT o.id, o.order_name AS name FROM orders o JOIN customers c ON o.id = c.id');
    await run(
      `INSERT INTO orders VALUES (1, 'before')`,
      `INSERT INTO customers VALUES (1, 'before'), (2, 'before')`,
      'BEGIN',
      `INSERT INTO orders VALUES (2, 'within')`,
      `UPDATE orders SET order_name = 'within' WHERE id = 1`,
      'INSERT INTO sink SELECT id, name FROM changes',
      'COMMIT',
    );
    expect(await client.values('SELECT * FROM sink')).to.deep.equal([[1, 'before']]);
    expect(await records('id, name')).to.deep.equal([
      [1, 'before', 'DELETE', true],
      [1, 'within', 'INSERT', true],
      [2, 'within', 'INSERT', false],
    ]);
  });

  it('begins with the rows of the view where that is asked', async () => {
    await run(
      `INSERT INTO orders VALUES (1, 'a')`,
      'CREATE OR REPLACE VIEW v AS SELECT id, order_name AS name FROM orders',
      'CREATE OR REPLACE STREAM changes ON VIEW v SHOW_INITIAL_ROWS = TRUE',
      `INSERT INTO orders VALUES (2, 'b')`,
    );
    expect(await records('id, name')).to.deep.equal([[1, 'a', 'INSERT', false]]);
    expect(await hasData()).to.equal(true);
    await run('INSERT INTO sink SELECT id, name FROM changes');
    expect(await records('id, name')).to.deep.equal([[2, 'b', 'INSERT', false]]);
  });

  it('outlives a restart', async () => {
    await track('SELECT id, order_name AS name FROM orders');
    await run(`INSERT INTO orders VALUES (1, 'a')`, 'INSERT INTO sink SELECT id, name FROM changes');
    await run(`INSERT INTO orders VALUES (2, 'b')`);
    await snowflake.restart();
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.s');
    expect(await records('id, name')).to.deep.equal([[2, 'b', 'INSERT', false]]);
  });

  it('is refused for what change tracking does not follow', async () => {
    for (const [query, what] of [
      ['SELECT id FROM orders LEFT JOIN customers USING (id)', "joins of type '[LEFT_OUTER_JOIN]'"],
      [
        'SELECT o.id FROM orders o RIGHT JOIN customers c ON o.id = c.id',
        "joins of type '[RIGHT_OUTER_JOIN]'",
      ],
      ['SELECT o.id FROM orders o FULL JOIN customers c ON o.id = c.id', "joins of type '[FULL_OUTER_JOIN]'"],
      ['SELECT id FROM orders UNION SELECT id FROM customers', "joins of type '[UNION]'"],
      ['SELECT id FROM orders EXCEPT SELECT id FROM customers', "joins of type '[EXCEPT]'"],
      ['SELECT id, COUNT(*) AS n FROM orders GROUP BY id', "'GROUP BY'"],
      ['SELECT COUNT(*) AS n FROM orders', "'AGGREGATE'"],
      ['SELECT DISTINCT id FROM orders', "'DISTINCT'"],
      ['SELECT id FROM orders LIMIT 1', "'LIMIT'"],
      ['SELECT id FROM orders QUALIFY ROW_NUMBER() OVER (ORDER BY id) = 1', "'QUALIFY'"],
      ['SELECT id, SUM(id) OVER () AS s FROM orders', 'window functions'],
      ['SELECT id FROM orders WHERE id IN (SELECT id FROM customers)', 'subquery expressions'],
      [
        'SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.id)',
        'subquery expressions',
      ],
      ['SELECT id, (SELECT MAX(id) FROM customers) AS m FROM orders', 'subquery expressions'],
      ["SELECT value AS x FROM orders, TABLE(SPLIT_TO_TABLE(order_name, ' '))", "'Table Function'"],
      ['SELECT column1 AS x FROM VALUES (1)', "'VALUES'"],
      ['SELECT id FROM (SELECT id FROM orders GROUP BY id)', "'GROUP BY'"],
      ['WITH w AS (SELECT DISTINCT id FROM orders) SELECT id FROM w', "'DISTINCT'"],
    ] as const) {
      await client.rows(`CREATE OR REPLACE VIEW v AS ${query}`);
      const error = await client.error('CREATE STREAM none ON VIEW v');
      expect(error.message, query).to.contain(`Change tracking is not supported on queries with ${what}`);
      expect(error.code, query).to.equal('091926');
      expect((await client.error('ALTER VIEW v SET CHANGE_TRACKING = TRUE')).code, query).to.equal('091926');
    }
    await client.rows('CREATE OR REPLACE VIEW v AS SELECT id FROM orders WHERE id < YEAR(CURRENT_DATE)');
    expect((await client.error('CREATE STREAM none ON VIEW v')).message).to.contain(
      "Query contains the function 'CURRENT_DATE', but change tracking is not supported on queries with non-deterministic functions.",
    );
    await client.rows('CREATE OR REPLACE VIEW outer_one AS SELECT id FROM v');
    expect((await client.error('CREATE STREAM none ON VIEW outer_one')).message).to.contain('CURRENT_DATE');
    await client.rows(
      `CREATE OR REPLACE FUNCTION own(x FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return X'`,
    );
    await client.rows('CREATE OR REPLACE VIEW v AS SELECT own(id) AS x FROM orders');
    expect((await client.error('CREATE STREAM none ON VIEW v')).message).to.contain(
      "user-defined function 'OWN'",
    );
    expect((await client.error('CREATE STREAM none ON VIEW nowhere')).message).to.contain(
      "View 'NOWHERE' does not exist or not authorized.",
    );
    expect((await client.error('CREATE STREAM none ON VIEW v APPEND_ONLY = TRUE')).message).to.contain(
      'APPEND_ONLY',
    );
    expect((await client.error('CREATE STREAM none ON DYNAMIC TABLE t')).message).to.contain('DYNAMIC');
  });

  it('is shown and described with its view and the tables below', async () => {
    await track('SELECT o.id FROM orders o JOIN customers c ON o.id = c.id');
    expect((await client.rows("SHOW STREAMS LIKE 'changes'"))[0]).to.include({
      table_name: 'D.S.V',
      source_type: 'View',
      base_tables: 'D.S.ORDERS,D.S.CUSTOMERS',
      type: 'DELTA',
      stale: 'false',
      mode: 'DEFAULT',
    });
    expect((await client.rows('DESC STREAM changes'))[0]).to.include({ source_type: 'View', stale: 'false' });
    expect(await client.value("SELECT GET_DDL('STREAM', 'changes')")).to.contain('on view');
    expect((await client.rows("SHOW VIEWS LIKE 'v'"))[0]).to.include({ change_tracking: 'ON' });
    expect((await client.rows("SHOW TABLES LIKE 'orders'"))[0]).to.include({ change_tracking: 'ON' });
    await run('DROP STREAM changes', 'CREATE OR REPLACE VIEW v AS SELECT id FROM orders');
    expect((await client.rows("SHOW VIEWS LIKE 'v'"))[0]).to.include({ change_tracking: 'OFF' });
  });

  describe('whose tables another role owns', () => {
    let reader: Client;
    before(async () => {
      for (const sql of [
        'CREATE ROLE reader',
        'GRANT ROLE reader TO USER admin',
        'GRANT USAGE ON DATABASE d TO ROLE reader',
        'GRANT USAGE, CREATE VIEW, CREATE STREAM ON SCHEMA d.s TO ROLE reader',
        'GRANT SELECT ON FUTURE TABLES IN SCHEMA d.s TO ROLE reader',
      ])
        await client.rows(sql);
      reader = await snowflake.connect({ role: 'READER' });
      await reader.rows('USE SECONDARY ROLES NONE');
      await reader.rows('USE SCHEMA d.s');
    });
    after(() => reader.close());

    it('needs change tracking on the tables, which only their owner turns on', async () => {
      await reader.rows('CREATE OR REPLACE VIEW own_view AS SELECT id, order_name AS name FROM orders');
      for (const sql of [
        'CREATE STREAM theirs ON VIEW own_view',
        'ALTER VIEW own_view SET CHANGE_TRACKING = TRUE',
      ]) {
        const error = await reader.error(sql);
        expect(error).to.include({ code: '003001', sqlState: '42501' });
        expect(error.message).to.contain(
          "Insufficient privileges to operate on stream source without CHANGE_TRACKING enabled 'ORDERS'",
        );
      }
      expect((await reader.error('CREATE STREAM theirs ON TABLE orders')).message).to.contain(
        'CHANGE_TRACKING',
      );
      expect((await reader.error('ALTER TABLE orders SET CHANGE_TRACKING = TRUE')).code).to.equal('003001');
      await client.rows('ALTER TABLE orders SET CHANGE_TRACKING = TRUE');
      await reader.rows('CREATE STREAM theirs ON VIEW own_view');
      await client.rows(`INSERT INTO orders VALUES (1, 'a')`);
      expect(await reader.values('SELECT id, METADATA$ACTION FROM theirs')).to.deep.equal([[1, 'INSERT']]);
    });

    it('needs change tracking on a view of another role', async () => {
      await run(
        'CREATE OR REPLACE VIEW v AS SELECT id FROM orders',
        'GRANT SELECT ON VIEW v TO ROLE reader',
        'ALTER TABLE orders SET CHANGE_TRACKING = TRUE',
      );
      expect((await reader.error('CREATE OR REPLACE STREAM theirs ON VIEW v')).message).to.contain(
        "without CHANGE_TRACKING enabled 'V'",
      );
      await client.rows('ALTER VIEW v SET CHANGE_TRACKING = TRUE');
      await reader.rows('CREATE OR REPLACE STREAM theirs ON VIEW v');
      await client.rows(
        'CREATE OR REPLACE VIEW v CHANGE_TRACKING = TRUE COPY GRANTS AS SELECT id FROM orders',
      );
      expect((await reader.error('SELECT * FROM theirs')).code).to.equal('091901');
      await reader.rows('CREATE OR REPLACE STREAM theirs ON VIEW v');
      await client.rows('REVOKE SELECT ON VIEW v FROM ROLE reader');
      expect((await reader.error('SELECT * FROM theirs')).code).to.equal('091901');
    });
  });

  describe('whose tables are replaced', () => {
    beforeEach(() => track('SELECT o.id FROM orders o JOIN customers c ON o.id = c.id'));
    const refusal = async () => {
      const read = await client.error('SELECT * FROM changes');
      const asked = await client.error(`SELECT SYSTEM$STREAM_HAS_DATA('changes')`);
      expect(asked.code).to.equal(read.code);
      expect((await client.rows("SHOW STREAMS LIKE 'changes'"))[0]).to.include({
        stale: 'true',
        stale_after: null,
      });
      return `${read.code} ${read.message}`;
    };
    const missing =
      "091930 SQL compilation error:\nChange tracking is not enabled or has been missing for the time range requested on table 'D.S.ORDERS'.";

    it('is stale after CREATE OR REPLACE, with or without change tracking', async () => {
      await run('CREATE OR REPLACE TRANSIENT TABLE orders AS SELECT 1 AS id');
      expect(await refusal()).to.equal(missing);
      await run('CREATE OR REPLACE TABLE orders (id INT) CHANGE_TRACKING = TRUE');
      expect(await refusal()).to.equal(missing);
      await run(
        'CREATE OR REPLACE STREAM changes ON VIEW v',
        'INSERT INTO orders VALUES (1)',
        `INSERT INTO customers VALUES (1, 'c')`,
      );
      expect(await records('id')).to.deep.equal([[1, 'INSERT', false]]);
    });

    it('is stale after SWAP and after a new table has taken the name', async () => {
      await run(
        'CREATE OR REPLACE TABLE fresh (id INT, order_name VARCHAR)',
        'ALTER TABLE fresh SWAP WITH orders',
      );
      expect(await refusal()).to.equal(missing);
      await run('ALTER TABLE fresh SWAP WITH orders');
      expect(await records('id')).to.deep.equal([]);
      await run('DROP TABLE orders', 'CREATE TABLE orders (id INT)');
      expect(await refusal()).to.equal(missing);
    });

    it('cannot be read without its table or view, and again when the table is back', async () => {
      await run(
        `INSERT INTO orders VALUES (1, 'o')`,
        `INSERT INTO customers VALUES (1, 'c')`,
        'DROP TABLE orders',
      );
      expect(await refusal()).to.equal(
        "091901 Base table 'D.S.ORDERS' dropped, cannot read from stream 'CHANGES'",
      );
      await run('UNDROP TABLE orders');
      expect(await records('id')).to.deep.equal([[1, 'INSERT', false]]);
      await run('ALTER TABLE orders RENAME TO renamed');
      expect(await refusal()).to.contain('091901');
      await run('ALTER TABLE renamed RENAME TO orders', 'DROP VIEW v');
      expect(await refusal()).to.equal("091901 Base view 'D.S.V' dropped, cannot read from stream 'CHANGES'");
    });

    it('goes on over TRUNCATE, new columns and a renamed view', async () => {
      await run(
        `INSERT INTO orders VALUES (1, 'o')`,
        `INSERT INTO customers VALUES (1, 'c')`,
        'INSERT INTO sink SELECT id, NULL FROM changes',
        'TRUNCATE TABLE orders',
        `INSERT INTO orders VALUES (1, 'p')`,
        'ALTER TABLE orders ADD COLUMN more INT',
        'ALTER VIEW v RENAME TO renamed_v',
      );
      expect(await records('id')).to.deep.equal([
        [1, 'DELETE', false],
        [1, 'INSERT', false],
      ]);
      await run('DROP VIEW renamed_v');
    });
  });

  it('starts triggered tasks when one of its tables has changed', async () => {
    await run('CREATE WAREHOUSE IF NOT EXISTS w');
    await track('SELECT o.id, c.customer_name AS name FROM orders o JOIN customers c ON o.id = c.id');
    await run(
      `INSERT INTO orders VALUES (1, 'o')`,
      'INSERT INTO sink SELECT id, name FROM changes',
      `CREATE TASK follow WAREHOUSE = w USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 10
       WHEN SYSTEM$STREAM_HAS_DATA('changes') AS INSERT INTO sink SELECT id, name FROM changes`,
      'ALTER TASK follow RESUME',
      `INSERT INTO customers VALUES (1, 'c')`,
    );
    while ((await client.value('SELECT COUNT(*) FROM sink')) === 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await client.values('SELECT * FROM sink')).to.deep.equal([[1, 'c']]);
    await run('DROP TASK follow');
  });

  it('is cloned with its schema, on the view and tables of the clone', async () => {
    await track('SELECT id, order_name AS name FROM orders');
    await run('CREATE SCHEMA d.copied CLONE d.s', `INSERT INTO d.copied.orders VALUES (7, 'x')`);
    expect(await records('id', 'd.copied.changes')).to.deep.equal([[7, 'INSERT', false]]);
    expect(await records('id', 'd.s.changes')).to.deep.equal([]);
    await run('DROP SCHEMA d.copied');
  });
});
