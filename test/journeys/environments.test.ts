import { existsSync } from 'node:fs';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { type OpenContext, openContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { stateOf } from '../deploy/interrupted.js';

describe('two environments in one account', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let dev: OpenContext;
  let prod: OpenContext;
  const open = (env: string) =>
    openContext({
      target: 'local',
      config: cloud.config,
      env,
      progress: silentProgress,
      signal: new AbortController().signal,
    });
  const nothingToDo = async (ctx: OpenContext) =>
    expect((await plan(ctx)).changes.map(({ id }) => id)).to.deep.equal([]);

  before(async () => {
    cloud = await embeddedCloud(
      'mail: { to: [] }\nenvironments: { dev: { tasks: { resumed: false } }, prod: { snowflake: { warehouse: { size: SMALL } } } }',
    );
    [dev, prod] = await Promise.all([open('dev'), open('prod')]);
  });
  after(async () => {
    await Promise.all([dev.close(), prod.close()]);
    await cloud.cloud.close();
    cloud.remove();
  });

  it('are applied at the same time, each as its overlay says', async () => {
    await Promise.all([apply(dev), apply(prod)]);
    await Promise.all([nothingToDo(dev), nothingToDo(prod)]);
    const warehouses = await dev.snowflake.query('SHOW WAREHOUSES');
    expect(warehouses.map(({ name, size }) => `${name} ${size}`).sort()).to.deep.equal([
      'LOS_DEV_WH X-Small',
      'LOS_PROD_WH Small',
    ]);
    const states = await Promise.all(
      ['DEV', 'PROD'].map((env) => dev.snowflake.query(`SHOW TASKS IN DATABASE PREDICT_LOS_${env}`)),
    );
    expect(states.map((tasks) => new Set(tasks.map(({ state }) => state)))).to.deep.equal([
      new Set(['suspended']),
      new Set(['started']),
    ]);
  });

  it('do not notice a change of the other', async () => {
    const before = await stateOf(prod);
    await dev.snowflake.execute('ALTER WAREHOUSE LOS_DEV_WH SET WAREHOUSE_SIZE = LARGE');
    await dev.snowflake.execute('CREATE OR REPLACE VIEW LOS_FEATURES AS SELECT 1 AS X');
    await nothingToDo(prod);
    await apply(dev);
    expect(await stateOf(prod)).to.deep.equal(before);
    await Promise.all([nothingToDo(dev), nothingToDo(prod)]);
  });

  it('leave no trace when one is destroyed, and the other whole', async () => {
    const before = await stateOf(prod);
    const { kept } = await destroy(dev, { yes: true, purgeData: true });
    expect(kept).to.deep.equal([]);
    expect(existsSync(dev.settings.state)).to.equal(true);
    expect(await stateOf(prod)).to.deep.equal(before);
    await nothingToDo(prod);
    const names = [
      ...(await prod.snowflake.query('SHOW DATABASES')),
      ...(await prod.snowflake.query('SHOW WAREHOUSES')),
      ...(await prod.snowflake.query('SHOW ROLES')),
      ...(await prod.snowflake.query('SHOW INTEGRATIONS')),
    ].map(({ name }) => String(name));
    const { Roles = [] } = await prod.aws.iam.send(new ListRolesCommand({}));
    const { Buckets = [] } = await prod.aws.s3.send(new ListBucketsCommand({}));
    names.push(...Roles.map(({ RoleName }) => RoleName!), ...Buckets.map(({ Name }) => Name!));
    expect(names.filter((name) => /dev/i.test(name))).to.deep.equal([]);
  });
});
