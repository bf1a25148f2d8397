import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { imports } from './sources.js';

interface Manifest {
  readonly private?: boolean;
  readonly version?: string;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
}

const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));

describe('The package', () => {
  const manifest: Manifest = read('package.json');
  const asked = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  const workspaces = manifest.workspaces!.map((path) => ({
    path,
    manifest: read(`${path}/package.json`) as Manifest,
  }));
  let files: ReadonlySet<string>;

  before(() => {
    // Its own script would build, and other tests are running what was built.
    const options = ['--dry-run', '--json', '--ignore-scripts', '--silent'];
    const said = JSON.parse(
      execFileSync('npm', ['pack', ...options], { cwd: projectRoot, encoding: 'utf8', stdio: 'pipe' }),
    );
    // npm 10 answers with a list, npm 11 with an object by name.
    const [packed] = Object.values(said) as [{ files: { path: string }[] }];
    files = new Set(packed.files.map(({ path }) => path));
  });

  it('asks a registry only for packages of others that the lock file pins', () => {
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { integrity?: string; link?: boolean }>;
    };
    const pinned = (name: string) => {
      const { integrity, link } = packages[`node_modules/${name}`] ?? {};
      return integrity !== undefined && !link;
    };
    expect(Object.keys(asked).filter((name) => !pinned(name))).to.deep.equal([]);
    expect(manifest.bundleDependencies ?? []).to.deep.equal([]);
  });

  it('lets no package run a script when it is installed, and names each that has one', () => {
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
    );
    const denied = Object.fromEntries(scripted.map((name) => [name, false]));
    expect(manifest.allowScripts).to.deep.equal(denied);
  });

  it('brings a parts list of what a production install has', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'los-sbom-')), 'sbom.cdx.json');
    execFileSync(process.execPath, ['scripts/sbom.mjs', file], { cwd: projectRoot, stdio: 'pipe' });
    const bom = JSON.parse(readFileSync(file, 'utf8'));
    expect(bom).to.include({ bomFormat: 'CycloneDX' });
    expect(bom.metadata.component).to.include({ name: 'predict-los', version: manifest.version });
    const names = bom.components.map(({ group, name }: { group?: string; name: string }) =>
      group ? `${group}/${name}` : name,
    );
    expect(names).to.include.members(Object.keys(manifest.dependencies ?? {}));
    // What packages for development need as well is in it.
    expect(names).to.include.members(['@aws-sdk/core', '@smithy/core']);
    for (const name of ['mocha', 'typescript', '@biomejs/biome', '@aws-sdk/client-ec2'])
      expect(names).not.to.include(name);
    expect(manifest.files).to.include('sbom.cdx.json');
    rmSync(dirname(file), { recursive: true });
  });

  it('has workspaces that no one can publish by mistake', () => {
    expect(workspaces.filter((each) => each.manifest.private !== true).map(({ path }) => path)).to.deep.equal(
      [],
    );
  });

  it('asks for what the local cloud depends on, in the same versions', () => {
    const local = workspaces.filter(({ path }) => path.startsWith('local/'));
    const needed = local.flatMap((each) => Object.entries(each.manifest.dependencies ?? {}));
    const others = needed.filter(([name]) => !name.startsWith('@local-cloud/'));
    expect(others).to.have.length.greaterThan(8);
    expect(others.filter(([name, range]) => asked[name] !== range)).to.deep.equal([]);
  });

  it('brings command line, local cloud and texts, and no tests, maps or package files of workspaces', () => {
    const wanted = [
      'dist/deploy/cli.js',
      'dist/deploy/checks/settings.cjs',
      'dist/local/cloud/main.js',
      'dist/procedures/training/train-model.body.json',
      'demo/health/calibration.json',
      'sql/datasets/health.yaml',
      'los.config.yaml',
    ];
    expect(wanted.filter((path) => !files.has(path))).to.deep.equal([]);
    const strange =
      /\.map$|^(test|bench|local|docs|scripts)\/|^dist\/(test|bench|golden)\/|.\/package\.json$|\.tgz$/;
    expect([...files].filter((path) => strange.test(path))).to.deep.equal([]);
  });

  it('is complete: what a packed file imports is packed, is Node’s, or is asked for by name', () => {
    const known = new Set([...Object.keys(asked), ...builtinModules]);
    const missing = [...files]
      .filter((path) => /\.c?js$/.test(path) && existsSync(join(projectRoot, path)))
      .flatMap((path) =>
        imports({ path, text: readFileSync(join(projectRoot, path), 'utf8') }).flatMap(({ target }) => {
          // Mails' templates are imported by what the build bundles for Snowflake.
          if (target.endsWith('.hbs')) return [];
          const found = target.startsWith('node:')
            ? builtinModules.includes(target.slice('node:'.length))
            : target.startsWith('dist/')
              ? files.has(posix.normalize(target))
              : known.has(target);
          return found ? [] : [`${path} imports ${target}`];
        }),
      );
    expect(missing).to.deep.equal([]);
  });
});
