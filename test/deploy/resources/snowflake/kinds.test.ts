import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { SnowflakeError } from '../../../../deploy/clients/snowflake.js';
import { AT_ONCE } from '../../../../deploy/resources/limiter.js';
import { COMMENT_CLAUSE, sqlResource } from '../../../../deploy/resources/snowflake/definition.js';
import { externalFunctionKind } from '../../../../deploy/resources/snowflake/external-function.js';
import { grantsKind } from '../../../../deploy/resources/snowflake/grants.js';
import { schemaKinds } from '../../../../deploy/resources/snowflake/kinds.js';
import { showEach } from '../../../../deploy/resources/snowflake/sql-kind.js';
import { fakeContext } from '../../fake-context.js';
import { FakeSnowflake } from '../../fake-snowflake.js';

const kind = (id: string) => schemaKinds.find((item) => item.id === id)!;

describe('Snowflake objects', () => {
  const view = sqlResource('snowflake.view', 'V', {
    create: `CREATE OR REPLACE VIEW V ${COMMENT_CLAUSE} AS SELECT 1`,
  });

  it('carry their fingerprint in the comment of the statement that makes them', async () => {
    const snowflake = new FakeSnowflake();
    await kind('snowflake.view').create(fakeContext({ snowflake }), view, 'f1');
    expect(snowflake.executed).to.deep.equal([
      "CREATE OR REPLACE VIEW V COMMENT = 'predict-los/los f1' AS SELECT 1",
    ]);
  });

  it('are listed when they are ours, or replace one of ours', async () => {
    const rows = [
      { name: 'V', comment: 'made by hand', text: 'create view V\nAS SELECT 2', is_secure: 'false' },
      { name: 'OTHER', comment: '' },
      { name: 'OLD', comment: 'predict-los/los f0' },
    ];
    const ctx = fakeContext({ snowflake: new FakeSnowflake([[/^SHOW VIEWS/, rows]]) });
    expect(await kind('snowflake.view').list(ctx, [view])).to.deep.equal([
      {
        name: 'V',
        owner: 'managed',
        fingerprint: undefined,
        properties: { text: 'SELECT 2', SECURE: 'FALSE' },
        drift: 'it was replaced by hand',
      },
      {
        name: 'OLD',
        owner: 'managed',
        fingerprint: 'f0',
        properties: { text: '', SECURE: undefined },
      },
    ]);
  });

  it('are not ours when they hold data and lack the comment', async () => {
    const ctx = fakeContext({
      snowflake: new FakeSnowflake([[/^SHOW TABLES/, [{ name: 'T', comment: '' }]]]),
    });
    const table = sqlResource('snowflake.table', 'T', {
      create: `CREATE TABLE T (X NUMBER) ${COMMENT_CLAUSE}`,
    });
    expect((await kind('snowflake.table').list(ctx, [table]))[0]?.owner).to.equal('foreign');
  });

  it('are none while the database does not exist, but other errors come through', async () => {
    const failing = (code: string) =>
      Object.assign(new FakeSnowflake(), {
        query: async () => {
          throw new SnowflakeError('no', { code });
        },
      });
    expect(
      await kind('snowflake.view').list(fakeContext({ snowflake: failing('002003') }), []),
    ).to.deep.equal([]);
    const error = await kind('snowflake.view')
      .list(fakeContext({ snowflake: failing('003001') }), [])
      .catch((e: unknown) => e);
    expect(error).to.be.instanceOf(SnowflakeError);
  });

  it('name functions by their arguments, external ones apart', async () => {
    const rows = [
      {
        FUNCTION_NAME: 'F',
        ARGUMENT_SIGNATURE: '(A OBJECT, B VARCHAR)',
        COMMENT: 'predict-los/los f1',
        IS_EXTERNAL: 'NO',
      },
      {
        FUNCTION_NAME: 'P',
        ARGUMENT_SIGNATURE: '(A OBJECT)',
        COMMENT: 'predict-los/los f1',
        IS_EXTERNAL: 'YES',
      },
    ];
    const ctx = fakeContext({ snowflake: new FakeSnowflake([[/INFORMATION_SCHEMA.FUNCTIONS/, rows]]) });
    expect((await kind('snowflake.function').list(ctx, [])).map(({ name }) => name)).to.deep.equal([
      'F(OBJECT, VARCHAR)',
    ]);
  });
});

