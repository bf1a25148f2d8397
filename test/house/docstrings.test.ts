import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { sources } from './sources.js';

/** The `@example` of a function's docstring, which ends it. */
interface Example {
  readonly where: string;
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

const FOLDERS = ['udfs', 'procedures', 'deploy', 'contracts', 'report'];
const DOCSTRING =
  /\/\*\*\n((?: *\*(?!\/).*\n)+) *\*\/\n *(?:export )?(?:default )?(?:async )?(?:function\*? )?(\w+)[(<]/g;
const EXAMPLE = /^ *\* @example\n((?: *\* ?.*\n)+)$/m;
/** `f(1); // 2`: what an expression gives, as JSON. */
const GIVES = /^(\w+\([^;]*\)); \/\/ (.+)$/gm;

function examples(): Example[] {
  return FOLDERS.flatMap((folder) => sources(folder)).flatMap(({ path, text }) =>
    [...text.matchAll(DOCSTRING)].flatMap(({ 1: doc = '', 2: name = '', index }) => {
      const [, example] = EXAMPLE.exec(doc) ?? [];
      const where = `${path}:${text.slice(0, index).split('\n').length}`;
      return example === undefined ? [] : [{ where, path, name, text: example.replace(/^ *\* ?/gm, '') }];
    }),
  );
}

const COUNTED = [...FOLDERS, 'doctor', 'first-day', 'safety', 'demo', 'local', 'scripts'];
const QUESTION = /^(?:What|How|Whether|Of|Where)\b/;
/** Share of docstrings that begin like a question; it only falls. Libraries such as graphile-worker have 0.06. */
const MOST_QUESTIONS = 0.06;

describe('Docstrings', () => {
  it('begin with a verb or a noun, not like a question', () => {
    const openings = COUNTED.flatMap((folder) => sources(folder, ['.ts', '.mjs'])).flatMap(({ text }) =>
      [...text.matchAll(/\/\*\*\s*(?:\* )?(\w+)/g)].map(([, word]) => word!),
    );
    expect(openings.length).to.be.greaterThan(3000);
    const share = openings.filter((word) => QUESTION.test(word)).length / openings.length;
    expect(share).to.be.at.most(MOST_QUESTIONS);
  });

  // What SQL calls is held to by test/deploy/objects/examples.test.ts.
  const library = examples().filter(({ text }) => !/^(CALL|SELECT) /.test(text));

  it('have examples that call the function below them', () => {
    expect(library).to.have.length.greaterThan(45);
    const other = library.filter(({ name, text }) => !new RegExp(`\\b${name}[(<]`).test(text));
    expect(other.map(({ where, name }) => `${where}: ${name} is not called`)).to.deep.equal([]);
  });

  const stating = library.filter(({ text }) => text.search(GIVES) >= 0);

  it('state what many of these give', () => expect(stating).to.have.length.greaterThan(15));

  for (const { where, path, name, text } of stating)
    it(`give of ${name} what they state`, async () => {
      const names = (await import(join(projectRoot, 'dist', path.replace(/ts$/, 'js')))) as object;
      const given: { gives: unknown; states: string }[] = [];
      const note = (gives: unknown, states: string) => given.push({ gives, states });
      const code = text.replace(
        GIVES,
        (_, call: string, states: string) => `note(${call}, ${JSON.stringify(states)});`,
      );
      runInNewContext(code, { ...names, note });
      expect(given, where).not.to.deep.equal([]);
      for (const { gives, states } of given)
        expect(rounded(gives), where).to.deep.equal(JSON.parse(states) as unknown);
    });
});

/** As JSON, without the last digits of sums of fractions. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toFixed(9)) : each,
  );
}
