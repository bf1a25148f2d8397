import { MovableClock } from '@local-cloud/kit/clock.js';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('requests that go wrong on command', () => {
  const faults = new Faults();
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake({ faults, clock });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (x NUMBER)');
  });
  after(() => snowflake.close());
  afterEach(() => faults.clear());

  it('run once, although the answer is lost and the driver asks again', async () => {
    faults.add(parseFault('snowflake:INSERT=lose'));
    await client.rows('INSERT INTO t VALUES (1)');
    expect(faults.list()[0]!.hits).to.equal(1);
    expect(await client.value('SELECT count(*) FROM t')).to.equal(1);
  });

  it('are repeated by the driver when their connection is cut before anything is done', async () => {
    faults.add(parseFault('snowflake:INSERT=cut'));
    await client.rows('INSERT INTO t VALUES (1)');
    expect(faults.list()[0]!.hits).to.equal(1);
    expect(await client.value('SELECT count(*) FROM t')).to.equal(2);
    await client.rows('DELETE FROM t');
    await client.rows('INSERT INTO t VALUES (1)');
  });

  it('are answered ten seconds late when they are slow', async () => {
    faults.add(parseFault('snowflake:SELECT=slow'));
    let answered = false;
    const slow = client.value('SELECT 7').then((value) => {
      answered = true;
      return value;
    });
    while (faults.list()[0]!.hits === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(answered).to.equal(false);
    while (!answered) {
      clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await slow).to.equal(7);
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
