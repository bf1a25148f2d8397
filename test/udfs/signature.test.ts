import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';

/** Compiles a file with the type checker; returns the lines (from 1) that it refuses. */
function refused(code: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'los-signature-'));
  try {
    const type = join(projectRoot, 'udfs', 'signature.js');
    writeFileSync(join(folder, 'entry.ts'), `import type { SqlSignature } from '${type}';\n${code}`);
    const { stdout } = spawnSync(
      join(projectRoot, 'node_modules', '.bin', 'tsc'),
      ['--noEmit', '--strict', '--ignoreConfig', '--target', 'es2021', '--module', 'nodenext', 'entry.ts'],
      { cwd: folder, encoding: 'utf8' },
    );
    return [...stdout.matchAll(/^entry\.ts\((\d+),/gm)].map((match) => Number(match[1]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const line = (args: string, returns: string, f: string, name = 'F') =>
  `({ name: '${name}', args: ${args}, returns: '${returns}' }) as const satisfies SqlSignature<${f}>;`;

describe('the SQL signature of an entry', () => {
  it('is held to the TypeScript function by the compiler', () => {
    const good = [
      line("[['A', 'FLOAT']]", 'FLOAT', '(a: number) => number'),
      line(
        "[['A', 'VARCHAR'], ['B', 'OBJECT']]",
        'ARRAY',
        '(a: string | null, b: { x: number }) => string[]',
      ),
      line("[['A', 'VARIANT']]", 'VARIANT', '(a: number | string) => unknown'),
      line("[['A', 'TIMESTAMP_LTZ'], ['B', 'BINARY']]", 'BOOLEAN', '(a: Date, b: Uint8Array) => boolean'),
      line('[]', 'OBJECT', '() => never'),
    ];
    const bad = [
      line("[['A', 'NUMBER']]", 'FLOAT', '(a: number) => number'), // refused by JavaScript handlers
      line("[['A', 'FLOAT']]", 'TIME', '(a: number) => string'),
      line("[['A', 'VARCHAR']]", 'FLOAT', '(a: number) => number'), // another type than the parameter's
      line("[['A', 'FLOAT']]", 'VARCHAR', '(a: number) => number'), // another type than the result's
      line("[['A', 'ARRAY']]", 'FLOAT', '(a: { x: 1 }) => number'),
      line('[]', 'FLOAT', '(a: number) => number'), // too few
      line("[['A', 'FLOAT'], ['B', 'FLOAT']]", 'FLOAT', '(a: number) => number'), // too many
      line("[['lower', 'FLOAT']]", 'FLOAT', '(a: number) => number'), // upper-cased by Snowflake
      line('[]', 'FLOAT', '() => number', 'f'),
    ];
    const found = refused([...good, ...bad].join('\n'));
    expect([...new Set(found)]).to.deep.equal(bad.map((_, i) => i + 2 + good.length));
  });

  it('is written so in every entry', () => {
    for (const folder of ['udfs', 'procedures'])
      for (const file of readdirSync(join(projectRoot, folder)).filter((name) =>
        /(?<!\.d)\.ts$/.test(name),
      )) {
        const text = readFileSync(join(projectRoot, folder, file), 'utf8');
        if (!/^export const signature/m.test(text)) continue;
        const name = /^export default function (\w+)/m.exec(text)?.[1];
        expect(text, file).to.contain(`as const satisfies SqlSignature<typeof ${name}>;`);
      }
  });
});
