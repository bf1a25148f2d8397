import vm from 'node:vm';
import { TextPacker } from '@local-cloud/snowflake/storage/text-packer.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('JSON packed as bytes', () => {
  const packedJson = (value: unknown, plain: object = Object.prototype): string | undefined => {
    const packer = new TextPacker(1, plain);
    if (!packer.value(value)) return undefined;
    const { bytes, lengths } = packer.done();
    expect(lengths[0]).to.equal(bytes.length);
    return Buffer.from(bytes).toString();
  };

  it('is what JSON.stringify makes of it', () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 10_000 }).map((n) => n / 1e4),
      fc.integer().map((n) => n / 10 ** Math.abs(n % 6)),
      fc.double(),
      fc.maxSafeInteger(),
      fc.constantFrom(
        0,
        -0,
        1e10,
        9_999_999_999.9999,
        1e-4,
        1e-5,
        0.99995,
        1e21,
        5e-324,
        Number.NaN,
        -Infinity,
      ),
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '"', '\\', '\ud800', '\0'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(number, text, fc.boolean(), fc.constant(null)),
        fc.array(tie('value')),
        fc.dictionary(
          text.filter((key) => key !== '__proto__'),
          fc.option(tie('value'), { nil: undefined }),
          {
            noNullPrototype: true,
          },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        expect(packedJson(each)).to.equal(JSON.stringify(each));
      }),
      {
        numRuns: 500,
      },
    );
  });

  it('holds rows one behind the other, in more room than there was at first', () => {
    const packer = new TextPacker(4000, Object.prototype);
    for (let i = 0; i < 2000; i++) {
      packer.value({ i, text: 'x'.repeat(i % 100) });
      packer.text(i % 2 === 0 ? null : `é${i}`);
    }
    const { bytes, lengths } = packer.done();
    let [at, texts] = [0, 0];
    for (const [row, length] of lengths.entries()) {
      const i = row >> 1;
      if (length === 0xffffffff) continue;
      const text = Buffer.from(bytes.subarray(at, at + length)).toString();
      if (row % 2 === 1) expect(text).to.equal(`é${i}`);
      else expect(text).to.equal(JSON.stringify({ i, text: 'x'.repeat(i % 100) }));
      at += length;
      texts++;
    }
    expect([at, texts]).to.deep.equal([bytes.length, 3000]);
  });

  it('is left to the realm where a value is not plain, wherever it stands', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    const others = [
      undefined,
      () => 1,
      1n,
      new Date(0),
      new Number(5),
      new Map(),
      Object.create(null),
      { toJSON: () => 1 },
      Object.assign([], { toJSON: () => 1 }),
      circle,
      vm.runInNewContext('({})'),
    ];
    for (const other of others)
      for (const value of [other, [other], { a: [1, { b: other }] }])
        if (other !== undefined || !('a' in ((value as object) ?? {})))
          expect(packedJson(value), String(typeof other)).to.equal(undefined);
  });

  it('knows the plain objects of another realm', () => {
    const context = vm.createContext({});
    const plain = vm.runInContext('Object.prototype', context) as object;
    expect(packedJson(vm.runInContext('({ a: [1, { b: "c" }] })', context), plain)).to.equal(
      '{"a":[1,{"b":"c"}]}',
    );
    expect(packedJson({ a: 1 }, plain)).to.equal(undefined);
  });
});
