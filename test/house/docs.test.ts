import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { product } from './plan.js';
import { sources } from './sources.js';

const { deadLinks, parse } = (await import(join(projectRoot, 'scripts/site/markdown.mjs'))) as {
  deadLinks(page: string): string[];
  parse(page: string): { headings: string[] };
};

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...(readdirSync(join(projectRoot, 'docs'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Words of a page, and of all pages of docs/ but the reference, as `wc -w` counts them. */
const MOST_WORDS = { page: 1200, docs: 30_000 };
const WIDEST = 140;

/** All Markdown of the project. */
const markdown = [
  ...readdirSync(projectRoot).filter((name) => name.endsWith('.md')),
  ...['bench', 'docs', 'examples', 'local', 'test'].flatMap((folder) =>
    sources(folder, ['.md']).map(({ path }) => path),
  ),
].filter((path) => !/node_modules/.test(path));

const wordsOf = (page: string) => read(page).split(/\s+/).filter(Boolean).length;
const read = (page: string) => readFileSync(join(projectRoot, page), 'utf8');

describe('The documentation', () => {
  it('has a reference that is what the code says', () => {
    const { stderr, status } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('links to pages, pictures and headings that exist', () => {
    // That of the local cloud's package links what stands beside it there.
    const here = markdown.filter((page) => page !== 'local/cloud/package/README.md');
    expect(here.flatMap(deadLinks)).to.deep.equal([]);
  });

  it('has every page and heading that code, messages and the contract name', () => {
    const folders = [...product, 'sql', 'tasks', 'templates', 'scripts'];
    const named = folders
      .flatMap((folder) => sources(folder, ['.ts', '.mjs', '.sql', '.yaml', '.hbs']))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g)].map(([link]) => ({ path, link })),
      );
    expect(named.length).to.be.greaterThan(10);
    const broken = named.filter(({ link }) => {
      const [page, heading] = link.split('#') as [string, string?];
      if (!existsSync(join(projectRoot, page))) return true;
      return heading !== undefined && !parse(page).headings.includes(heading);
    });
    expect(broken).to.deep.equal([]);
  });

  it(`has pages of ${MOST_WORDS.page} words at most, and ${MOST_WORDS.docs} in all`, () => {
    const manuals = pages.filter((page) => !page.startsWith('docs/reference/'));
    const long = manuals.map((page) => ({ page, words: wordsOf(page) }));
    expect(long.filter(({ words }) => words > MOST_WORDS.page)).to.deep.equal([]);
    const inDocs = long.filter(({ page }) => page.startsWith('docs/'));
    expect(inDocs.reduce((sum, { words }) => sum + words, 0)).to.be.at.most(MOST_WORDS.docs);
  });

  it(`has no line over ${WIDEST} characters in any Markdown, but for a word that is longer`, () => {
    expect(markdown.length).to.be.greaterThan(40);
    const wide = markdown.flatMap((page) =>
      read(page)
        .split('\n')
        .flatMap((line, i) =>
          [...line].length > WIDEST &&
          line
            .replace(/^[ -]+/, '')
            .trimEnd()
            .includes(' ')
            ? [`${page}:${i + 1}`]
            : [],
        ),
    );
    expect(wide).to.deep.equal([]);
  });
});
