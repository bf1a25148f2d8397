import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { sources } from '../house/sources.js';
import { siteOfSuite } from './site.js';

/** Bytes of the site without its report. */
const MOST_BYTES = 2_000_000;

describe('The site of the manual', () => {
  const out = siteOfSuite();
  const names = () =>
    (readdirSync(out, { recursive: true }) as string[]).filter((name) => statSync(join(out, name)).isFile());
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  const documents = () => names().filter((name) => name.endsWith('.html') && name !== 'report.html');
  const addresses = (html: string) =>
    [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, address]) => address!.replaceAll('&#38;', '&'));

  it('has every page of docs/, the README and the changelog', () => {
    const wanted = ['README.md', 'CHANGELOG.md', ...sources('docs', ['.md']).map(({ path }) => path)];
    expect(wanted.length).to.be.greaterThan(60);
    const files = wanted.map((path) => path.replace(/README\.md$/, 'index.md').replace(/md$/, 'html'));
    expect(names()).to.include.members([...files, 'report.html']);
  });

  it('has no link to a page or heading that is not there', () => {
    const dead = documents().flatMap((name) =>
      addresses(read(name))
        .filter((address) => !/^(?:https?|mailto|data):/.test(address))
        .filter((address) => {
          const [path, heading] = address.split('#') as [string, string?];
          const file = path === '' ? name : relative(out, join(out, dirname(name), path));
          return (
            !existsSync(join(out, file)) ||
            (heading !== undefined && !read(file).includes(` id="${heading}"`))
          );
        })
        .map((address) => `${name}: ${address}`),
    );
    expect(dead).to.deep.equal([]);
  });

  it('leads from its first page to every other', () => {
    const reached = new Set<string>();
    const pending = ['index.html'];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      for (const address of addresses(read(name)))
        if (/\.html(?:#|$)/.test(address) && !/^https?:/.test(address))
          pending.push(relative(out, join(out, dirname(name), address.split('#')[0]!)));
    }
    expect([...reached]).to.include.members(documents());
  });

  it('loads nothing from elsewhere, and lets a browser load nothing', () => {
    for (const name of documents()) {
      const html = read(name);
      expect(html, name).to.contain("default-src 'none'");
      expect(html.match(/<(?:script|link|img)[^>]*(?:src|href)="https?:/g), name).to.equal(null);
    }
  });

  it(`has ${MOST_BYTES} bytes at most without the report`, () => {
    const bytes = names()
      .filter((name) => name !== 'report.html')
      .reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
    expect(bytes).to.be.within(1_000_000, MOST_BYTES);
  });

  it('refuses to write over a folder of something else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'los-other-'));
    try {
      writeFileSync(join(folder, 'thesis.txt'), 'years of work');
      const { status, stderr } = spawnSync(process.execPath, ['scripts/site.mjs', '--out', folder], {
        cwd: projectRoot,
        encoding: 'utf8',
      });
      expect(status).to.equal(1);
      expect(stderr).to.contain('is not empty, and no site');
      expect(readdirSync(folder)).to.deep.equal(['thesis.txt']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
