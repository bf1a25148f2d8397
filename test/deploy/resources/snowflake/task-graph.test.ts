import { expect } from 'chai';
import { taskGraph } from '../../../../deploy/resources/snowflake/definition.js';
import { taskGraphKind } from '../../../../deploy/resources/snowflake/task-graph.js';
import { fakeContext } from '../../fake-context.js';
import { FakeSnowflake } from '../../fake-snowflake.js';

const graph = taskGraph(
  {
    tasks: ['ROOT', 'LEFT', 'RIGHT'].map((name) => ({
      name,
      create: `CREATE OR REPLACE TASK ${name} COMMENT = '{fingerprint}' AS SELECT 1`,
    })),
    resumed: true,
  },
  [],
);
const task = (name: string, state: string, comment: string) => ({ name, state, comment });
const list = (...rows: Record<string, string>[]) =>
  taskGraphKind.list(fakeContext({ snowflake: new FakeSnowflake([[/^SHOW TASKS/, rows]]) }), [graph]);

describe('task graphs', () => {
  it('suspend the root first, resume the children and then the root', async () => {
    const all = ['ROOT', 'LEFT', 'RIGHT'].map((name) => task(name, 'started', 'predict-los/los f1'));
    const snowflake = new FakeSnowflake([[/^SHOW TASKS/, all]]);
    await taskGraphKind.create(fakeContext({ snowflake }), graph, 'f1');
    const words = snowflake.executed.map((sql) => sql.replace(/ COMMENT.*| IF EXISTS/g, ''));
    expect(words[0]).to.equal('ALTER TASK ROOT SUSPEND');
    expect(words.slice(3, 6)).to.deep.equal(
      ['ROOT', 'LEFT', 'RIGHT'].map((n) => `CREATE OR REPLACE TASK ${n}`),
    );
    expect(words.slice(6)).to.deep.equal(['LEFT', 'RIGHT', 'ROOT'].map((n) => `ALTER TASK ${n} RESUME`));
    expect(snowflake.executed[3]).to.contain("COMMENT = 'predict-los/los f1'");
  });

  it('are not taken as running because they were told to', async () => {
    const rows = ['ROOT', 'LEFT', 'RIGHT'].map((name) =>
      task(name, name === 'LEFT' ? 'suspended' : 'started', 'predict-los/los f1'),
    );
    const snowflake = new FakeSnowflake([[/^SHOW TASKS/, rows]]);
    const error = await taskGraphKind
      .create(fakeContext({ snowflake }), graph, 'f1')
      .catch((e: unknown) => e);
    expect((error as Error).message).to.contain('LEFT are not started');
  });

  it('are as declared only when every task is, and runs', async () => {
    const all = (state: string) => ['ROOT', 'LEFT', 'RIGHT'].map((n) => task(n, state, 'predict-los/los f1'));
    const [asDeclared, ...others] = await list(...all('started'));
    expect(asDeclared).to.deep.include({ name: 'ROOT', owner: 'managed', fingerprint: 'f1' });
    expect(asDeclared).not.to.have.property('drift');
    expect(others).to.deep.equal([]);
    expect((await list(...all('suspended')))[0]?.drift).to.contain('suspended');
    const halfDone = await list(...all('started').slice(0, 2));
    expect(halfDone[0]?.fingerprint).to.equal(undefined);
    const mixed = await list(...all('started').slice(0, 2), task('RIGHT', 'started', 'predict-los/los f0'));
    expect(mixed[0]?.fingerprint).to.equal(undefined);
  });

  it('report a task that is no longer declared, and leave those of others alone', async () => {
    const found = await list(task('OLD', 'started', 'predict-los/los f1'), task('THEIRS', 'started', ''));
    expect(found).to.deep.equal([{ name: 'OLD', owner: 'managed', fingerprint: 'f1' }]);
  });

  it('drop tasks of ours with earlier names before they are made, and those alone', async () => {
    const rows = [
      ...['ROOT', 'LEFT', 'RIGHT'].map((name) => task(name, 'started', 'predict-los/los f1')),
      task('OLD', 'started', 'predict-los/los f0'),
      task('THEIRS', 'started', ''),
      task('OTHER', 'started', 'predict-los/los f0'),
    ];
    const snowflake = new FakeSnowflake([[/^SHOW TASKS/, rows]]);
    const renamed = { ...graph, formerly: ['OLD', 'THEIRS'] };
    await taskGraphKind.create(fakeContext({ snowflake }), renamed, 'f1');
    const words = snowflake.executed.map((sql) => sql.replace(/ COMMENT.*| IF EXISTS/g, ''));
    expect(words.slice(3, 6)).to.deep.equal([
      'ALTER TASK OLD SUSPEND',
      'DROP TASK OLD',
      'CREATE OR REPLACE TASK ROOT',
    ]);
    expect(words.filter((sql) => sql.startsWith('DROP'))).to.deep.equal(['DROP TASK OLD']);
  });

  it('are dropped children first, after the root was suspended', async () => {
    const rows = [
      task('ROOT', 'started', 'predict-los/los f1'),
      task('LEFT', 'started', 'predict-los/los f1'),
      task('THEIRS', 'started', ''),
    ];
    const snowflake = new FakeSnowflake([[/^SHOW TASKS/, rows]]);
    await taskGraphKind.remove(fakeContext({ snowflake }), {
      name: 'ROOT',
      owner: 'managed',
      fingerprint: 'f1',
    });
    expect(snowflake.executed).to.deep.equal([
      'ALTER TASK IF EXISTS ROOT SUSPEND',
      'DROP TASK IF EXISTS LEFT',
      'DROP TASK IF EXISTS ROOT',
    ]);
  });
});
