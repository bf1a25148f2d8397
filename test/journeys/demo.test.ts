import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { DemoResult } from '../../demo/demo.js';
import { projectRoot } from '../../deploy/project.js';

const run = promisify(execFile);

/** The whole chain as a user starts it: the command line, the local cloud as its own process. */
describe('los demo', () => {
  let folder: string;
  let state: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-demo-test-'));
    state = join(folder, 'state');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const los = async (...args: string[]) => {
    const { stdout } = await run(
      process.execPath,
      [join(projectRoot, 'dist/deploy/cli.js'), ...args, '--json'],
      {
        env: {
          ...process.env,
          LOS_STATE: state,
          // As rows that arrive by a file; what npm start runs is in general.test.ts.
          LOS_DATASET: join(projectRoot, 'sql/datasets/health.yaml'),
          HTTP_PROXY: 'http://127.0.0.1:9',
          HTTPS_PROXY: 'http://127.0.0.1:9',
        },
        maxBuffer: 1 << 26,
      },
    );
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as DemoResult & { questions: unknown[] };
  };
  const sound = (result: DemoResult) => {
    expect(result.trainedRows + result.holdoutRows).to.equal(6113);
    expect(result.scoredRows).to.be.within(100, 400);
    expect(result.loggedRows).to.equal(result.scoredRows);
    expect(result.duplicateCases).to.equal(0);
    // One for each step; the days of the simulation share theirs.
    expect(result.mails).to.equal(7);
    expect(result.rmse).to.be.below(result.meanPredictorRmse);
    expect(result.r2).to.be.within(0.2, 0.6);
  };

  it('goes from nothing to logged predictions, twice, and can be removed', async () => {
    const first = await los('demo', '--rows', '8000', '--days', '4');
    sound(first);
    expect(first.version).to.equal('health-v1');
    expect(first.champion).to.equal('health-v1');
    const second = await los('demo', '--rows', '8000', '--days', '4');
    sound(second);
    expect(second.version).to.equal('health-v2');
    // It is no better than the first, so its own gate keeps it from answering.
    expect(second.champion).to.equal('health-v1');
    // Same rows, same model, but for the order in which a database adds up.
    expect(second.rmse).to.be.closeTo(first.rmse, 1e-9);

    expect((await los('eda')).questions).to.have.length(24);
    expect(await los('model', 'promote', 'health-v2', '--force')).to.deep.include({
      version: 'health-v2',
      previous: 'health-v1',
    });
    await los('destroy', '--yes');
    expect(existsSync(join(state, 'local.json'))).to.equal(false);
  });
});
