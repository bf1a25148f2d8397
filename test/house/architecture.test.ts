import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { floors, product } from './plan.js';

/** Folders by which the pages shorten paths. */
const BASES = ['.', ...product, 'local/snowflake'];

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const exists = (path: string) => BASES.some((base) => existsSync(join(projectRoot, base, path)));

/** What looks like a path: a folder's name with its slash, or a file of ours. */
const isPath = (text: string) => /^[\w./-]+(?:\/|\.(?:ts|sql|yaml|json|mjs|hbs|md))$/.test(text);

describe('The pages about the architecture', () => {
  const page = ['architecture', 'local-architecture', 'where']
    .map((name) => read(`docs/${name}.md`))
    .join('\n');

  it('names only files and folders that exist', () => {
    const named = [...page.matchAll(/`([^`\s]+)`/g)].map((match) => match[1]!).filter(isPath);
    expect(named).to.have.length.greaterThan(80);
    expect(named.filter((path) => !exists(path))).to.deep.equal([]);
    const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(projectRoot, 'docs', link)))).to.deep.equal([]);
  });

  it('has pictures of files that exist', () => {
    for (const picture of ['admission.svg', 'statement.svg']) {
      const lines = [...read(`docs/${picture}`).matchAll(/<text class="f"[^>]*>([^<]+)<\/text>/g)];
      const named = lines.flatMap((match) => match[1]!.split(/[\s·]+/)).filter(Boolean);
      expect(named, picture).to.have.length.greaterThan(8);
      expect(named.filter((path) => !isPath(path) || !exists(path))).to.deep.equal([]);
    }
  });

  it('says something of every room', () => {
    for (const { folder, rooms } of floors.filter((floor) =>
      ['', ...product, 'local', 'local/snowflake'].includes(floor.folder),
    )) {
      const folders = readdirSync(join(projectRoot, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && rooms.includes(entry.name))
        .map(({ name }) => (folder === 'local' ? `local/${name}` : name))
        .filter((name) => !['test', 'bench'].includes(name));
      expect(
        folders.filter((name) => !page.includes(`\`${name}/\``)),
        folder,
      ).to.deep.equal([]);
    }
  });
});
