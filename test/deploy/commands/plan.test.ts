import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { applyPlan } from '../../../deploy/resources/apply.js';
import { makePlan } from '../../../deploy/resources/plan.js';
import { type Resource, resourceOf } from '../../../deploy/resources/resource.js';
import { assertCurrent, readPlan, toSavedPlan, writePlan } from '../../../deploy/resources/saved-plan.js';
import { describePlan } from '../../../report/operations/plan.js';
import { fakeContext } from '../fake-context.js';
import { MemoryKind } from '../resources/memory-kind.js';

const resource = (name: string, value = name): Resource => resourceOf('memory', name, { value });

describe('a plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-plan-'));
  const file = join(folder, 'plan.json');
  after(() => rmSync(folder, { recursive: true }));

  const ctx = fakeContext({
    target: { name: 'local' } as never,
    aws: { accountId: '123456789012', region: 'us-east-1' } as never,
  });
  let kind: MemoryKind;
  beforeEach(() => {
    kind = new MemoryKind('memory');
  });
  const stackOf = (...resources: Resource[]) => ({ resources, kinds: [kind] });
  const planOf = (...resources: Resource[]) => makePlan(ctx, stackOf(...resources));
  const save = async (...resources: Resource[]) =>
    writePlan(file, toSavedPlan(ctx, await planOf(...resources)));
  const refusal = async (...resources: Resource[]) => {
    const now = await planOf(...resources);
    try {
      assertCurrent(ctx, readPlan(file), now);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  it('is kept in a file and holds while nothing moves', async () => {
    await save(resource('a'), resource('b'));
    expect(await refusal(resource('a'), resource('b'))).to.equal(undefined);
    expect(JSON.parse(readFileSync(file, 'utf8')).changes).to.have.length(2);
  });

  it('is refused when the clouds have moved on, naming what moved', async () => {
    await save(resource('a'), resource('b'));
    const stack = stackOf(resource('a'));
    await applyPlan(ctx, stack, await makePlan(ctx, stack));
    expect(await refusal(resource('a'), resource('b')))
      .to.contain('memory:a')
      .and.not.to.contain('memory:b');
  });

  it('is refused when the declaration changed, also where no difference shows it', async () => {
    await save(resource('a'));
    expect(await refusal(resource('a', 'other'))).to.contain('no longer holds');
  });

  it('is refused for another deployment', async () => {
    await save(resource('a'));
    const saved = readPlan(file);
    writeFileSync(file, JSON.stringify({ ...saved, deployment: { ...saved.deployment, prefix: 'other' } }));
    expect(await refusal(resource('a'))).to.contain('prefix is los here and other there');
  });

  it('is refused when the file is something else', () => {
    writeFileSync(file, '{"format": 7}');
    expect(() => readPlan(file)).to.throw('is not a plan');
    expect(() => readPlan(join(folder, 'nowhere.json'))).to.throw('cannot be read');
  });

  it('reads as changes with their differences and a summary', () => {
    const change = { action: 'update', id: 'k:x', reason: 'was changed outside', drift: true } as const;
    const differences = [
      { property: 'SIZE', live: 'LARGE', declared: 'XSMALL' },
      { property: 'body', live: 'one\ntwo\nthree', declared: 'one\n2\nthree' },
      { property: 'policies', live: 'more', declared: undefined },
    ];
    expect(
      describePlan({
        changes: [
          { ...change, differences },
          { action: 'remove', id: 'k:y', reason: 'no longer declared', differences: [] },
          { action: 'update', id: 'k:z', reason: 'its definition changed', replaces: true, differences: [] },
        ],
        unchanged: 3,
      }),
    ).to.deep.equal([
      '~ k:x (drift: was changed outside)',
      '    SIZE: LARGE → XSMALL',
      '    body:',
      '      @@ line 2 @@',
      '      - two',
      '      + 2',
      '    policies: more → (none)',
      '- k:y (no longer declared)',
      '± k:z (its definition changed; has to be made again)',
      '1 to change, 1 to replace, 1 to remove, 3 unchanged.',
    ]);
    expect(describePlan({ changes: [], unchanged: 3 })).to.deep.equal([
      'Nothing to do: 3 objects are as declared.',
    ]);
  });
});
