import {
  FAULT_KINDS,
  type FaultKind,
  type FaultSpec,
  FaultSyntaxError,
  formatFault,
  parseFault,
} from '@local-cloud/kit/faults/fault.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';
import fc from 'fast-check';

const kinds = Object.keys(FAULT_KINDS) as FaultKind[];

describe('a fault’s notation', () => {
  it('is read as it is written', () => {
    expect(parseFault('s3:PutObject=throttle,next=3')).to.deep.equal({
      operation: 's3:PutObject',
      kind: 'throttle',
      next: 3,
    });
    expect(parseFault('smtp=cut, share=0.2, seed=7')).to.deep.equal({
      operation: 'smtp',
      kind: 'cut',
      share: 0.2,
      seed: 7,
    });
  });

  it('means the next call only, unless it says more', () => {
    expect(parseFault('iam:*=fail').next).to.equal(1);
    expect(parseFault('iam:*=fail,share=1').next).to.equal(undefined);
  });

  it('comes back the same from its own text', () => {
    const spec: fc.Arbitrary<FaultSpec> = fc
      .record({
        operation: fc.constantFrom('s3:PutObject', 'sagemaker:*', 'smtp', '*', 'apigateway:Get*'),
        kind: fc.constantFrom(...kinds.filter((kind) => kind !== 'repeat')),
        after: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
        next: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
        share: fc.option(fc.constantFrom(0.01, 0.25, 1), { nil: undefined }),
        seed: fc.option(fc.integer(), { nil: undefined }),
      })
      .filter(({ next, share }) => next !== undefined || share !== undefined)
      .map((given) => Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) as never);
    fc.assert(
      fc.property(spec, (given) => {
        expect(parseFault(formatFault(given))).to.deep.equal(given);
      }),
    );
  });

  for (const [text, says] of [
    ['', /is not a fault/],
    ['s3:PutObject', /is not a fault/],
    ['s3:PutObject=explode', /there are throttle, fail/],
    ['s4:PutObject=fail', /no service of the local cloud/],
    ['s3=fail', /no service|needs an operation/],
    ['s3:Put Object=fail', /needs an operation/],
    ['smtp:Data=fail', /no service/],
    ['s3:*=fail,next=0', /next and after are whole numbers/],
    ['s3:*=fail,after=0.5', /next and after are whole numbers/],
    ['*=repeat', /external functions have the fault repeat/],
    ['external-function:ASK=fail', /external functions have the fault repeat/],
    ['s3:*=fail,share=2', /share a number/],
    ['s3:*=fail,share=', /share a number/],
    ['s3:*=fail,often', /not understood/],
  ] as const)
    it(`is refused with a reason: "${text}"`, () => {
      expect(() => parseFault(text)).to.throw(FaultSyntaxError, says);
    });
});

describe('the faults that are set', () => {
  const calls = (faults: Faults, calls: number, operation = 's3:GetObject') =>
    Array.from({ length: calls }, () => faults.take(operation));

  it('hit the next calls of their operation and no other', () => {
    const faults = new Faults();
    faults.add(parseFault('s3:Get*=fail,next=2'));
    expect(faults.take('s3:PutObject')).to.equal(undefined);
    expect(faults.take('sagemaker:GetObject')).to.equal(undefined);
    expect(calls(faults, 3)).to.deep.equal(['fail', 'fail', undefined]);
    expect(faults.list()).to.deep.equal([{ fault: 's3:Get*=fail,next=2', hits: 2, left: 0 }]);
  });

  it('let calls go by before they hit', () => {
    const faults = new Faults();
    faults.add(parseFault('s3:*=fail,after=2'));
    expect(faults.take('iam:GetRole')).to.equal(undefined);
    expect(calls(faults, 4)).to.deep.equal([undefined, undefined, 'fail', undefined]);
  });

  it('repeat batches of the external function that they name, and hit nothing else', () => {
    const faults = new Faults();
    faults.add(parseFault('external-function:LOS_*=repeat,next=2'));
    faults.add(parseFault('*=cut,share=1'));
    expect(faults.take('external-function:LOS_ASK')).to.equal('cut');
    expect(faults.repeats('OTHER')).to.equal(false);
    expect([1, 2, 3].map(() => faults.repeats('LOS_ASK'))).to.deep.equal([true, true, false]);
  });

  it('go one after the other', () => {
    const faults = new Faults();
    faults.add(parseFault('s3:*=throttle'));
    faults.add(parseFault('*=cut'));
    expect(calls(faults, 3)).to.deep.equal(['throttle', 'cut', undefined]);
  });

  it('hit a share of calls, the same ones for the same seed', () => {
    const hits = (seed: number) => {
      const faults = new Faults();
      faults.add(parseFault(`*=fail,share=0.2,seed=${seed}`));
      return calls(faults, 1000).map(Boolean);
    };
    expect(hits(5)).to.deep.equal(hits(5));
    expect(hits(5)).to.not.deep.equal(hits(6));
    expect(hits(5).filter(Boolean).length).to.be.within(150, 250);
  });

  it('stop when they are cleared', () => {
    const faults = new Faults();
    faults.add(parseFault('*=fail,share=1'));
    expect(faults.list()[0]!.left).to.equal(null);
    faults.clear();
    expect(calls(faults, 1)).to.deep.equal([undefined]);
  });
});
