import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type TestSnowflake, withSnowflake } from '../support.js';

describe('requests that no client sends', () => {
  let snowflake: TestSnowflake;
  let token = '';
  before(async () => {
    snowflake = await withSnowflake();
    const { user, password, account } = snowflake.server;
    const { data } = (await (
      await post(
        '/session/v1/login-request',
        JSON.stringify({ data: { LOGIN_NAME: user, PASSWORD: password, ACCOUNT_NAME: account } }),
      )
    ).json()) as { data: { token: string } };
    token = data.token;
  });
  after(() => snowflake.close());

  const post = (path: string, body: string | Buffer) =>
    fetch(`${snowflake.server.accessUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Snowflake Token="${token}"` },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  let requests = 0;
  const query = (body: string | Buffer) => post(`/queries/v1/query-request?requestId=${++requests}`, body);

  for (const [what, body] of [
    ['no JSON', '{"sqlText": '],
    ['null', 'null'],
    ['a list', '[]'],
    ['half of a gzip', gzipSync('{"sqlText":"select 1"}').subarray(0, 20)],
    ['a statement that is no text', '{"sqlText": 1}'],
    ['bindings that are no object', '{"sqlText":"select ?","bindings":[1]}'],
    ['a binding without a type', '{"sqlText":"select ?","bindings":{"1":{"value":"1"}}}'],
    [
      'a binding whose value is a number',
      '{"sqlText":"select ?","bindings":{"1":{"type":"FIXED","value":1}}}',
    ],
  ] as [string, string | Buffer][])
    it(`are 400 with a sentence: ${what}`, async () => {
      const answer = await query(body);
      const { success, message } = (await answer.json()) as { success: boolean; message: string };
      expect([answer.status, success]).to.deep.equal([400, false]);
      expect(message)
        .to.match(/^[A-Za-z ]+ .*\.$/)
        .and.not.match(/Error/);
    });

  it('are 400 at a login as well', async () => {
    for (const body of ['null', '{', '{"data": 1}'])
      expect((await post('/session/v1/login-request', body)).status).to.equal(400);
  });

  for (const value of ['1+1', '(SELECT 42)', 'abc', '1; drop table t'])
    it(`a FIXED bind is a number: ${value}`, async () => {
      const answer = await query(
        JSON.stringify({ sqlText: 'select ?', bindings: { 1: { type: 'FIXED', value } } }),
      );
      const { code, message } = (await answer.json()) as { code: string; message: string };
      expect([code, message]).to.deep.equal(['100038', `Numeric value '${value}' is not recognized`]);
    });

  for (const [type, value, shown] of [
    ['FIXED', '-1E+3', '-1000'],
    ['FIXED', '1.25e1', '12.5'],
    ['FIXED', '5E-2', '0.05'],
    ['DECFLOAT', '-1.234E+4003', '-1.234e4003'],
  ])
    it(`a ${type} bind with an exponent stays exact: ${value}`, async () => {
      const answer = await query(JSON.stringify({ sqlText: 'select ?', bindings: { 1: { type, value } } }));
      const { data } = (await answer.json()) as { data: { rowset: string[][]; rowtype: { type: string }[] } };
      expect([data.rowtype[0]!.type.toUpperCase(), data.rowset[0]![0]]).to.deep.equal([type, shown]);
    });
});
