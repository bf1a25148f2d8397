import { expect } from 'chai';
import { chooseSmtp } from '../../../deploy/mail/smtp-server.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { command, doctor } from '../../../doctor/command.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { longTests } from '../../long.js';
import { Breakages } from './breakages.js';

const { long } = longTests(import.meta.url);

/** Every hop, broken one after the other: test/journeys/every-hop.test.ts. */
describe('los doctor', () => {
  const cloud = hostedCloud('', 'trained');
  let by: Breakages;

  before(async () => {
    by = new Breakages(await cloud.open());
  });
  after(async () => {
    await by.ctx.close();
    cloud.remove();
  });

  long('says what is still to be done after the first apply', async () => {
    const empty = hostedCloud('', 'applied');
    const ctx = await empty.open();
    try {
      const { first } = await new Breakages(ctx).look();
      expect(first).to.include({ check: 'model', fix: 'los train --promote' });
    } finally {
      await ctx.close();
      empty.remove();
    }
  });

  long('finds a whole deployment sound', async () => {
    const { findings, first } = await by.look();
    expect(first).to.equal(undefined);
    expect(findings.length).to.be.at.least(40);
    for (const { check, state } of findings) expect(state, check).to.equal('sound');
  });

  it('finds a broken hop, and what mends it', async () => {
    await by.sql('ALTER STORAGE INTEGRATION LOS_S3 SET ENABLED = FALSE');
    const { first } = await by.look();
    expect(first).to.include({ check: 'storage-integration', state: 'broken' });
    expect(first!.fix).to.match(/^ALTER STORAGE INTEGRATION .*;$|los apply/);
    await by.apply();
    expect((await by.look()).first).to.equal(undefined);
  });

  long('finds a mail server that does not answer', async () => {
    const smtp = { server: { url: 'smtp://127.0.0.1:9', user: 'me', password: 'hunter22' } };
    const target = { ...by.ctx.target, smtp };
    const { first } = await by.look({ ...by.ctx, target });
    expect(first).to.include({ check: 'mail' });
    expect(first!.what).to.contain('127.0.0.1:9').and.not.contain('hunter22');
  });

  it('finds an address of a mail server that is none, without its password', async () => {
    const smtp = chooseSmtp({ LOS_SMTP_URL: 'smtp://u:hunter22/x#y@127.0.0.1:9' }, null);
    const { findings } = await by.look({ ...by.ctx, target: { ...by.ctx.target, smtp } });
    const found = findings.find(({ check }) => check === 'mail')!;
    expect(found.state).to.equal('broken');
    expect(`${found.what} ${found.fix}`).to.contain('LOS_SMTP_URL').and.not.contain('hunter22');
  });

  long('names several broken hops at once, and not what only follows from them', async () => {
    await by.sql('ALTER API INTEGRATION LOS_API SET ENABLED = FALSE');
    await by.sql('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
    const { findings } = await by.look();
    await by.apply();
    const broken = findings.filter(({ state }) => state === 'broken').map(({ check }) => check);
    expect(broken).to.deep.equal(['api-integration', 'tasks', 'as-declared']);
    expect(findings.find(({ check }) => check === 'prediction')).to.include({
      state: 'unknown',
      because: 'api-integration',
    });
  });

  it('reports settings that cannot be read as a broken connection, with all else unknown', async () => {
    const result = await doctor({
      target: 'local',
      config: '/nowhere/los.config.yaml',
      progress: silentProgress,
      signal: new AbortController().signal,
    });
    expect(result.first).to.include({ check: 'connection' });
    expect(result.first!.what).to.contain('/nowhere/los.config.yaml');
    expect(command.exitCode!(result)).to.equal(1);
    const text = command.print!(result).join('\n');
    expect(text)
      .to.match(/First broken: connection/)
      .and.match(/Mend it with: /);
  });
});
