import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadContract } from '../../deploy/dataset/load.js';
import { FOLDERS } from '../../deploy/headers/header.js';
import { projectRoot } from '../../deploy/project.js';
import { loadSettings } from '../../deploy/settings/load.js';
import { fillFile, placesIn, readSql, sqlFile } from '../../deploy/sql-file.js';
import { bedsPlan } from '../../procedures/beds/statements.js';
import type { SqlFile } from '../../procedures/ground/plan.js';
import { buildPlan } from '../../procedures/scoring/statements/build.js';
import { rescorePlan } from '../../procedures/scoring/statements/rescore.js';
import { scorePlan } from '../../procedures/scoring/statements/score.js';
import { filesOf } from '../../scripts/build/sources.js';
import { describePlaces } from '../../scripts/build/sql-places.js';
import { longTests } from '../long.js';

const { long } = longTests(import.meta.url);

const declared = new RegExp(`^(${Object.keys(FOLDERS).join('|')})/`);
const files = filesOf(['sql']).filter((file) => file.endsWith('.sql') && !declared.test(file));
/** Their names are known only when they are read. */
const dynamic = /^sql\/(datasets|status|history)\/|^sql\/watching\/pipe-/;

/** What the type checker says of the product where texts have these placeholders. */
function errorsWith(places: string): string {
  const folder = mkdtempSync(join(projectRoot, 'dist', 'places-'));
  const include = ['../../procedures', '../../deploy', '../../contracts', 'sql-places.d.ts'];
  try {
    writeFileSync(join(folder, 'sql-places.d.ts'), places);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { incremental: false, tsBuildInfoFile: null },
        include,
      }),
    );
    return spawnSync(join(projectRoot, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the placeholders of SQL texts', () => {
  long('cannot be misspelt in any file without the type checker telling which was meant', () => {
    expect(errorsWith(describePlaces(files, readSql))).to.equal('');
    // The first of each file is misspelt, in a way of its own.
    const typed = files.filter((file) => !dynamic.test(file) && placesIn(readSql(file)).length > 0);
    const misspelt = (file: string) => `${placesIn(readSql(file))[0]}x${typed.indexOf(file)}`;
    const errors = errorsWith(
      describePlaces(files, (file) => {
        const text = readSql(file);
        return typed.includes(file)
          ? text.replaceAll(`{{${placesIn(text)[0]}}}`, `{{${misspelt(file)}}}`)
          : text;
      }),
    );
    const unseen = typed.filter((file) => !errors.includes(misspelt(file)));
    expect(unseen).to.deep.equal([]);
  });

  it('are refused by file and nearest name where a text is filled in', () => {
    for (const file of files) {
      const places = placesIn(readSql(file)).filter((place) => place.length > 2);
      const values = Object.fromEntries(placesIn(readSql(file)).map((place) => [place, 'X']));
      expect(fillFile(file, values)).not.to.contain('{{');
      for (const place of places) {
        const { [place]: _, ...others } = values;
        const near = `${place}s`;
        if (near in others) continue;
        expect(() => fillFile(file, { ...others, [near]: 'X' }), file).to.throw(
          `${file} has a placeholder {{${place}}}`,
        );
      }
    }
  });

  it('that several texts of a folder share are each in one of them', () => {
    const given = new Map<string, Set<string>>();
    const used = new Set<string>();
    const sql: SqlFile = (file, values) => {
      const folder = file.split('/').slice(0, 2).join('/');
      for (const name of Object.keys(values)) given.set(folder, (given.get(folder) ?? new Set()).add(name));
      for (const name of placesIn(readSql(file))) used.add(`${folder} ${name}`);
      return sqlFile(file, values);
    };
    const settings = loadSettings('/dev/null', {});
    for (const name of ['health', 'general']) {
      const contract = loadContract(`sql/datasets/${name}.yaml`);
      const { planned } = contract;
      const moves = { table: 'MOVED', stay: 'STAY', from: 'AT', ward: 'WARD' };
      bedsPlan(
        planned ? { ...contract, moves, planned: { ...planned, patient: 'PATIENT' } } : contract,
        settings,
        sql,
      );
      buildPlan(contract, settings, sql, '');
      scorePlan(contract, settings, sql);
      rescorePlan(contract, settings, sql);
    }
    // Statements of one line take these too.
    const alsoInCode = ['stream', 'quarantine', 'forgotten'];
    const unused = [...given].flatMap(([folder, names]) =>
      [...names]
        .filter((name) => !used.has(`${folder} ${name}`) && !alsoInCode.includes(name))
        .map((name) => `${folder} ${name}`),
    );
    expect(unused).to.deep.equal([]);
  });
});
