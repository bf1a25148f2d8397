import { expect } from 'chai';
import { UserError } from '../../../deploy/errors.js';
import { applyPlan } from '../../../deploy/resources/apply.js';
import { bucketKind } from '../../../deploy/resources/aws/bucket.js';
import { makePlan, type Stack, sortByDependency } from '../../../deploy/resources/plan.js';
import { type Resource, ref, resourceOf } from '../../../deploy/resources/resource.js';
import { fakeContext } from '../fake-context.js';
import { MemoryKind } from './memory-kind.js';

const resource = (name: string, value = name, dependsOn: string[] = []): Resource =>
  resourceOf('memory', name, { value }, { dependsOn: dependsOn.map((id) => `memory:${id}`) });

describe('a resource', () => {
  it('does not compile with a definition that its kind does not know, nor without its kind', () => {
    // @ts-expect-error a bucket has no stage
    const wrong = () => bucketKind.resource('b', { stage: 'x' });
    // @ts-expect-error only a kind makes resources
    const handmade: Resource = { kind: 'aws.bucket', name: 'b', definition: {}, dependsOn: [] };
    expect(wrong).to.be.a('function');
    expect(handmade.kind).to.equal('aws.bucket');
  });

  it('is named after the kind that makes it', () => {
    const made = bucketKind.resource(
      'b',
      { encryption: 'AES256', publicAccess: 'blocked', transport: {}, expires: { prefix: 'old/', days: 1 } },
      { holdsData: true },
    );
    expect(made).to.deep.include({ kind: 'aws.bucket', name: 'b', dependsOn: [], holdsData: true });
  });
});

describe('plan and apply', () => {
  const ctx = fakeContext();
  let kind: MemoryKind;
  const stackOf = (...resources: Resource[]): Stack => ({ resources, kinds: [kind] });
  const apply = async (stack: Stack) => applyPlan(ctx, stack, await makePlan(ctx, stack));

  beforeEach(() => {
    kind = new MemoryKind('memory');
  });

  it('creates what is missing in the order of dependencies', async () => {
    const result = await apply(stackOf(resource('c', 'c', ['b']), resource('b', 'b', ['a']), resource('a')));
    expect(result.created).to.deep.equal(['memory:a', 'memory:b', 'memory:c']);
  });

  it('finds nothing to do the second time, with one listing', async () => {
    const stack = stackOf(resource('a'), resource('b', 'b', ['a']));
    await apply(stack);
    kind.calls.length = 0;
    const result = await apply(stack);
    expect(result).to.deep.include({ created: [], updated: [], removed: [], unchanged: 2 });
    expect(kind.calls).to.deep.equal(['list']);
  });

  it('changes only what was changed, and removes what is no longer declared', async () => {
    await apply(stackOf(resource('a'), resource('b'), resource('c')));
    const result = await apply(stackOf(resource('a'), resource('b', 'new')));
    expect(result).to.deep.include({ updated: ['memory:b'], removed: ['memory:c'], unchanged: 1 });
    expect(kind.live.get('b')?.value).to.equal('new');
  });

  it('keeps an undeclared object that holds data, and what a model version owns', async () => {
    kind.live.set('model', { name: 'model', owner: 'model', fingerprint: undefined });
    const data = new MemoryKind('data', true);
    data.live.set('table', { name: 'table', owner: 'managed', fingerprint: 'x' });
    const plan = await makePlan(ctx, { resources: [], kinds: [kind, data] });
    expect(plan.changes).to.deep.equal([]);
  });

  it('never touches what another made', async () => {
    kind.live.set('a', { name: 'a', owner: 'foreign', fingerprint: undefined });
    const error = await makePlan(ctx, stackOf(resource('a'))).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(UserError);
    const adopted = await makePlan(ctx, stackOf({ ...resource('a'), adopt: true }));
    expect(adopted.changes).to.deep.equal([]);
  });

  it('heals drift that the kind reports', async () => {
    await apply(stackOf(resource('a')));
    kind.live.set('a', { ...kind.live.get('a')!, drift: 'a person suspended it' });
    const plan = await makePlan(ctx, stackOf(resource('a')));
    expect(plan.changes.map(({ reason }) => reason)).to.deep.equal(['a person suspended it']);
  });

  it('puts the outputs of one object into the definition of another', async () => {
    const stack = stackOf(resource('api'), resource('user', `at ${ref('memory:api', 'id')}`, ['api']));
    await apply(stack);
    expect(kind.live.get('user')?.value).to.equal('at id-of-api');
    expect((await makePlan(ctx, stack)).changes).to.deep.equal([]);
  });

  it('updates what refers to an object that has to be made again', async () => {
    const stack = stackOf(resource('api'), resource('user', `at ${ref('memory:api', 'id')}`, ['api']));
    await apply(stack);
    kind.live.delete('api');
    const result = await apply(stack);
    expect(result).to.deep.include({ created: ['memory:api'], updated: ['memory:user'] });
  });

  it('does again what a change of its dependencies may undo', async () => {
    const grants = { ...resource('grants', 'g', ['view']), redo: true };
    await apply(stackOf(resource('view'), grants));
    const result = await apply(stackOf(resource('view', 'new'), grants));
    expect(result.updated).to.deep.equal(['memory:view', 'memory:grants']);
    expect((await makePlan(ctx, stackOf(resource('view', 'new'), grants))).changes).to.deep.equal([]);
  });

  it('runs independent changes at the same time', async () => {
    kind.delay = 10;
    await apply(stackOf(...'abcdefghij'.split('').map((name) => resource(name))));
    expect(kind.mostAtOnce).to.be.within(2, 6);
  });

  it('finishes what does not depend on a failure, names it, and goes on the next time', async () => {
    const stack = stackOf(resource('a'), resource('b', 'b', ['a']), resource('c', 'c', ['b']), resource('d'));
    kind.failing.add('b');
    const error = (await apply(stack).catch((e: unknown) => e)) as UserError;
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.contain('memory:b: b broke').and.not.to.contain('memory:c');
    expect([...kind.live.keys()].sort()).to.deep.equal(['a', 'd']);
    kind.failing.clear();
    expect((await apply(stack)).created).to.deep.equal(['memory:b', 'memory:c']);
  });

  it('stops at an abort without leaving a change half done', async () => {
    const abort = new AbortController();
    const stack = stackOf(resource('a'), resource('b', 'b', ['a']));
    const plan = await makePlan(ctx, stack);
    const error = await applyPlan({ ...ctx, signal: abort.signal }, stack, plan, () => abort.abort()).catch(
      (e: unknown) => e,
    );
    expect((error as Error).message).to.contain('interrupted');
    expect([...kind.live.keys()]).to.deep.equal(['a']);
  });

  it('refuses a circle, an unknown dependency and a double name', () => {
    expect(() => sortByDependency([resource('a', 'a', ['b']), resource('b', 'b', ['a'])])).to.throw('circle');
    expect(() => sortByDependency([resource('a', 'a', ['x'])])).to.throw('does not declare');
    expect(() => sortByDependency([resource('a'), resource('a')])).to.throw('twice');
  });
});
