import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';

/** As someone types it who has read nothing: the settings that los comes with, and an empty state folder. */
describe('the first los apply of a checkout or an installed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-first-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const los = (args: readonly string[], cwd: string) =>
    spawnSync(process.execPath, [join(projectRoot, 'dist/deploy/cli.js'), ...args], {
      encoding: 'utf8',
      cwd,
      env: { ...process.env, COLUMNS: '400', LOS_STATE: join(folder, 'state') },
    });

  it('says in its first line what to do, and so does los plan', () => {
    const applied = los(['apply'], projectRoot);
    expect(applied.status).to.equal(1);
    const [first, second] = applied.stderr.split('\n');
    expect(first).to.match(/^los: Run los demo, or name your contract/);
    expect(second).to.contain('GENERAL_HOSPITAL.CORE.ENCOUNTERS is not there');
    expect(applied.stderr).not.to.contain('GRANT');
    const [connected, compared, missing] = los(['plan'], projectRoot).stdout.split('\n');
    expect(`${connected}${compared}`).to.contain('Connect').and.to.contain('Compare');
    expect(missing).to.match(/^Missing: Run los demo, or name your contract/);
  });

  it('leaves the advice for owners to contracts of one’s own', () => {
    const contract = join(folder, 'mine.yaml');
    writeFileSync(
      contract,
      `name: mine
source: EPR.ADT.STAYS
id: STAY_ID
admission: ADMITTED
discharge: DISCHARGED
columns: { STAY_ID: NUMBER, ADMITTED: DATE, DISCHARGED: DATE, AGE: NUMBER, SEX: VARCHAR }
features: { AGE: { type: numeric }, SEX: { type: categorical } }
`,
    );
    const { stderr, status } = los(['apply', '--dataset', contract], projectRoot);
    expect(status).to.equal(1);
    expect(stderr)
      .to.contain('EPR.ADT.STAYS is not there')
      .and.to.contain('GRANT SELECT ON TABLE EPR.ADT.STAYS');
  });
});
