import { expect } from 'chai';
import { applyPlan } from '../../../deploy/resources/apply.js';
import { makePlan, type Stack } from '../../../deploy/resources/plan.js';
import { type LiveResource, type Resource, resourceOf } from '../../../deploy/resources/resource.js';
import { schemaKinds } from '../../../deploy/resources/snowflake/kinds.js';
import { describePlan } from '../../../report/operations/plan.js';
import { fakeContext } from '../fake-context.js';
import { FakeSnowflake } from '../fake-snowflake.js';
import { MemoryKind } from './memory-kind.js';

/** One whose objects keep what they hold when they are renamed. */
class HoldingKind extends MemoryKind {
  constructor(id: string) {
    super(id, true);
  }

  async move(_ctx: unknown, resource: Resource<{ value: string }>, fingerprint: string, old: LiveResource) {
    this.calls.push(`move ${old.name} to ${resource.name}`);
    this.live.set(resource.name, { ...old, name: resource.name, fingerprint });
    this.live.delete(old.name);
    return undefined;
  }
}

describe('an object with an earlier name', () => {
  const ctx = fakeContext();
  let views: MemoryKind;
  let tables: HoldingKind;
  const stackOf = (...resources: Resource[]): Stack => ({ resources, kinds: [tables, views] });
  const planned = (stack: Stack) => makePlan(ctx, stack);
  const apply = async (stack: Stack) => applyPlan(ctx, stack, await planned(stack));
  const declare = (kind: string, name: string, formerly?: string, needs: string[] = []) =>
    resourceOf(
      kind,
      name,
      { value: 'x' },
      { dependsOn: needs, ...(formerly === undefined ? {} : { formerly: [formerly] }) },
    );

  beforeEach(() => {
    views = new MemoryKind('view');
    tables = new HoldingKind('table');
  });

  it('is renamed, and the plan says so; where it holds no data the old one goes last', async () => {
    await apply(stackOf(declare('table', 'MARKS'), declare('view', 'PIT', undefined, ['table:MARKS'])));
    const stack = stackOf(
      declare('table', 'TIMELINE', 'MARKS'),
      declare('view', 'CALIBRATION', 'PIT', ['table:TIMELINE']),
      declare('view', 'USER', undefined, ['view:CALIBRATION']),
    );
    expect(describePlan(await planned(stack))).to.deep.equal([
      '> table:MARKS → TIMELINE (with all of its rows)',
      '> view:PIT → CALIBRATION (recreated)',
      '+ view:USER (does not exist)',
      '- view:PIT (renamed, see CALIBRATION)',
      '1 to create, 2 to rename, 1 to remove.',
    ]);
    views.calls.length = 0;
    const applied = await apply(stack);
    expect(applied).to.deep.include({
      created: ['view:USER'],
      renamed: ['table:TIMELINE', 'view:CALIBRATION'],
      removed: ['view:PIT'],
    });
    expect(views.calls.slice(-3)).to.deep.equal(['create CALIBRATION', 'create USER', 'remove PIT']);
    expect([...tables.live.keys()]).to.deep.equal(['TIMELINE']);
    expect((await planned(stack)).changes).to.deep.equal([]);
  });

  it('is renamed by the next apply where the first one ended between', async () => {
    await apply(stackOf(declare('view', 'PIT'), declare('table', 'MARKS')));
    const stack = stackOf(
      declare('view', 'CALIBRATION', 'PIT'),
      declare('view', 'USER', undefined, ['view:CALIBRATION']),
      declare('table', 'TIMELINE', 'MARKS'),
    );
    views.failing.add('USER');
    await apply(stack).then(
      () => expect.fail('it should have failed'),
      () => undefined,
    );
    expect([...views.live.keys()]).to.have.members(['PIT', 'CALIBRATION']);
    views.failing.clear();
    const applied = await apply(stack);
    expect(applied).to.deep.include({ created: ['view:USER'], renamed: [], removed: ['view:PIT'] });
    expect((await planned(stack)).changes).to.deep.equal([]);
  });

  it('stays where it is another’s', async () => {
    views.live.set('PIT', { name: 'PIT', owner: 'foreign', fingerprint: undefined });
    const { changes } = await planned(stackOf(declare('view', 'CALIBRATION', 'PIT')));
    expect(changes.map(({ action, id }) => [action, id])).to.deep.equal([['create', 'view:CALIBRATION']]);
  });

  it('is not renamed over one that has the name already, and keeps its rows', async () => {
    await apply(stackOf(declare('table', 'MARKS'), declare('table', 'TIMELINE')));
    expect((await planned(stackOf(declare('table', 'TIMELINE', 'MARKS')))).changes).to.deep.equal([]);
  });
});

