import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('session parameters', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());

  it('that have no effect here keep Snowflake’s default, and refuse another value by name', async () => {
    for (const [name, value, preset] of [
      ['ABORT_DETACHED_QUERY', 'TRUE', 'FALSE'],
      ['BINARY_INPUT_FORMAT', "'BASE64'", "'HEX'"],
      ['ERROR_ON_NONDETERMINISTIC_UPDATE', 'TRUE', 'FALSE'],
      ['QUOTED_IDENTIFIERS_IGNORE_CASE', 'TRUE', 'FALSE'],
      ['TIMESTAMP_DAY_IS_ALWAYS_24H', 'TRUE', 'FALSE'],
      ['TRANSACTION_ABORT_ON_ERROR', 'TRUE', 'FALSE'],
      ['TWO_DIGIT_CENTURY_START', '1950', '1970'],
    ]) {
      const error = await client.error(`ALTER SESSION SET ${name} = ${value}`);
      expect(error.message, name).to.include(`${name} = ${value!.replaceAll("'", '')}`);
      expect(String(error.code), name).to.equal('000002');
      await client.rows(`ALTER SESSION SET ${name} = ${preset}`);
    }
  });

  it('refuse values out of their bounds', async () => {
    for (const set of [
      'JSON_INDENT = 17',
      'WEEK_START = 8',
      'LOCK_TIMEOUT = -1',
      'STATEMENT_TIMEOUT_IN_SECONDS = 604801',
      "DEFAULT_NULL_ORDERING = 'MIDDLE'",
      "TRANSACTION_DEFAULT_ISOLATION_LEVEL = 'SERIALIZABLE'",
    ])
      expect(String((await client.error(`ALTER SESSION SET ${set}`)).code), set).to.equal('001008');
  });
});
