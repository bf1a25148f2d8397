import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('a VARIANT in another type', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
  });
  after(() => snowflake.close());
  /** The value of JSON, after a cast, as text. */
  const cast = (json: string, type: string) =>
    client.value(
      `SELECT TO_VARCHAR(x::${type}) FROM (SELECT PARSE_JSON(column1) AS x FROM VALUES ('${json}'))`,
    );

  it('is an OBJECT or an ARRAY as it is, and NULL for a JSON null', async () => {
    expect(await cast(' {"a": [1]}', 'OBJECT')).to.equal('{"a":[1]}');
    expect(await cast(' [1, {"a": 2}]', 'ARRAY')).to.equal('[1,{"a":2}]');
    expect(await cast('null', 'OBJECT')).to.equal(null);
    expect(await cast('null', 'ARRAY')).to.equal(null);
    expect(await cast('{"a": 1}', 'ARRAY')).to.equal('[{"a":1}]');
    expect(await cast('"[x"', 'ARRAY')).to.equal('["[x"]');
    for (const json of ['[1]', '"{"', '1'])
      expect((await client.error(`SELECT PARSE_JSON('${json}')::OBJECT`)).message).to.contain('to OBJECT');
  });

  it('is a NUMBER of however many digits, rounded as any other text', async () => {
    for (const [json, type, text] of [
      ['7', 'NUMBER', '7'],
      ['-2.5', 'NUMBER', '-3'],
      ['"12.345"', 'NUMBER(38,2)', '12.35'],
      ['123456789012345678901234567890', 'NUMBER', '123456789012345678901234567890'],
      ['999999999999999999.5', 'NUMBER', '1000000000000000000'],
      ['true', 'NUMBER', '1'],
      ['1.5', 'NUMBER(38,30)', '1.500000000000000000000000000000'],
    ] as const)
      expect(await cast(json, type), json).to.equal(text);
    expect(await cast('null', 'NUMBER')).to.equal(null);
  });
});
