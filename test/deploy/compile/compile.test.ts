import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse } from 'acorn';
import { expect } from 'chai';
import fc from 'fast-check';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { signatureName } from '../../../deploy/compile/signature.js';
import { createFunctionSql, createProcedureSql } from '../../../deploy/compile/sql.js';
import { UserError } from '../../../deploy/errors.js';
import { projectRoot } from '../../../deploy/project.js';
import { compileNew } from './new-entry.js';

describe('compiling an entry', () => {
  const model = {
    version: 'health-v1',
    endpoint: 'los-health-v1',
    features: [
      { kind: 'numeric', name: 'AGE' },
      { kind: 'onehot', name: 'SEX', levels: ['F', 'M'] },
    ],
    floor: 0.5,
    bands: [{ upTo: null, low: -1, high: 1, low95: -2, high95: 2 }],
  };

  const folder = mkdtempSync(join(tmpdir(), 'los-compile-'));
  after(() => rmSync(folder, { recursive: true }));

  const file = (text: string, name = 'entry.ts') => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const entry = (code: string, args = "[['A_NUMBER', 'FLOAT']]", returns = 'FLOAT') =>
    `export const signature = { name: 'F', args: ${args}, returns: '${returns}' } as const;\n${code}`;
  const refusal = async (path: string) => {
    const error = await compileNew(path).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(UserError);
    return (error as Error).message;
  };
  /** Runs a body as Snowflake does: a function of its upper-cased arguments. */
  const call = (body: string, args: Record<string, unknown>) =>
    runInNewContext(
      `(function(${Object.keys(args).join(',')}){${body}})(${Object.keys(args).join(',')})`,
      args,
    );

  it('gives a body that calls the default export with the SQL arguments', async () => {
    file('export const twice = (x: number) => 2 * x;', 'pure.ts');
    const path = file(
      entry(`import { twice } from './pure.js';\nexport default (n: number): number => twice(n) + 1;`),
    );
    const { body } = await compileNew(path);
    expect(call(body, { A_NUMBER: 20 })).to.equal(41);
  });

  it('compiles constants in', async () => {
    const path = file(
      entry('declare const SPEC: { add: number };\nexport default (n: number) => n + SPEC.add;'),
    );
    const { body } = await compileNew(path, { define: { SPEC: { add: 5 } } });
    expect(call(body, { A_NUMBER: 1 })).to.equal(6);
  });

  it('takes constants that hold $$, as levels of the data may, and gives them back as they were', async () => {
    const path = file(
      entry(
        'declare const SPEC: Record<string, unknown>;\nexport default () => JSON.stringify(SPEC);',
        '[]',
        'VARCHAR',
      ),
    );
    // Mostly of what could end a body, begin an expression in a template, or pass for the stand-in.
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('$', '\\', '{', '`', '"', "'", '\n', 'a', '\u2028', 'Q', '0') }),
      fc.constantFrom('$$', 'US $$', '$$$', 'Q0000Q', '$Q0000Q', '$${x}', '__proto__', 'US$$'),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, fc.oneof(text, fc.array(text))), async (SPEC) => {
        const { body } = await compileNew(path, { define: { SPEC } });
        expect(body).not.to.contain('$$');
        expect(call(body, {})).to.equal(JSON.stringify(SPEC));
      }),
      { numRuns: 60 },
    );
  });

  it('lowers what ES2017 does not have', async () => {
    const path = file(
      entry(
        'class C { static #n = 1; static { C.#n = 2; } static get() { return C.#n; } }\nexport default () => C.get();',
      ),
    );
    const { body } = await compileNew(path);
    expect(body).not.to.match(/static\s*\{/);
    expect(call(body, { A_NUMBER: 1 })).to.equal(2);
  });

  it('keeps its state without globalThis, which is newer than ES2017', async () => {
    const { body } = await compileEntry('udfs/translators/request-translator.ts', {
      define: { MODEL: model },
    });
    expect(body).to.match(/if \(typeof (entry_\w+) === 'undefined'\) \1 = /);
  });

  describe('of everything that runs inside Snowflake', () => {
    /** Constants for which a body need not be run: PLAN is a record of SQL texts. */
    const define = { MODEL: model, PLAN: { dataset: 'd' } };
    const entries = ['udfs', 'procedures'].flatMap((place) =>
      readdirSync(join(projectRoot, place), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
        .map((name) => join(place, name))
        .filter((path) => /^export default /m.test(readFileSync(join(projectRoot, path), 'utf8'))),
    );

    it('finds the bodies', () => expect(entries.length).to.be.greaterThan(8));

    for (const path of entries)
      it(`makes ES2017 without globalThis of ${path}`, async () => {
        const { body } = await compileEntry(path, { define });
        expect(() => parse(`(function () {${body}\n})`, { ecmaVersion: 2017 })).not.to.throw();
        expect(body).not.to.contain('globalThis').and.not.to.contain('$$');
      });
  });

  it('refuses Node, packages, $$, size, and a missing signature', async () => {
    expect(
      await refusal(file(entry(`import fs from 'node:fs';\nexport default () => fs.constants;`))),
    ).to.contain('node:fs');
    expect(await refusal(file(entry(`import 'yaml';\nexport default () => 1;`)))).to.contain('yaml');
    expect(await refusal(file(entry(`export default () => 'costs $$ 3'.length;`)))).to.contain('$$');
    const long = `export default () => '${'x'.repeat(410_000)}';`;
    expect(await refusal(file(entry(long, '[]', 'VARCHAR')))).to.contain('KB');
    expect(await refusal(file('export default () => 1;'))).to.contain('signature');
    expect(await refusal(file(entry('const now = process.cwd(); export default () => now;')))).to.contain(
      'process',
    );
  });

  it('refuses SQL types that JavaScript handlers do not take', async () => {
    expect(await refusal(file(entry('export default () => 1;', "[['A', 'NUMBER']]")))).to.contain('NUMBER');
    expect(await refusal(file(entry('export default () => 1;', "[['A', 'FLOAT']]", 'TIME')))).to.contain(
      'TIME',
    );
    expect(await refusal(file(entry('export default () => 1;', "[['lower', 'FLOAT']]")))).to.contain('lower');
  });

  it('names a callable as SHOW does', () => {
    expect(
      signatureName({
        name: 'F',
        args: [
          ['A', 'string'],
          ['B', 'DOUBLE'],
        ],
      }),
    ).to.equal('F(VARCHAR, FLOAT)');
  });

  it('writes the statements with the comment in its place', async () => {
    const compiled = await compileNew(file(entry('export default (n: number) => n;')));
    expect(createFunctionSql(compiled)).to.match(
      /^CREATE OR REPLACE FUNCTION F\(A_NUMBER FLOAT\)\n(?:.*\n)*COMMENT = '\{fingerprint\}'\nAS \$\$\n/,
    );
    expect(createProcedureSql(compiled)).to.match(/COMMENT = '\{fingerprint\}'\nEXECUTE AS OWNER\nAS \$\$\n/);
  });
});
