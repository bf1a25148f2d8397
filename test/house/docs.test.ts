import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...(readdirSync(join(projectRoot, 'docs'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

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
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
        .map((match) => (match[1] ?? match[2])!)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path, heading] = link.split('#') as [string, string?];
          const file = path === '' ? join(projectRoot, page) : join(projectRoot, dirname(page), path);
          return !existsSync(file) || (heading !== undefined && !headings(file).includes(heading));
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).to.deep.equal([]);
  });
});

/** What a link's # may name: GitHub's spelling of a page's headings. */
function headings(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
