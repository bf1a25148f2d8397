import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { commitOf } from '../../../deploy/history/commit.js';

describe('the commit of a project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-commit-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is what a build server says where there is no repository, else not known', async () => {
    expect(await commitOf(folder, {})).to.equal(null);
    expect(await commitOf(folder, { GITHUB_SHA: 'abc' })).to.equal('abc');
  });

  it('is the one that is checked out, marked when a file differs from it', async () => {
    git('init');
    writeFileSync(join(folder, 'los.config.yaml'), 'prefix: los\n');
    git('add', '.');
    git('commit', '-m', 'x');
    const commit = git('rev-parse', 'HEAD');
    expect(await commitOf(folder, { GITHUB_SHA: 'abc' })).to.equal(commit);
    writeFileSync(join(folder, 'untracked'), '');
    expect(await commitOf(folder)).to.equal(commit);
    writeFileSync(join(folder, 'los.config.yaml'), 'prefix: other\n');
    expect(await commitOf(folder)).to.equal(`${commit} (changed)`);
  });
});