describe('external functions', () => {
  const resource = externalFunctionKind.resource('P(OBJECT)', {
    head: 'P(X OBJECT)',
    returns: 'FLOAT',
    description: 'What it answers.',
    apiIntegration: 'API',
    requestTranslator: 'NONE_YET',
    chosen: 'SELECT TRANSLATOR FROM CHAMPIONS',
    responseTranslator: 'RESPONSE',
    maxBatchRows: 10,
    url: 'https://example.org/x',
  });

  const chosen = (functions: string[]) =>
    new FakeSnowflake([
      [/FROM CHAMPIONS/, [{ TRANSLATOR: 'REQUEST_V3' }]],
      [/^SHOW USER FUNCTIONS/, functions.map((name) => ({ name }))],
    ]);
  const live = { name: 'P(OBJECT)', owner: 'managed', fingerprint: 'old' } as const;

  it("get the champion's request translator when they are replaced or made again, whatever DESCRIBE shows", async () => {
    const snowflake = chosen(['REQUEST_V3']);
    await externalFunctionKind.update(fakeContext({ snowflake }), resource, 'new', live);
    await externalFunctionKind.create(fakeContext({ snowflake }), resource, 'new');
    for (const sql of snowflake.executed)
      expect(sql).to.contain('REQUEST_TRANSLATOR = PREDICT_LOS.LOS.REQUEST_V3');
  });

  it('start over when the translator of the champion is gone', async () => {
    const snowflake = chosen(['OTHER']);
    await externalFunctionKind.create(fakeContext({ snowflake }), resource, 'new');
    expect(snowflake.executed[0]).to.contain('REQUEST_TRANSLATOR = NONE_YET');
  });

  it('start with the declared one', async () => {
    const snowflake = new FakeSnowflake();
    await externalFunctionKind.create(fakeContext({ snowflake }), resource, 'new');
    expect(snowflake.executed[0]).to.contain('REQUEST_TRANSLATOR = NONE_YET');
  });
});

describe('grants', () => {
  const resource = grantsKind.resource('LOS_READ', {
    grants: [
      { privilege: 'SELECT', type: 'VIEW', name: 'A.B.V' },
      { privilege: 'USAGE', type: 'FUNCTION', name: 'A.B.F(OBJECT)' },
    ],
    objects: ['VIEW A.B.V', 'FUNCTION A.B.F(OBJECT)', 'TABLE A.B.T'],
  });
  const view = { privilege: 'SELECT', granted_on: 'VIEW', name: 'A.B.V' };
  const callable = { privilege: 'USAGE', granted_on: 'FUNCTION', name: 'A.B."F(X OBJECT):FLOAT"' };
  const list = (...rows: Record<string, string>[]) => {
    const snowflake = new FakeSnowflake([
      [/^SHOW ROLES/, [{ name: 'LOS_READ' }]],
      [/^SHOW GRANTS TO ROLE LOS_READ$/, rows],
    ]);
    return grantsKind.list(fakeContext({ snowflake }), [resource]);
  };

  it('are compared with the live ones, whatever was granted on things of others', async () => {
    const owner = { privilege: 'OWNERSHIP', granted_on: 'TABLE', name: 'A.B.T' };
    const elsewhere = { privilege: 'SELECT', granted_on: 'TABLE', name: 'A.OTHER.T' };
    expect((await list(view, callable, owner, elsewhere))[0]).not.to.have.property('drift');
    expect((await list(view))[0]?.drift).to.equal('lacks USAGE on A.B.F(OBJECT)');
  });

  it('are taken back when they go beyond the declared ones on an object of the project', async () => {
    const more = { privilege: 'DELETE', granted_on: 'TABLE', name: 'A.B.T' };
    expect((await list(view, callable, more))[0]?.drift).to.equal('has DELETE on A.B.T');
    const snowflake = new FakeSnowflake([[/^SHOW GRANTS/, [view, callable, more]]]);
    await grantsKind.update(fakeContext({ snowflake }), resource, 'f', {
      name: 'LOS_READ',
      owner: 'managed',
      fingerprint: 'f',
    });
    expect(snowflake.executed[0]).to.equal('REVOKE DELETE ON TABLE A.B.T FROM ROLE LOS_READ');
  });

  it('are asked for side by side, no more of them than may run at the same time', async () => {
    const grants = Array.from({ length: 3 * AT_ONCE }, (_, i) => ({
      privilege: 'SELECT',
      type: 'VIEW',
      name: `A.B.V${i}`,
    }));
    const many = grantsKind.resource('R', { grants, objects: grants.map(({ name }) => `VIEW ${name}`) });
    let [underWay, most, asked] = [0, 0, 0];
    class Slow extends FakeSnowflake {
      override async execute(): Promise<number> {
        most = Math.max(most, ++underWay);
        await setImmediate();
        underWay--;
        return asked++;
      }
    }
    await grantsKind.create(fakeContext({ snowflake: new Slow() }), many, 'f');
    expect({ most, asked }).to.deep.equal({ most: AT_ONCE, asked: grants.length });
  });
});

