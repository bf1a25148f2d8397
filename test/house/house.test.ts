import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { againstThePlan, arrowsOf, notImported, tooFull } from './arrows.js';
import { circlesOfFiles, circlesOfFolders } from './circles.js';
import { crowded, floors, MOST_CIRCLES, MOST_DEPLOY_LINES, MOST_FILES, product } from './plan.js';
import {
  deployHoldsNoPipeline,
  deployKnowsNoDemo,
  deployKnowsNoLocal,
  errorsSayWhatNext,
  hasNoTimeout,
  isFinished,
  isShort,
  localKnowsNoProduct,
  packagesAreDeclared,
  runsAllTests,
  snowflakeCodeImportsNothing,
  workspaceOf,
  workspacesAreDeclared,
} from './rules.js';
import { imports, type Source, sources } from './sources.js';

/** Packages that are run, not imported. */
const TOOLS = ['@biomejs/biome', 'mocha', 'typescript'];

/** What the build alone runs: it is packed without what it needs of others. */
const BUILDS = /^deploy\/compile\/(bundling|templates)\.ts$/;

const none = (broken: readonly string[]) => expect(broken.join('\n')).to.equal('');

describe('The house', () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const local: string[] = manifest.workspaces.filter((path: string) => path.startsWith('local/'));
  const dependenciesOf = (folder: string) =>
    Object.keys(
      JSON.parse(readFileSync(join(projectRoot, folder, 'package.json'), 'utf8')).dependencies ?? {},
    );
  const names = (...kinds: string[]) => new Set(kinds.flatMap((kind) => Object.keys(manifest[kind])));
  const code = [...product, 'local'].flatMap((folder) => sources(folder));
  const onNode = code.filter(({ path }) => !/^(local|udfs|procedures)\//.test(path));
  const tests = sources('test');
  const bench = sources('bench');

  it('keeps length of stay out of local/', () => {
    none(code.filter(({ path }) => path.startsWith('local/')).flatMap(localKnowsNoProduct));
  });

  it('keeps the local cloud and DuckDB out of the product, but for deploy/target.ts', () => {
    none(onNode.flatMap(deployKnowsNoLocal));
  });

  it('keeps contracts/, doctor/, first-day/, safety/ and demo/ out of deploy/ and report/, but for the list of commands', () => {
    none(
      onNode
        .filter(({ path }) => !/^(contracts|doctor|first-day|safety|demo)\//.test(path))
        .flatMap(deployKnowsNoDemo),
    );
  });

  it("keeps the pipeline's SQL out of deploy/ and report/", () => {
    none(code.filter(({ path }) => /^(deploy|report)\//.test(path)).flatMap(deployHoldsNoPipeline));
  });

  it('keeps Node and packages out of what runs inside Snowflake', () => {
    none(code.filter(({ path }) => /^(udfs|procedures)\//.test(path)).flatMap(snowflakeCodeImportsNothing));
  });

  it('declares every package that it imports, the deployer only such as are always installed', () => {
    const always = names('dependencies');
    const built = new Set([...always, ...dependenciesOf('scripts')]);
    const workspaces = new Map(
      local.map((path) => [path.slice('local/'.length), new Set(dependenciesOf(path))]),
    );
    none(
      code.flatMap((source) => {
        const own = workspaceOf(source.path);
        const declared = own !== undefined ? workspaces.get(own)! : BUILDS.test(source.path) ? built : always;
        return own === undefined
          ? packagesAreDeclared(source, declared, names('optionalDependencies'))
          : [...packagesAreDeclared(source, declared), ...workspacesAreDeclared(source, declared)];
      }),
    );
    const all = names('dependencies', 'optionalDependencies', 'devDependencies');
    // This folder's own examples of imports are no imports.
    const others = tests.filter(({ path }) => !path.startsWith('test/house/'));
    none([...others, ...bench].flatMap((source) => packagesAreDeclared(source, all)));
  });

  it('has arrows between its rooms that go one way, as the plan has them', () => {
    const all = [...code, ...tests, ...bench];
    for (const floor of floors) none(againstThePlan(all, floor));
  });

  it('has no circle of folders, and no more circles of files than the plan explains', () => {
    none(circlesOfFolders(code).map((circle) => circle.join(' ')));
    none(
      circlesOfFiles(code)
        .slice(MOST_CIRCLES)
        .map((circle) => circle.join(' ')),
    );
    // Nor by types, outside local/: what two files share stands in the lower one.
    const product = code.filter(({ path }) => !path.startsWith('local/'));
    none(circlesOfFiles(product, ['static', 'worker', 'type']).map((circle) => circle.join(' ')));
  });

  it('lets report/ use nothing of deploy/, not even its types', () => {
    none(
      code
        .filter(({ path }) => path.startsWith('report/'))
        .flatMap((source) =>
          imports(source)
            .filter(({ target }) => target.startsWith('deploy/'))
            .map(({ target }) => `${source.path} imports ${target}`),
        ),
    );
  });

  it('has no folder that is too full, but those that the plan explains', () => {
    none(tooFull(code, MOST_FILES, crowded));
  });

  it('imports every package that it declares, where it declares it', () => {
    const used = (sources: readonly Source[], ...kinds: string[]) =>
      notImported(
        sources,
        [...names(...kinds)].filter((name) => !name.startsWith('@types/') && !TOOLS.includes(name)),
      );
    const builds = sources('scripts', ['.mjs']);
    const inFolder = (folder: string) => code.filter(({ path }) => path.startsWith(`${folder}/`));
    expect(used([...onNode, ...builds], 'dependencies')).to.deep.equal([]);
    for (const path of local) {
      const names = dependenciesOf(path).map((name) => name.replace('@local-cloud/', 'local/'));
      expect(notImported(inFolder(path), names), path).to.deep.equal([]);
    }
    expect(notImported([...inFolder('deploy'), ...builds], dependenciesOf('scripts'))).to.deep.equal([]);
    expect(used([...tests, ...bench, ...builds], 'devDependencies')).to.deep.equal([]);
  });

  it('has short files', () => {
    none([...code, ...tests, ...bench].flatMap((source) => isShort(source, 500)));
    const long = code.flatMap((source) => isShort(source, 300));
    expect(long.length, `files over 300 lines:\n${long.join('\n')}`).to.be.below(code.length * 0.08);
  });

  it('has a thin deployer', () => {
    const lines = code
      .filter(({ path }) => path.startsWith('deploy/'))
      .reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
    expect(lines, 'lines of deploy/').to.be.at.most(MOST_DEPLOY_LINES);
  });

  it('leaves nothing half done and names no machine', () => {
    const texts = ['sql', 'tasks', 'templates', 'scripts'].flatMap((folder) =>
      sources(folder, ['.sql', '.yaml', '.hbs', '.json', '.mjs']),
    );
    none([...code, ...tests, ...bench, ...texts].flatMap(isFinished));
  });

  it('says with every error what to do next', () => {
    none(onNode.flatMap(errorsSayWhatNext));
  });

  it('runs every test', () => {
    none(tests.flatMap(runsAllTests));
  });

  it('lets no test fail because the machine is busy', () => {
    none(tests.flatMap(hasNoTimeout));
  });

  it('lays the tests out like the folders they test', () => {
    const folders = new Set(
      tests
        .filter(
          ({ path }) =>
            path.endsWith('.test.ts') && !/^test\/(house|conformance|journeys|security)\//.test(path),
        )
        .map(({ path }) => path.split('/').slice(1, -1).join('/')),
    );
    // A folder of tests may be about several files of the folder above it (negative/, pipeline/).
    const known = (folder: string) => existsSync(join(projectRoot, folder));
    none([...folders].filter((folder) => !known(folder) && !known(posix.dirname(folder))));
  });
});

describe('The house rules', () => {
  const file = (path: string, text: string): Source => ({ path, text });

  it('see every form of import', () => {
    const source = file(
      'local/a/b.ts',
      [
        "import { x } from '../c.js';",
        'import {',
        '  y,',
        "} from '@scope/name/deep.js';",
        "import type { Z } from './z.js';",
        "export * from 'node:fs';",
        "import 'side-effect';",
        "const m = await import('../../deploy/cli.js');",
        "new Worker(new URL('./worker.js', import.meta.url));",
        "createRequire(import.meta.url)('koffi'); const k = require('deep/er');",
        "const sql = `SELECT 1 FROM 'stage'`;",
      ].join('\n'),
    );
    expect(imports(source).map(({ target, kind }) => `${kind} ${target}`)).to.have.members([
      'static local/c.js',
      'static @scope/name',
      'type local/a/z.js',
      'static node:fs',
      'static side-effect',
      'dynamic deploy/cli.js',
      'worker local/a/worker.js',
      'dynamic deep',
    ]);
  });

  it('find the product named in local/, also inside identifiers, and no innocent word', () => {
    const found = (text: string) => localKnowsNoProduct(file('local/x.ts', text)).length;
    expect(found('const t = "LOS_FEATURES";')).to.equal(1);
    expect(found('// one hospital')).to.equal(1);
    expect(found('patient_id')).to.equal(1);
    expect(found("import { a } from '../deploy/a.js';")).to.equal(1);
    expect(found('close(); loss; lost; closed; impatient; dataset')).to.equal(0);
  });

  it('let only deploy/target.ts reach the local cloud, lazily', () => {
    const lazily = "const { attach } = await import('@local-cloud/cloud/attach.js');";
    const statically = "import { attach } from '@local-cloud/cloud/attach.js';";
    expect(deployKnowsNoLocal(file('deploy/target.ts', lazily))).to.deep.equal([]);
    expect(deployKnowsNoLocal(file('deploy/target.ts', statically))).to.have.length(1);
    expect(deployKnowsNoLocal(file('deploy/other.ts', lazily))).to.have.length(1);
    const deeper = lazily.replace('@local-cloud/cloud/attach.js', '@local-cloud/aws/server.js');
    expect(deployKnowsNoLocal(file('deploy/target.ts', deeper))).to.have.length(1);
    expect(deployKnowsNoLocal(file('deploy/other.ts', "import x from '@duckdb/node-api';"))).to.have.length(
      1,
    );
  });

  it('let only the list of commands reach demo/, lazily', () => {
    const found = (path: string, text: string) => deployKnowsNoDemo(file(path, text)).length;
    const list = 'deploy/commands/index.ts';
    expect(found(list, "load: () => import('../../demo/commands/demo.js')")).to.equal(0);
    expect(found(list, "import { command } from '../../demo/commands/demo.js';")).to.equal(1);
    expect(found(list, "load: () => import('../../demo/data.js')")).to.equal(1);
    expect(found('deploy/other.ts', "load: () => import('../demo/commands/demo.js')")).to.equal(1);
  });

  it('tell SQL of the pipeline from what the deployer asks', () => {
    const found = (text: string, path = 'deploy/other.ts') => deployHoldsNoPipeline(file(path, text));
    expect(found("sqlFile('sql/scoring/queue.sql', {})")).to.have.length(1);
    expect(found('sqlFile(`sql/beds/${name}.sql`, {})')).to.have.length(1);
    expect(found('query(`DELETE FROM ${log} WHERE TRUE`)')).to.have.length(1);
    expect(found('query(`\n  MERGE INTO x`)')).to.have.length(1);
    expect(found("sqlFile('sql/history/take.sql', {}); query('SELECT 1')")).to.have.length(0);
    expect(found('query(`DELETE FROM ${raw}`)', 'first-day/grants.ts')).to.have.length(0);
  });

  it('let workspaces use only what they declare, by name', () => {
    const found = (text: string) =>
      workspacesAreDeclared(file('local/aws/s3/x.ts', text), new Set(['@local-cloud/kit']));
    expect(
      found("import { a } from '@local-cloud/kit/clock.js';\nimport { b } from '../iam/b.js';"),
    ).to.have.length(0);
    expect(found("import { a } from '@local-cloud/snowflake/a.js';")[0]).to.contain('does not declare');
    expect(found("import { a } from '../../kit/clock.js';")[0]).to.contain('by path');
  });

  it('keep procedures to themselves and udfs/', () => {
    const found = (path: string, name: string) =>
      snowflakeCodeImportsNothing(file(path, `import x from '${name}';`)).length;
    expect(found('procedures/a.ts', './b.js')).to.equal(0);
    expect(found('procedures/a.ts', '../udfs/b.js')).to.equal(0);
    expect(found('udfs/a.ts', '../procedures/b.js')).to.equal(1);
    expect(found('procedures/a.ts', '../deploy/b.js')).to.equal(1);
    expect(found('procedures/a.ts', 'node:fs')).to.equal(1);
    expect(found('procedures/a.ts', 'yaml')).to.equal(1);
  });

  it('find arrows that point upwards, and exceptions that are no longer needed', () => {
    const all = [
      file(
        'deploy/clients/a.ts',
        "import { b } from '../model/b.js';\nimport type { C } from '../stack/c.js';",
      ),
      file('deploy/model/b.ts', "import '../clients/a.js';\nconst late = import('../stack/c.js');"),
      file('deploy/stack/c.ts', "import '../model/b.js';\nimport 'yaml';\nimport 'node:fs';"),
    ];
    const rooms = ['clients', 'model', 'stack'];
    expect(arrowsOf(all, 'deploy').map(({ rooms }) => rooms)).to.deep.equal([
      'clients → model',
      'model → clients',
      'stack → model',
    ]);
    const broken = (exceptions: Record<string, number>, order = rooms) =>
      againstThePlan(all, { folder: 'deploy', rooms: order, exceptions });
    expect(broken({})).to.have.length(1);
    expect(broken({})[0]).to.contain('clients → model points upwards (1, allowed 0)');
    expect(broken({ 'clients → model': 1 })).to.deep.equal([]);
    expect(broken({ 'clients → model': 2 })[0]).to.contain('has become better (1 instead of 2)');
    expect(broken({ 'clients → model': 1, 'model → stack': 1 })[0]).to.contain(
      'has become better (0 instead of 1)',
    );
    expect(broken({ 'clients → model': 1 }, ['clients', 'model'])).to.deep.equal([
      'deploy/stack has no place in test/house/plan.ts',
    ]);
    expect(broken({ 'clients → model': 1 }, [...rooms, 'attic'])).to.deep.equal([
      'deploy/attic is in the plan only',
    ]);
  });

  it('find circles of files and of folders, whatever is between', () => {
    const all = [
      file('deploy/a/one.ts', "import '../b/two.js';\nimport type { T } from './three.js';"),
      file('deploy/b/two.ts', "import '../c.js';"),
      file('deploy/c.ts', "import './a/three.js';"),
      file('deploy/a/three.ts', "import './four.js';"),
      file('deploy/a/four.ts', "import './three.js';"),
    ];
    expect(circlesOfFiles(all)).to.deep.equal([['deploy/a/four.ts', 'deploy/a/three.ts']]);
    const typed = [
      ...all,
      file('deploy/c.ts', "import type { T } from './d.js';"),
      file('deploy/d.ts', "import './c.js';"),
    ];
    expect(circlesOfFiles(typed, ['static', 'type'])).to.deep.include(['deploy/c.ts', 'deploy/d.ts']);
    expect(circlesOfFolders(all)).to.deep.equal([['deploy/a', 'deploy/b', 'deploy/c.ts']]);
  });

  it('find full folders and packages that no one imports', () => {
    const all = ['a', 'b', 'c'].map((name) => file(`deploy/x/${name}.ts`, "import 'yaml';"));
    expect(tooFull(all, 2, {})).to.deep.equal(['deploy/x has 3 files (allowed 2)']);
    expect(tooFull(all, 2, { 'deploy/x': { files: 3 } })).to.deep.equal([]);
    expect(tooFull(all, 2, { 'deploy/x': { files: 4 } })[0]).to.contain('fewer than 4');
    expect(tooFull(all, 2, { 'deploy/x': {} })).to.deep.equal([]);
    expect(tooFull(all, 3, { 'deploy/x': {} })[0]).to.contain('fewer than 4');
    expect(notImported(all, ['yaml', 'ajv'])).to.deep.equal(['ajv']);
  });

  it('find undeclared packages, long files, unfinished work and lonely tests', () => {
    const declared = new Set(['yaml']);
    const packages = (text: string) => packagesAreDeclared(file('deploy/a.ts', text), declared);
    expect(
      packages("import y from 'yaml';\nimport type { T } from 'typed';\nimport 'node:fs';"),
    ).to.have.length(0);
    expect(packages("import y from 'lodash';")).to.have.length(1);
    expect(packages("import y from 'fs';")[0]).to.include('node:');
    expect(isShort(file('a.ts', 'x\n'.repeat(11)), 10)).to.have.length(1);
    expect(isShort(file('a.ts', 'x\n'.repeat(10)), 10)).to.have.length(0);
    expect(isFinished(file('a.ts', `// ${'TO'}${'DO'} later\nconst toDo = 1;`))).to.have.length(1);
    expect(isFinished(file('a.ts', `const p = '/work${'/'}main';`))).to.have.length(1);
    expect(runsAllTests(file('a.ts', `describe.${'only'}('x'`))).to.have.length(1);
    expect(hasNoTimeout(file('a.ts', `this.${'timeout'}(60_000);`))).to.have.length(1);
    expect(hasNoTimeout(file('a.ts', 'this.timeout(files * 1000);'))).to.deep.equal([]);
    expect(errorsSayWhatNext(file('a.ts', "throw new UserError(`${f(1)}.`, { next: 'x' });"))).to.have.length(
      0,
    );
    expect(errorsSayWhatNext(file('a.ts', "throw new UserError(f('x')); next();"))).to.have.length(1);
  });
});
