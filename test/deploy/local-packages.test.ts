import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { installAdvice, missingPackages } from '../../deploy/local-packages.js';

describe('packages of the local cloud', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'los-packages-')));
  after(() => rmSync(folder, { recursive: true }));

  const optionalDependencies = { '@duckdb/node-api': '1', koffi: '3', '@resvg/resvg-js': '2' };

  /** predict-los in a folder, as npm lays it there. */
  function installed(where: string, project?: object): string {
    const root = join(folder, where);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ optionalDependencies }));
    if (project) writeFileSync(join(folder, where.split('/')[0]!, 'package.json'), JSON.stringify(project));
    return root;
  }

  function add(where: string): void {
    mkdirSync(join(folder, where), { recursive: true });
    writeFileSync(join(folder, where, 'package.json'), '{}');
  }

  it('are all there in this checkout', () => {
    expect(missingPackages()).to.deep.equal([]);
  });

  it('are named where they were left out, beside predict-los or under it, but not what draws mails', () => {
    const root = installed('project/node_modules/predict-los', {});
    expect(missingPackages(root)).to.deep.equal(['@duckdb/node-api', 'koffi']);
    add('project/node_modules/koffi');
    expect(missingPackages(root)).to.deep.equal(['@duckdb/node-api']);
    add('project/node_modules/predict-los/node_modules/@duckdb/node-api');
    expect(missingPackages(root)).to.deep.equal([]);
  });

  it('are installed by a command that fits the way predict-los was installed', () => {
    expect(installAdvice(installed('mine/node_modules/predict-los', {}))).to.equal(
      `In ${join(folder, 'mine')} run npm install --include=optional`,
    );
    expect(installAdvice(installed('lib/node_modules/predict-los'))).to.contain(
      'npm install --global --include=optional once more',
    );
    expect(installAdvice(installed('checkout'))).to.equal(`In ${join(folder, 'checkout')} run npm run setup`);
  });
});