describe('several SHOW', () => {
  const asked = ['SHOW GRANTS TO ROLE A', 'DESCRIBE INTEGRATION B'];
  const [grants, properties] = [[{ privilege: 'USAGE' }], [{ property: 'ENABLED' }]];
  /** Where no chain is taken, and of single statements what is not given. */
  const session = (answers: Readonly<Record<string, object[] | SnowflakeError>>) => {
    const sent: string[] = [];
    class Session extends FakeSnowflake {
      override async query<R>(sql: string): Promise<R[]> {
        sent.push(sql);
        const answer = answers[sql] ?? new SnowflakeError('001003: syntax error', { code: '001003' });
        if (answer instanceof SnowflakeError) throw answer;
        return answer as R[];
      }
    }
    return { sent, ctx: fakeContext({ snowflake: new Session() }) };
  };

  it('are one chain, each with its own rows', async () => {
    const chain = `SHOW GRANTS TO ROLE A
->> DESCRIBE INTEGRATION B
->> SELECT 0 AS "of", OBJECT_CONSTRUCT(*) AS "row" FROM $2 UNION ALL SELECT 1 AS "of", OBJECT_CONSTRUCT(*) AS "row" FROM $1`;
    const { sent, ctx } = session({
      [chain]: [
        { of: 1, row: properties[0] },
        { of: 0, row: grants[0] },
      ],
    });
    expect(await showEach(ctx, asked)).to.deep.equal([grants, properties]);
    expect(sent).to.deep.equal([chain]);
  });

  it('go by themselves where the chain is refused: of what is gone there is nothing', async () => {
    const missing = new SnowflakeError('B does not exist or not authorized', { code: '002003' });
    const { sent, ctx } = session({ 'SHOW GRANTS TO ROLE A': grants, 'DESCRIBE INTEGRATION B': missing });
    expect(await showEach(ctx, asked)).to.deep.equal([grants, []]);
    expect(sent.slice(1)).to.deep.equal(asked);
  });

  it('keep the error of the one that may not be read', async () => {
    const refused = new SnowflakeError('Insufficient privileges to operate on integration B', {});
    const { ctx } = session({ 'SHOW GRANTS TO ROLE A': grants, 'DESCRIBE INTEGRATION B': refused });
    expect(await showEach(ctx, asked).catch((error: unknown) => error)).to.equal(refused);
  });

  it('send nothing for none', async () => {
    const { sent, ctx } = session({});
    expect(await showEach(ctx, [])).to.deep.equal([]);
    expect(sent).to.deep.equal([]);
  });
});
