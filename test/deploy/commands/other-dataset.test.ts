import { join } from 'node:path';
import { expect } from 'chai';
import { command as apply } from '../../../deploy/commands/apply.js';
import { carryOut } from '../../../deploy/commands/command.js';
import { command as plan } from '../../../deploy/commands/plan.js';
import type { OpenContext } from '../../../deploy/open.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import type { LocalCloud } from '../local-context.js';

const { long } = longTests(import.meta.url);

const globals = { target: 'local', json: false, verbose: false };

describe('plan and apply with another dataset than the configured one', () => {
  let local: LocalCloud;
  let ctx: OpenContext;
  before(async () => {
    local = hostedCloud('mail: { to: [] }', 'applied');
    ctx = await local.open();
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });

  long('show and do what it takes, and a written plan says how it is carried out', async () => {
    const dataset = 'sql/datasets/sparcs_hf.yaml';
    const out = join(local.folder, 'plan.json');
    const made = await carryOut(plan, 'plan', ctx, { ...globals, dataset, out });
    expect(made.changes.map(({ id }) => id).join()).to.contain('SPARCS_HF');
    expect(plan.print!(made).join('\n')).to.contain(`los apply ${out} --dataset ${dataset}`);
    const stale = await carryOut(apply, 'apply', ctx, { ...globals, plan: out }).catch(
      (error: Error) => error.message,
    );
    expect(stale).to.match(/no longer holds/);
    const { created } = await carryOut(apply, 'apply', ctx, { ...globals, dataset, plan: out });
    expect(created.join()).to.contain('SPARCS_HF');
    expect((await carryOut(plan, 'plan', ctx, { ...globals, dataset })).changes).to.deep.equal([]);
  });
});
