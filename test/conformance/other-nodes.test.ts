import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { loopbackRegistry } from '../journeys/registry.js';

const run = promisify(execFile);

/** All other tests run on the Node that runs them, which is the oldest that package.json names. */
for (const major of [22, 24])
  describe(`the demo on Node ${major}`, () => {
    const folder = mkdtempSync(join(tmpdir(), `node-${major}-`));
    const node = join(folder, 'node_modules/node/bin/node');

    before(async function () {
      const registry = await loopbackRegistry();
      if (registry === undefined) {
        console.log('skipped: npm’s registry cannot be reached from here');
        return this.skip();
      }
      writeFileSync(join(folder, 'package.json'), '{}');
      try {
        await run('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], {
          cwd: folder,
          env: { ...process.env, npm_config_registry: registry.url },
        });
      } finally {
        registry.close();
      }
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('goes from deployment to logged predictions', async () => {
      expect((await run(node, ['--version'])).stdout).to.match(new RegExp(`^v${major}\\.`));
      const state = join(folder, 'state');
      const demo = ['demo', '--dataset', 'health', '--rows', '2000', '--days', '1', '--json'];
      const { stdout } = await run(node, [join(projectRoot, 'dist/deploy/cli.js'), ...demo], {
        cwd: projectRoot,
        env: { ...process.env, LOS_STATE: state },
        maxBuffer: 1e8,
      });
      const { version, scoredRows, loggedRows } = JSON.parse(stdout);
      expect({ version, logged: loggedRows }).to.deep.equal({ version: 'health-v1', logged: scoredRows });
      expect(scoredRows).to.be.greaterThan(0);
      expect(existsSync(join(state, 'report.html'))).to.equal(true);
    });
  });
