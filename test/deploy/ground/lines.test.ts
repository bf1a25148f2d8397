import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { withTypeScriptLines } from '../../../deploy/clients/located.js';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { createFunctionSql, createProcedureSql } from '../../../deploy/compile/sql.js';
import { originOf } from '../../../deploy/ground/lines.js';
import type { OpenContext } from '../../../deploy/open.js';
import { projectRoot } from '../../../deploy/project.js';
import { compileNew } from '../compile/new-entry.js';
import { hostedCloud } from '../embedded-cloud.js';

describe('the lines of compiled code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-lines-'));
  after(() => rmSync(folder, { recursive: true }));

  it('lead back to the TypeScript of every function of an entry', async () => {
    const { body } = await compileEntry('udfs/translators/response-translator.ts');
    const lines = body.split('\n');
    for (const [text, file] of [
      ['answered something that is no number', 'udfs/prediction/predictions.ts'],
      ['function translateResponse(', 'udfs/translators/response-translator.ts'],
    ] as const) {
      const at = lines.findIndex((line) => line.includes(text)) + 1;
      const origin = originOf(body, at);
      expect(origin?.file).to.equal(file);
      expect(origin?.line).to.be.above(5);
      // Snowflake keeps the empty line before the body, and counts it.
      expect(originOf(`\n${body}\n`, at + 1)).to.deep.equal(origin);
    }
    expect(originOf(body, lines.length)).to.equal(undefined);
    expect(originOf('return 1;', 1)).to.equal(undefined);
  });

  it('leave what cannot be looked up as it is', async () => {
    const never = () => Promise.reject(new Error('no warehouse'));
    const text = "JavaScript execution error: Uncaught E in F at 'x' position 0\nstackstrace: \nF line: 2";
    expect(await withTypeScriptLines(text, never)).to.equal(text);
    expect(await withTypeScriptLines('syntax error line 1', never)).to.equal('syntax error line 1');
    const two = async () => [{ BODY: 'one' }, { BODY: 'two' }];
    expect(await withTypeScriptLines(text, two)).to.equal(text);
  });

  describe('in an error from Snowflake', () => {
    const cloud = hostedCloud();
    let ctx: OpenContext;
    before(async () => {
      ctx = await cloud.open();
      for (const sql of ['CREATE WAREHOUSE W', 'CREATE DATABASE D', 'USE SCHEMA D.PUBLIC'])
        await ctx.snowflake.execute(sql);
    });
    after(async () => {
      await ctx.close();
      cloud.remove();
    });

    const failing = async (text: string, create: typeof createFunctionSql, call: string) => {
      const file = join(folder, 'failing.ts');
      writeFileSync(file, text);
      await ctx.snowflake.execute(create(await compileNew(file), "COMMENT = 'x'"));
      const error = await ctx.snowflake.query(call).catch((e: unknown) => e);
      return { message: (error as Error).message, file: relative(projectRoot, file) };
    };

    it('name the TypeScript lines of a function that throws', async () => {
      const { message, file } = await failing(
        `interface Row { a: number }

function inner(row: Row): number {
  if (row.a > 0) throw new Error('too much');
  return row.a;
}

export const signature = { name: 'F', args: [['R', 'OBJECT']], returns: 'FLOAT' } as const;

export default function outer(row: Row): number {
  return inner(row);
}
`,
        createFunctionSql,
        "SELECT F(OBJECT_CONSTRUCT('a', 1))",
      );
      expect(message).to.contain('too much');
      expect(message).to.contain(`(${file}:4)`).and.to.contain(`(${file}:11)`);
    });

    it('name the TypeScript line of a statement that a procedure could not run', async () => {
      const { message, file } = await failing(
        `interface Unused { a: string }

export const signature = { name: 'P', args: [], returns: 'VARCHAR' } as const;

export default function run(): string {
  snowflake.execute({ sqlText: 'SELECT * FROM NO_SUCH_TABLE' });
  return 'done';
}
`,
        createProcedureSql,
        'CALL P()',
      );
      expect(message).to.contain('NO_SUCH_TABLE').and.to.contain(`(${file}:6)`);
    });
  });
});
