import { expect } from 'chai';
import { parseFault } from '../../../../local/faults/fault.js';
import { Faults } from '../../../../local/faults/faults.js';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('requests that go wrong on command', () => {
  const faults = new Faults();
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake({ faults });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (x NUMBER)');
  });
  after(() => snowflake.close());
  afterEach(() => faults.clear());

  it('run once, although the answer is lost and the driver asks again', async () => {
    faults.add(parseFault('snowflake:INSERT=cut'));
    await client.rows('INSERT INTO t VALUES (1)');
    expect(faults.list()[0]!.hits).to.equal(1);
    expect(await client.value('SELECT count(*) FROM t')).to.equal(1);
  });

  it('are repeated by the driver when the service is unavailable', async () => {
    faults.add(parseFault('snowflake:SELECT=unavailable'));
    expect(await client.value('SELECT 7')).to.equal(7);
  });

  it('fail with an internal error, without having run', async () => {
    faults.add(parseFault('snowflake:INSERT=fail'));
    const error = await client.error('INSERT INTO t VALUES (2)');
    expect(String(error.code)).to.equal('000603');
    expect(await client.value('SELECT count(*) FROM t')).to.equal(1);
  });

  it('let a login fail', async () => {
    faults.add(parseFault('snowflake:LOGIN=fail,next=1'));
    const error = await snowflake.connect().catch((e: Error) => e);
    expect((error as Error).message).to.contain('internal error');
  });
});
