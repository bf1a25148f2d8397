import { expect } from 'chai';
import fc from 'fast-check';
import type { ResourceId } from '../../../deploy/resources/resource.js';
import { constantText } from '../../../procedures/versions/constant.js';
import { valueChanges } from '../../../report/operations/compiled-values.js';
import { describePlan } from '../../../report/operations/plan.js';

const body = (plan: unknown, code = 'return PLAN;') => `\nconst PLAN = ${constantText(plan)};\n${code}`;
const between = (live: string, declared: string) => valueChanges({ property: 'body', live, declared });

describe('values that are compiled into bodies', () => {
  const contract = { features: { AGE: { default: 0 }, WARD: { type: 'categorical' } }, groups: [['AGE']] };

  it('differ by the path of each', () => {
    const edited = { ...contract, features: { AGE: { default: 1 } }, groups: [['AGE'], ['WARD']] };
    expect(between(body({ contract }), body({ contract: edited }))).to.deep.equal([
      { path: 'contract.features.AGE.default', live: '0', declared: '1' },
      { path: 'contract.features.WARD', live: '{"type":"categorical"}', declared: undefined },
      { path: 'contract.groups', live: '[["AGE"]]', declared: '[["AGE"],["WARD"]]' },
    ]);
  });

  it('of named things in a list differ by name', () => {
    const candidates = (depth: number) => ({ candidates: [{ name: 'a', depth }, { name: 'b' }] });
    expect(between(body(candidates(3)), body(candidates(4)))).to.deep.equal([
      { path: 'candidates.a.depth', live: '3', declared: '4' },
    ]);
  });

  it('in another order are a difference', () => {
    expect(between(body({ a: 1, b: 2 }), body({ b: 2, a: 1 }))).to.deep.equal([
      { path: 'PLAN', live: 'a, b', declared: 'b, a' },
    ]);
  });

  it('say nothing where the code differs, or where there is no body', () => {
    expect(between(body({ a: 1 }), body({ a: 2 }, 'return 1;'))).to.equal(undefined);
    expect(valueChanges({ property: 'text', live: 'a', declared: 'b' })).to.equal(undefined);
    expect(between(`\nconst PLAN = 1 + 1;\n`, body(1))).to.equal(undefined);
  });

  it('differ exactly where two values differ, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = [{ value: one }, { value: other }];
        // Such a key is written as JavaScript, not as JSON.
        fc.pre(!constantText([a, b]).includes('__proto__'));
        const changes = between(body(a), body(b))!;
        expect(changes.length > 0).to.equal(constantText(a) !== constantText(b));
        for (const { live, declared } of changes) expect(live).to.not.equal(declared);
      }),
    );
  });

  it('stand in a plan once, with those that carry them', () => {
    const change = (name: string) => ({
      action: 'update' as const,
      id: `snowflake.procedure:${name}()` as ResourceId,
      reason: 'its definition changed',
      differences: [
        {
          property: 'body',
          live: body({ contract, sql: `SELECT 1, ${'A, '.repeat(40)}` }),
          declared: body({ contract: { ...contract, ward: 'W' }, sql: `SELECT 2, ${'A, '.repeat(40)}` }),
        },
      ],
    });
    expect(describePlan({ changes: [change('A'), change('B')], unchanged: 3 })).to.deep.equal([
      'Values that change in procedures and functions:',
      '    contract.ward: (none) → "W" (in 2)',
      '~ snowflake.procedure:A() (its definition changed: the values above and what is made from them: sql)',
      '~ snowflake.procedure:B() (its definition changed: the values above and what is made from them: sql)',
      '2 to change, 3 unchanged.',
    ]);
  });
});
