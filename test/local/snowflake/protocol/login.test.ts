import { expect } from 'chai';
import { type TestSnowflake, withSnowflake } from '../support.js';

describe('logging in to the local Snowflake', () => {
  let snowflake: TestSnowflake;
  before(async () => {
    snowflake = await withSnowflake();
  });
  after(() => snowflake.close());

  it('accepts the password and runs statements', async () => {
    const client = await snowflake.connect();
    expect(await client.rows('BEGIN')).to.deep.equal([{ status: 'Statement executed successfully.' }]);
    await client.rows('ROLLBACK');
  });

  it('refuses a wrong password with 390100', async () => {
    const error = await snowflake.connect({ password: 'wrong' }).catch((e: Error & { code?: unknown }) => e);
    expect(String((error as { code?: unknown }).code)).to.equal('390100');
  });

  it('answers a statement that it does not know with a syntax error and its position', async () => {
    const client = await snowflake.connect();
    const error = await client.error('  FROBNICATE x');
    expect(error.message).to.match(/syntax error line 1 at position 2 unexpected 'FROBNICATE'/);
    expect(String(error.code)).to.equal('001003');
    expect(error.sqlState).to.equal('42000');
  });

  it('keeps the password over a restart', async () => {
    const password = snowflake.server.password;
    await snowflake.restart();
    expect(snowflake.server.password).to.equal(password);
    await (await snowflake.connect()).rows('COMMIT');
  });
});
