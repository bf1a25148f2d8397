/** Which library is taken, asked of processes of their own: a process loads one for good. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadXgboost } from '@local-cloud/aws/xgboost/library.js';
import { expect } from 'chai';
import { projectRoot } from '../../../../deploy/project.js';

const MODULE = pathToFileURL(join(projectRoot, 'dist/local/aws/xgboost/library.js')).href;
const PROGRAM = `
const { loadXgboost } = await import(${JSON.stringify(MODULE)});
try { console.log(loadXgboost().path) } catch (error) { console.log(error.name + ': ' + error.message) }`;

describe('the library that is taken', () => {
  const cache = mkdtempSync(join(tmpdir(), 'xgboost-cache-'));
  after(() => rmSync(cache, { recursive: true, force: true }));

  function taken(env: NodeJS.ProcessEnv): string {
    const { LIBXGBOOST: _, ...rest } = process.env;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      encoding: 'utf8',
      env: { ...rest, XDG_CACHE_HOME: cache, HOME: cache, ...env },
    });
    expect(run.status, run.stderr).to.equal(0);
    return run.stdout.trim();
  }

  it('is the one that LIBXGBOOST names, or none', () => {
    const { path } = loadXgboost();
    expect(taken({ LIBXGBOOST: path })).to.equal(path);
    expect(taken({ LIBXGBOOST: '/nowhere/libxgboost.so' })).to.match(
      /^XgboostMissing: LIBXGBOOST is set to \/nowhere\/libxgboost.so. There is no such file. Point it at/,
    );
    const text = join(cache, 'text.so');
    writeFileSync(text, 'not a library');
    expect(taken({ LIBXGBOOST: text })).to.match(
      /^XgboostMissing: LIBXGBOOST is set to .* cannot be loaded \(/,
    );
  });

  it('is the one in the local cloud’s own folder before what is installed, if it will do', () => {
    const onMac = process.platform === 'darwin';
    const folder = join(cache, onMac ? 'Library/Caches' : '', 'local-cloud/xgboost-3.2.0/xgboost');
    const env = onMac ? { XDG_CACHE_HOME: '' } : {};
    const { path } = loadXgboost();
    mkdirSync(folder, { recursive: true });
    // The folder, not the file: what the library needs is found from where it is.
    symlinkSync(dirname(path), join(folder, 'lib'));
    expect(taken(env)).to.equal(join(folder, 'lib', basename(path)));
    rmSync(join(folder, 'lib'));
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', basename(path)), 'half of a library');
    expect(taken(env)).to.not.match(/^\S*local-cloud/);
  });
});
