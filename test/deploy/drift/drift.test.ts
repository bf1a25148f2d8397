import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { UserError } from '../../../deploy/errors.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { describePlan } from '../../../report/operations/plan.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { sql } from './alteration.js';
import { awsAlterations } from './aws.js';
import { snowflakeAlterations } from './snowflake.js';

const { long, few } = longTests(import.meta.url);

/** Every alteration: test/journeys/every-drift.test.ts. */
describe('drift', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'applied');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  for (const { what, alter, changes, says } of few([
    ...snowflakeAlterations.slice(0, 2),
    ...awsAlterations.slice(0, 1),
  ]))
    it(`sees and mends ${what}, and touches nothing else`, async () => {
      await alter(ctx);
      const found = await plan(ctx);
      expect(found.changes.map(({ action, id }) => `${action} ${id}`)).to.deep.equal(changes);
      expect(describePlan(found).join('\n')).to.match(says);
      await apply(ctx);
      expect((await plan(ctx)).changes).to.deep.equal([]);
    });

  long('adds missing columns without dropping those that a person added', async () => {
    await sql(
      'ALTER TABLE LOS_RUN_LOG ADD COLUMN NOTE VARCHAR',
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, NOTE) SELECT 'r', 'k', 'd', 's', CURRENT_TIMESTAMP(), 'kept'",
    )(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const comments = async () =>
      (await ctx.snowflake.query<{ name: string; comment: string }>('DESCRIBE TABLE LOS_RUN_LOG'))
        .filter(({ comment }) => comment)
        .map(({ name, comment }) => `${name}: ${comment}`);
    const described = await comments();
    expect(described).to.include('STATUS: RUNNING, SUCCEEDED or FAILED').and.have.length.of.at.least(9);
    // A column that comes later, and one from before columns had comments.
    await sql(
      'ALTER TABLE LOS_RUN_LOG DROP COLUMN MESSAGE',
      "ALTER TABLE LOS_RUN_LOG ALTER COLUMN STATUS COMMENT ''",
    )(ctx);
    await apply(ctx);
    expect(await comments()).to.have.members(described);
    expect(
      await ctx.snowflake.query("SELECT NOTE, MESSAGE FROM LOS_RUN_LOG WHERE RUN_ID = 'r'"),
    ).to.deep.equal([{ NOTE: 'kept', MESSAGE: null }]);
  });

  it('proves a mended trust by a real call, waiting until AWS knows of it', async () => {
    await ctx.aws.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'los-snowflake-s3',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    );
    await apply(ctx);
    // Without the proof this would be refused until the new policy has spread.
    expect(await ctx.snowflake.query('LIST @LOS_EXCHANGE')).to.deep.equal([]);
  });

  it('stops at an object that lost its mark, and says how to put it back', async () => {
    await sql("ALTER WAREHOUSE LOS_WH SET COMMENT = 'cost centre 12'")(ctx);
    const error = (await plan(ctx).catch((e: unknown) => e)) as UserError;
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.contain('LOS_WH (snowflake.warehouse) exists already');
    const mend = /(COMMENT ON WAREHOUSE LOS_WH IS '[^']+');/.exec(error.next ?? '')![1]!;
    await sql(mend)(ctx);
    expect((await plan(ctx)).changes.map(({ id }) => id)).to.deep.equal(['snowflake.warehouse:LOS_WH']);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('costs one listing call per kind of object when there is nothing to do', async () => {
    const asked: string[] = [];
    const counting = (client: object) =>
      new Proxy(client, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...args: [unknown]) => {
            if (name === 'query') asked.push(String(args[0]).replace(/\s+/g, ' '));
            if (name === 'send') {
              const command = args[0] as { input: { RoleName?: string } };
              // The project's six roles are read one by one: the deployer need not see the account's others.
              asked.push([command.constructor.name, command.input.RoleName ?? ''].join(' ').trim());
            }
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
    const { aws } = ctx;
    const watched = {
      ...ctx,
      snowflake: counting(ctx.snowflake),
      aws: {
        ...aws,
        ...Object.fromEntries(
          (['iam', 's3', 'apiGateway', 'sageMaker'] as const).map((name) => [name, counting(aws[name])]),
        ),
      },
    } as OpenContext;
    expect((await plan(watched)).changes).to.deep.equal([]);
    expect(asked).to.deep.equal([...new Set(asked)]);
    const statements = asked.filter((call) => /^(SHOW|SELECT|DESCRIBE) /.test(call));
    // Thirteen SHOWs, columns, two kinds of routines, three integrations described and their grants, grants of each of six roles, the release.
    expect(statements).to.have.length.of.at.most(32);
    // Four each for the roles: themselves, the names of their policies of both kinds, the policy.
    const ofRoles = asked.filter((call) => /Role\w*Command /.test(call));
    expect(ofRoles).to.have.length.of.at.most(25);
    // Five are the bucket's: tags, encryption, public access, lifecycle, policy.
    expect(asked.length - statements.length - ofRoles.length).to.be.at.most(14);
  });
});
