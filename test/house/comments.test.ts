import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { product } from './plan.js';
import { type Source, sources } from './sources.js';

const FOLDERS = [...product, 'local', 'sql', 'tasks', 'templates', 'test', 'bench', 'scripts'];
const PATH = /(?<![\w:/.@~$-])((?:[\w-]+\/)*[\w-]+\.(?:ts|sql|mjs|hbs|md))\b(?!\.\w)/g;
const FOLDER = new RegExp(
  `(?<![\\w:/.@~$*{-])((?:${[...product, 'local', 'templates', 'bench'].join('|')})/(?:[\\w-]+/?)*)(?![\\w.*{<-])`,
  'g',
);
/** A name as code writes it: with humps, or LOS_ and more in capitals. */
const NAME = /(?<![\w.\\/:$-])([a-z]+(?:[A-Z][a-z0-9]+)+|LOS_[A-Z_]+)(?![\w.{…*])/g;

interface Comment {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Divides a file into its comments, by lines, and the rest. */
function divide({ path, text }: Source): { readonly comments: Comment[]; readonly code: string } {
  const whole = path.endsWith('.sql') ? /^\s*--/ : /^\s*(?:\/\/|\/\*|\*)/;
  const tail = path.endsWith('.sql') ? /\s--\s.*/ : /\s\/\/ .*/;
  const comments: Comment[] = [];
  const code = text.split('\n').map((line, i) => {
    // What a file says of its object in its header is no remark.
    if (/^-- (?:[a-z]+|source of): /.test(line)) return line;
    const comment = whole.test(line) ? line : (tail.exec(line)?.[0] ?? '');
    if (comment) comments.push({ path, line: i + 1, text: comment });
    return line.slice(0, line.length - comment.length);
  });
  return { comments, code: code.join('\n') };
}

/** Whether a path is one from the root, or from a folder above the file that names it. */
function exists(path: string, from: string): boolean {
  const folder = posix.dirname(from);
  if (existsSync(join(projectRoot, folder, path))) return true;
  return folder !== '.' && exists(path, folder);
}

describe('Comments', () => {
  const files = FOLDERS.flatMap((folder) => sources(folder, ['.ts', '.mjs', '.sql'])).filter(
    ({ path }) => !/node_modules|\/dist\//.test(path),
  );
  const divided = files.map(divide);
  const comments = divided.flatMap((each) => each.comments);
  const names = new Set(files.map(({ path }) => posix.basename(path)));
  const stale = (pattern: RegExp, isThere: (found: string, comment: Comment) => boolean) =>
    comments.flatMap((comment) =>
      [...comment.text.matchAll(pattern)]
        .map((match) => match[1]!)
        .filter((found) => !isThere(found, comment))
        .map((found) => `${comment.path}:${comment.line}: ${found}`),
    );

  it('name files and folders that exist', () => {
    expect(comments).to.have.length.greaterThan(5000);
    expect(
      stale(PATH, (path, { path: from }) => exists(path, from) || (!path.includes('/') && names.has(path))),
    ).to.deep.equal([]);
    expect(stale(FOLDER, (path, { path: from }) => exists(path, from))).to.deep.equal([]);
  });

  it('name things that the code has', () => {
    const words = new Set(divided.flatMap(({ code }) => code.match(/[A-Za-z_$][\w$]*/g) ?? []));
    // An example's names are its own, and so are those of a snippet of more than a name.
    const isExample = ({ text }: Comment) => /^\s*(?:\*|--|\/\/)\s{3,}/.test(text);
    const isQuoted = (name: string, { text }: Comment) =>
      [...text.matchAll(/`([^`]*)(?:`|$)/g)].some(([, span]) => span !== name && span!.includes(name));
    expect(
      stale(NAME, (name, comment) => words.has(name) || isExample(comment) || isQuoted(name, comment)),
    ).to.deep.equal([]);
  });
});
