import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

/** Writes the site with a report of one line, and removes it after the suite. @returns its folder */
export function siteOfSuite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'los-site-'));
  const out = join(folder, 'site');
  before(() => {
    const report = join(folder, 'report.html');
    writeFileSync(report, '<!doctype html>\n<html lang="en"><title>A report</title></html>\n');
    const args = ['scripts/site.mjs', '--out', out, '--report', report];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot, encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true }));
  return out;
}