describe('renaming in Snowflake', () => {
  const kind = (id: string) => schemaKinds.find((each) => each.id === id)!;
  const table = (name: string, formerly: string[] = []) =>
    resourceOf(
      'snowflake.table',
      name,
      {
        create: `CREATE TABLE PREDICT_LOS.LOS.${name} (A NUMBER, B VARCHAR) COMMENT = '{fingerprint}'`,
        update: [],
      },
      { formerly },
    );
  const stream = (name: string, on: string, formerly: string[] = []) =>
    resourceOf(
      'snowflake.stream',
      name,
      {
        create: `CREATE STREAM ${name} ON TABLE PREDICT_LOS.LOS.${on} COMMENT = '{fingerprint}'`,
        update: [`ALTER STREAM ${name} SET COMMENT = '{fingerprint}'`],
      },
      { dependsOn: [`snowflake.table:${on}`], formerly },
    );
  const live = (stale: string): FakeSnowflake =>
    new FakeSnowflake([
      [/^SHOW TABLES/, [{ name: 'MARKS', comment: 'predict-los/los f0' }]],
      [
        /^SHOW COLUMNS/,
        [
          {
            table_name: 'MARKS',
            column_name: 'A',
            data_type: '{"type":"FIXED","precision":38,"scale":0,"nullable":true}',
          },
        ],
      ],
      [
        /^SHOW STREAMS/,
        [
          {
            name: 'UNTOLD',
            comment: 'predict-los/los f0',
            table_name: 'PREDICT_LOS.LOS.MARKS',
            mode: 'DEFAULT',
            stale,
          },
        ],
      ],
    ]);
  const renamed = async (stale: string, streamOf: Resource) => {
    const snowflake = live(stale);
    const ctx = fakeContext({ snowflake });
    const stack: Stack = {
      resources: [table('TIMELINE', ['MARKS']), streamOf],
      kinds: [kind('snowflake.table'), kind('snowflake.stream')],
    };
    const plan = await makePlan(ctx, stack);
    await applyPlan(ctx, stack, plan);
    return { lines: describePlan(plan), executed: snowflake.executed };
  };

  it('takes a table with its rows and gives it the columns that it lacks', async () => {
    const { lines, executed } = await renamed('false', stream('UNSENT', 'TIMELINE', ['UNTOLD']));
    expect(lines).to.include('> snowflake.table:MARKS → TIMELINE (with all of its rows)');
    expect(executed.slice(0, 2)).to.deep.equal([
      'ALTER TABLE PREDICT_LOS.LOS.MARKS RENAME TO PREDICT_LOS.LOS.TIMELINE',
      'ALTER TABLE PREDICT_LOS.LOS.TIMELINE ADD COLUMN B VARCHAR',
    ]);
    expect(executed.join('\n')).not.to.match(/DROP TABLE/);
  });

  it('begins a stream where the old one stands, and drops that last', async () => {
    const { lines, executed } = await renamed('false', stream('UNSENT', 'TIMELINE', ['UNTOLD']));
    expect(lines).to.include('> snowflake.stream:UNTOLD → UNSENT (continues where it stood)');
    const clone = executed.indexOf('CREATE STREAM PREDICT_LOS.LOS.UNSENT CLONE PREDICT_LOS.LOS.UNTOLD');
    expect(clone).to.be.greaterThan(0);
    expect(executed[clone + 1]).to.match(
      /^ALTER STREAM PREDICT_LOS.LOS.UNSENT SET COMMENT = 'predict-los\/los /,
    );
    expect(executed.at(-1)).to.equal('DROP STREAM IF EXISTS UNTOLD');
  });

  it('recreates a stream where the old one is stale', async () => {
    const { lines, executed } = await renamed('true', stream('UNSENT', 'TIMELINE', ['UNTOLD']));
    expect(lines.join('\n')).to.contain('> snowflake.stream:UNTOLD → UNSENT (recreated)');
    expect(executed.join('\n'))
      .to.match(/CREATE STREAM UNSENT ON TABLE/)
      .and.not.match(/CLONE/);
  });

  it('leaves a stream alone whose table takes another name', async () => {
    const { executed } = await renamed('false', stream('UNTOLD', 'TIMELINE'));
    expect(executed.filter((sql) => /STREAM/.test(sql) && !/SET COMMENT/.test(sql))).to.deep.equal([]);
  });
});
