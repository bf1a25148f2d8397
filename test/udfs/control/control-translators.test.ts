import { expect } from 'chai';
import fc from 'fast-check';
import { controlActionNames } from '../../../udfs/control/control-actions.js';
import type { ControlAnswer } from '../../../udfs/control/control-response-translator.js';
import { type Handler, handler } from '../compiled.js';

describe('the translators of LOS_SAGEMAKER', () => {
  let request: Handler;
  let response: Handler;
  before(async () => {
    request = await handler('udfs/control/control-request-translator.ts');
    response = await handler('udfs/control/control-response-translator.ts');
  });

  const send = (...rows: unknown[][]) =>
    request({ body: { data: rows.map((row, i) => [i, ...row]) } }) as { body: string; urlSuffix: string };
  const read = (body: unknown) =>
    (JSON.parse(JSON.stringify(response({ body }))) as { body: { data: [number, ControlAnswer][] } }).body
      .data;

  it('send the request’s JSON to the route of its action', () => {
    for (const action of controlActionNames)
      expect({ ...send([action, { Name: 'x' }]) }).to.deep.equal({
        body: '{"Name":"x"}',
        urlSuffix: `/${action}`,
      });
  });

  it('keep every value as it was: numbers, texts that look like numbers, booleans, nulls', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (given) => {
        const plain = JSON.parse(JSON.stringify(given)) as object;
        expect(JSON.parse(send(['CreateModel', plain]).body)).to.deep.equal(plain);
      }),
    );
    expect(send(['CreateTrainingJob', { HyperParameters: { num_round: '1' }, N: 1 }]).body).to.equal(
      '{"HyperParameters":{"num_round":"1"},"N":1}',
    );
  });

  it('refuse what is not in the list, by name, whatever an object has', () => {
    for (const action of ['DeleteBucket', 'createModel', 'toString', '__proto__', '', null, 7])
      expect(() => send([action, {}])).to.throw(`does not know the action ${String(action)}; it has`);
  });

  it('refuse a request that is none, and more than one at a time', () => {
    for (const none of [null, undefined, 'text', 7, [1]])
      expect(() => send(['CreateModel', none])).to.throw('request of CreateModel is NULL or no OBJECT');
    expect(() => send(['CreateModel', {}], ['CreateModel', {}])).to.throw('2 rows, not one');
    expect(() => send()).to.throw('0 rows, not one');
  });

  it('give SageMaker’s answer, and {} for an empty one', () => {
    const answer = { EndpointArn: 'arn:x', Weight: 0.5, Tags: [] };
    expect(read(answer)).to.deep.equal([[0, { ok: true, answer }]]);
    // Snowflake hands over a text where the answer is not called JSON.
    expect(read(JSON.stringify(answer))).to.deep.equal([[0, { ok: true, answer }]]);
    for (const empty of ['', ' \n', null, undefined, {}, '{}'])
      expect(read(empty)).to.deep.equal([[0, { ok: true, answer: {} }]]);
  });

  it('give SageMaker’s error by its type without a prefix, however the message is spelled', () => {
    const error = (body: object) => read(body)[0]![1];
    expect(error({ __type: 'ValidationException', message: 'no' })).to.deep.equal({
      ok: false,
      error: 'ValidationException',
      message: 'no',
    });
    expect(
      error({ __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'not you' }),
    ).to.deep.equal({ ok: false, error: 'AccessDeniedException', message: 'not you' });
    expect(error({ __type: 'ThrottlingException' })).to.deep.equal({
      ok: false,
      error: 'ThrottlingException',
      message: '',
    });
  });

  it('take nothing for an answer that is no object', () => {
    for (const body of ['<html>', [1], 7, true])
      expect(() => read(body)).to.throw(/^SageMaker answered .*, which is no object/);
  });
});
