import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { packConstant, UNPACK } from '../../../deploy/compile/pack.js';
import { longTests } from '../../long.js';

const { long } = longTests(import.meta.url);

const evaluate = (text: string) => runInNewContext(`${UNPACK}\n(${text})`) as unknown;

describe('a packed constant', () => {
  long('is what it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(5), (texts, times) => {
        const value = { texts, again: texts.join(' ').repeat(times), filled: 'SELECT '.repeat(700) };
        const packed = packConstant(JSON.stringify(value));
        expect(packed).to.match(/^JSON\.parse\(unpack\('[A-Za-z0-9+/=]+'\)\)$/);
        expect(JSON.stringify(evaluate(packed))).to.equal(JSON.stringify(value));
      }),
      { numRuns: 30 },
    );
  });

  it('is a sixth of statements that name the columns of a wide table again and again', () => {
    const names = Array.from({ length: 100 }, (_, i) => `LABORATORY_VALUE_AT_ADMISSION_${i}`);
    const list = (prefix: string) => names.map((name) => `${prefix}.${name}`).join(', ');
    const text = JSON.stringify('abcdefghijklmnopqrst'.split('').map(list));
    expect(packConstant(text).length).to.be.lessThan(text.length / 6);
    expect(evaluate(packConstant(text))).to.have.length(20);
  });

  it('shows what the engine puts a value in for', () => {
    const reference = `$${'{aws.rest-api:los#invokeUrl}'}`;
    const text = JSON.stringify({
      url: `${reference}/endpoints`,
      again: reference,
      filled: 'SELECT '.repeat(700),
    });
    const packed = packConstant(text);
    expect(packed).to.contain(reference);
    expect(evaluate(packed.replaceAll(reference, 'https://x'))).to.include({
      url: 'https://x/endpoints',
      again: 'https://x',
    });
  });

  it('stays as it can be read where it is short, or JavaScript', () => {
    expect(packConstant('{"a":1}')).to.equal('{"a":1}');
    const code = `(() => ${JSON.stringify('x'.repeat(5000))})()`;
    expect(packConstant(code)).to.equal(code);
  });
});
