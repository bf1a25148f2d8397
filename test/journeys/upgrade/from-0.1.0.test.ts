import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { projectRoot } from '../../../deploy/project.js';
import { toSavedPlan, writePlan } from '../../../deploy/resources/saved-plan.js';
import { describePlan } from '../../../report/operations/plan.js';
import { openReleased } from './released.js';
import { describeUpgrade } from './upgrade.js';

interface Renamed {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/** The table of the changelog, of the health dataset. */
function renamedByTheDocs(): Renamed[] {
  const page = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8').replaceAll('*DATASET*', 'HEALTH');
  return [...page.matchAll(/^\| (\w+)[^|]* \| (\w+) \| (\w+) \|$/gm)].map(
    ([, kind = '', from = '', to = '']) => ({
      kind,
      from,
      to,
    }),
  );
}

const renamed = renamedByTheDocs();

describeUpgrade('0.1.0', (name) => renamed.find(({ from }) => from === name)?.to ?? name, [60, 150]);

describe('los apply with a plan over a deployment of release 0.1.0', () => {
  let of: Awaited<ReturnType<typeof openReleased>>;

  before(async () => {
    of = await openReleased('0.1.0');
  });
  after(() => of.close());

  it('is planned with every object by its old and its new name', async () => {
    const lines = describePlan(await plan(of.ctx));
    const said = lines.flatMap((line) => {
      const [, kind, from, to] = /^> snowflake\.(\S+):(\w+)\S*.* → (\w+)/.exec(line) ?? [];
      return kind ? [{ kind: kind === 'task-graph' ? 'task' : kind, from, to }] : [];
    });
    // The end of the graph has no line of its own.
    const documented = renamed.filter(({ from }) => from !== 'LOS_REPORT');
    expect(said).to.have.deep.members(documented);
    expect(lines).to.include('- snowflake.task-graph:LOS_REPORT (renamed, see LOS_BUILD_FEATURES)');
    expect(lines).to.include('- snowflake.view:LOS_BED_PIT (renamed, see LOS_BED_CALIBRATION)');
    expect(lines.filter((line) => /^- snowflake\.table:/.test(line))).to.deep.equal([]);
  });

  it('does what was planned, the log of deployments that is renamed before all else included', async () => {
    const { ctx, local } = of;
    const file = join(local.folder, 'plan.json');
    const planned = toSavedPlan(ctx, await plan(ctx));
    writePlan(file, planned);
    const idsOf = (action: string) =>
      planned.changes.filter((change) => change.action === action).map(({ id }) => id);
    const applied = await apply(ctx, file);
    expect(applied.renamed).to.have.members(idsOf('rename'));
    expect(applied.removed).to.have.members(idsOf('remove'));
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('leaves nothing with an old name', async () => {
    const shows = ['TABLES', 'VIEWS', 'STREAMS', 'TASKS', 'USER FUNCTIONS', 'PROCEDURES'];
    const live = await Promise.all(
      shows.map((show) => of.ctx.snowflake.query(`SHOW ${show} IN SCHEMA PREDICT_LOS.LOS`)),
    );
    const names = live.flat().map(({ name }) => String(name));
    expect(names.filter((name) => renamed.some(({ from }) => from === name))).to.deep.equal([]);
  });
});
