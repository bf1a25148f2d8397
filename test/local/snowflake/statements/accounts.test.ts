import { generateKeyPairSync } from 'node:crypto';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('warehouses and users', () => {
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (x INT)');
  });
  after(() => snowflake.close());

  const message = async (sql: string) => (await client.error(sql)).message;

  describe('a warehouse', () => {
    const shown = async () => (await client.rows("SHOW WAREHOUSES LIKE 'w'"))[0]!;

    it('resumes for a statement, and is suspended when it has idled', async () => {
      await client.rows('CREATE OR REPLACE WAREHOUSE w AUTO_SUSPEND = 60 INITIALLY_SUSPENDED = TRUE');
      expect((await shown()).state).to.equal('SUSPENDED');
      await client.rows('INSERT INTO t VALUES (1)');
      expect((await shown()).state).to.equal('STARTED');
      clock.advance(61_000);
      expect((await shown()).state).to.equal('SUSPENDED');
      await client.rows('SELECT x FROM t');
      expect((await shown()).state).to.equal('STARTED');
    });

    // docs: sql-reference/sql/create-warehouse, AUTO_RESUME
    it('without AUTO_RESUME must be resumed first, for rows but not for DDL', async () => {
      await client.rows('CREATE OR REPLACE WAREHOUSE w AUTO_RESUME = FALSE INITIALLY_SUSPENDED = TRUE');
      const error = await client.error('SELECT x FROM t');
      expect(String(error.code)).to.equal('000606');
      expect(error.message).to.contain('No active warehouse selected in the current session');
      await client.rows('CREATE OR REPLACE TABLE u (x INT)');
      expect(await message('INSERT INTO u VALUES (1)')).to.contain('No active warehouse');
      await client.rows('ALTER WAREHOUSE w RESUME');
      await client.rows('ALTER WAREHOUSE w RESUME IF SUSPENDED');
      expect(await message('ALTER WAREHOUSE w RESUME')).to.contain("Warehouse 'W' cannot be resumed");
      await client.rows('INSERT INTO u VALUES (1)');
      await client.rows('ALTER WAREHOUSE w SUSPEND');
      expect(await message('SELECT x FROM u')).to.contain('No active warehouse');
      await client.rows('ALTER WAREHOUSE w UNSET AUTO_RESUME');
      await client.rows('SELECT x FROM u');
    });

    it('waits for another size as it is told, and history says what ran on which', async () => {
      await client.rows('CREATE OR REPLACE WAREHOUSE w');
      await client.rows("ALTER WAREHOUSE w SET WAREHOUSE_SIZE = 'SMALL' WAIT_FOR_COMPLETION = TRUE");
      await client.rows("ALTER WAREHOUSE w SET WAIT_FOR_COMPLETION = FALSE WAREHOUSE_SIZE = 'MEDIUM'");
      expect((await shown()).size).to.equal('Medium');
      expect(await message("ALTER WAREHOUSE w SET WAIT_FOR_COMPLETION = 'x'")).to.contain(
        'WAIT_FOR_COMPLETION',
      );
      expect(await message('CREATE WAREHOUSE x WAIT_FOR_COMPLETION = TRUE')).to.contain('invalid property');
      await client.rows('SELECT COUNT(*) AS sized FROM t');
      const history = await client.rows(
        `SELECT warehouse_size, warehouse_type, cluster_number FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())
         WHERE query_text LIKE 'SELECT COUNT(*) AS sized%' OR query_text LIKE 'CREATE OR REPLACE WAREHOUSE w' ORDER BY start_time DESC LIMIT 2`,
      );
      expect(history.map((row) => Object.values(row))).to.deep.equal([
        ['Medium', 'STANDARD', 1],
        [null, null, null],
      ]);
    });

    it('aborts what runs on it', async () => {
      await client.rows('CREATE OR REPLACE WAREHOUSE w');
      const other = await snowflake.connect({ warehouse: 'W' });
      const waiting = other.error("SELECT SYSTEM$WAIT(1, 'HOURS')");
      const running = () =>
        client.value(
          "SELECT COUNT(*) FROM TABLE(information_schema.query_history()) WHERE query_text LIKE 'SELECT SYSTEM$WAIT%' AND execution_status = 'RUNNING'",
        );
      while ((await running()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await client.rows('ALTER WAREHOUSE w ABORT ALL QUERIES');
      expect((await waiting).message).to.contain('SQL execution canceled');
      await other.close();
    });

    it('keeps its sizing for SHOW, checked', async () => {
      await client.rows(
        "CREATE OR REPLACE WAREHOUSE w WAREHOUSE_SIZE = LARGE MAX_CLUSTER_COUNT = 3 MIN_CLUSTER_COUNT = 2 SCALING_POLICY = 'ECONOMY' GENERATION = '1' ENABLE_QUERY_ACCELERATION = FALSE",
      );
      expect(await shown()).to.include({
        size: 'Large',
        max_cluster_count: '3',
        min_cluster_count: '2',
        scaling_policy: 'ECONOMY',
        generation: '1',
        enable_query_acceleration: 'false',
      });
      await client.rows('ALTER WAREHOUSE w UNSET MIN_CLUSTER_COUNT, WAREHOUSE_SIZE');
      expect(await shown()).to.include({ size: 'X-Small', min_cluster_count: '1' });
      // What a new account makes where nothing is said (BCR-2250, BCR-2269).
      await client.rows('ALTER WAREHOUSE w UNSET GENERATION, ENABLE_QUERY_ACCELERATION');
      expect(await shown()).to.include({ generation: '2', enable_query_acceleration: 'true' });
      for (const wrong of [
        'MIN_CLUSTER_COUNT = 4',
        'SCALING_POLICY = FAST',
        "GENERATION = '3'",
        'AUTO_RESUME = 1',
        'AUTO_SUSPEND = -1',
        "WAREHOUSE_SIZE = 'HUGE'",
      ])
        expect(await message(`ALTER WAREHOUSE w SET ${wrong}`)).to.contain('invalid value');
      expect(await message('ALTER WAREHOUSE w SET RESOURCE_MONITOR = m')).to.contain(
        "Unsupported feature 'warehouse option RESOURCE_MONITOR'",
      );
      expect(await message('ALTER WAREHOUSE w SET COLOR = red')).to.contain("invalid property 'COLOR'");
      await client.rows('DROP WAREHOUSE w');
    });
  });

  describe('a user', () => {
    it('has all roles as secondary ones, unless told otherwise', async () => {
      await client.rows('CREATE OR REPLACE ROLE reader');
      await client.rows('GRANT USAGE ON DATABASE d TO ROLE reader');
      await client.rows('GRANT USAGE ON SCHEMA d.public TO ROLE reader');
      await client.rows('GRANT SELECT ON TABLE d.public.t TO ROLE reader');
      await client.rows("CREATE OR REPLACE USER jo PASSWORD = 'secret'");
      await client.rows('GRANT ROLE reader TO USER jo');
      const select = async () => {
        const jo = await snowflake.connect({ username: 'JO', password: 'secret', role: 'PUBLIC' });
        const read = await jo.rows('SELECT x FROM d.public.t').then(
          () => true,
          () => false,
        );
        await jo.rows('USE SECONDARY ROLES NONE');
        expect((await jo.error('SELECT x FROM d.public.t')).message).to.contain('does not exist');
        await jo.rows('USE SECONDARY ROLES ALL');
        await jo.rows('SELECT x FROM d.public.t');
        await jo.close();
        return read;
      };
      expect(await select()).to.equal(true);
      await client.rows('ALTER USER jo SET DEFAULT_SECONDARY_ROLES = ()');
      expect(await select()).to.equal(false);
      expect((await client.rows("SHOW USERS LIKE 'jo'"))[0]!.default_secondary_roles).to.equal('[]');
      await client.rows('ALTER USER jo UNSET DEFAULT_SECONDARY_ROLES');
      expect(await select()).to.equal(true);
      expect(await message("ALTER USER jo SET DEFAULT_SECONDARY_ROLES = ('READER')")).to.contain(
        'invalid value',
      );
    });

    it('logs in with either of its two keys', async () => {
      const pair = () =>
        generateKeyPairSync('rsa', {
          modulusLength: 2048,
          publicKeyEncoding: { type: 'spki', format: 'pem' },
          privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        });
      const [old, fresh] = [pair(), pair()];
      const key = (pem: string) => pem.replace(/-----[A-Z ]+-----|\s/g, '');
      await client.rows(
        `CREATE OR REPLACE USER robot TYPE = SERVICE RSA_PUBLIC_KEY = '${key(old.publicKey)}' RSA_PUBLIC_KEY_2 = '${key(fresh.publicKey)}'`,
      );
      for (const { privateKey } of [old, fresh]) {
        const robot = await snowflake.connect({
          username: 'ROBOT',
          authenticator: 'SNOWFLAKE_JWT',
          privateKey,
        });
        expect(await robot.value('SELECT CURRENT_USER()')).to.equal('ROBOT');
        await robot.close();
      }
      expect((await client.rows("SHOW USERS LIKE 'robot'"))[0]!.type).to.equal('SERVICE');
      expect(await message("ALTER USER robot SET PASSWORD = 'x'")).to.contain(
        'for a user of type SERVICE: PASSWORD',
      );
    });

    it('takes its session parameters along, and refuses what is not built by name', async () => {
      await client.rows("ALTER USER jo SET TIMEZONE = 'Asia/Tokyo' DATE_OUTPUT_FORMAT = 'DD.MM.YYYY'");
      const jo = await snowflake.connect({ username: 'JO', password: 'secret' });
      expect(await jo.value("SELECT '2024-01-02'::DATE::VARCHAR")).to.equal('02.01.2024');
      expect(await jo.value("SELECT TO_CHAR('2024-01-02 00:00 +0000'::TIMESTAMP_LTZ, 'HH24')")).to.equal(
        '09',
      );
      await jo.close();
      expect(await message('ALTER USER jo SET DAYS_TO_EXPIRY = 3')).to.contain(
        "Unsupported feature 'DAYS_TO_EXPIRY of a user'",
      );
      expect(await message('ALTER USER jo SET COLOR = red')).to.contain("invalid property 'COLOR'");
    });

    it('is a workload by its issuer and subject, if it is a service', async () => {
      const identity =
        "WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = 'https://ci.example.org' SUBJECT = 'repo:a/b')";
      await client.rows(`CREATE USER workload TYPE = SERVICE ${identity}`);
      const shown = async () => (await client.rows("SHOW USERS LIKE 'workload'"))[0]!.has_workload_identity;
      expect(await shown()).to.equal('true');
      await client.rows('ALTER USER workload UNSET WORKLOAD_IDENTITY');
      expect(await shown()).to.equal('false');
      await client.rows(
        "ALTER USER workload SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::123456789012:role/ci')",
      );
      expect(await shown()).to.equal('true');
      expect(await message(`ALTER USER jo SET ${identity}`)).to.contain('TYPE = SERVICE');
      for (const wrong of [
        "TYPE = OIDC ISSUER = 'https://ci.example.org'",
        "TYPE = AWS ARN = 'arn:aws:iam::1:role/x'",
        "TYPE = AWS SUBJECT = 'repo:a/b'",
        "TYPE = AZURE ISSUER = 'https://ci.example.org' SUBJECT = 'repo:a/b'",
      ])
        expect(await message(`ALTER USER workload SET WORKLOAD_IDENTITY = (${wrong})`)).to.contain(
          'WORKLOAD_IDENTITY',
        );
    });

    it('logs in, and asks on, from the addresses of its network policy alone', async () => {
      await client.rows("CREATE USER bound PASSWORD = 'secret'");
      const connect = () => snowflake.connect({ username: 'BOUND', password: 'secret' });
      expect(await message('ALTER USER bound SET NETWORK_POLICY = offices')).to.contain(
        "Network policy 'OFFICES' does not exist or not authorized",
      );
      await client.rows("CREATE NETWORK POLICY offices ALLOWED_IP_LIST = ('127.0.0.0/8', '192.0.2.1')");
      await client.rows('ALTER USER bound SET NETWORK_POLICY = offices');
      const bound = await connect();
      expect(await bound.value('SELECT CURRENT_USER()')).to.equal('BOUND');
      await client.rows("ALTER NETWORK POLICY offices SET ALLOWED_IP_LIST = ('192.0.2.0/24')");
      expect((await bound.error('SELECT 1')).message).to.contain('is not allowed to access Snowflake');
      const error = await connect().catch((e: Error & { code?: unknown }) => e);
      expect(error).to.have.property('code', '390422');
      expect(await client.value('SELECT CURRENT_USER()')).not.to.equal('BOUND');
      await client.rows('ALTER USER bound UNSET NETWORK_POLICY');
      expect(await bound.value('SELECT CURRENT_USER()')).to.equal('BOUND');
      await bound.close();
      expect(await message("CREATE NETWORK POLICY x ALLOWED_IP_LIST = ('192.0.2.0/33')")).to.contain(
        'invalid value [192.0.2.0/33]',
      );
      expect(await message("CREATE NETWORK POLICY x BLOCKED_IP_LIST = ('192.0.2.1')")).to.contain(
        "Unsupported feature 'BLOCKED_IP_LIST of a network policy'",
      );
    });
  });
});
