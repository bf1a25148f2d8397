/**
 * The versions of XGBoost that machines have, against each other: what they train is as good, and what one cannot read of
 * another it refuses. Each is the library of its wheel on PyPI, in processes of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { hasTurn } from '../journeys/third.js';
import { pythonWith } from './python.js';

/** Ubuntu 22.04 has the first by apt. Ubuntu 24.04: 2.0.3, Debian 12: 1.7.4, Debian 13: 3.0.0; SageMaker: 3.2. */
const REFUSED = '1.5.2';
const VERSIONS = ['1.7.6', '2.0.3', '2.1.4', '3.0.5', '3.2.0'];
const SAGEMAKER = '3.2.0';
/** The first whose wheel without code for GPUs is on PyPI. */
const CPU_ONLY = [2, 1, 1];

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'predict-los', 'xgboost');

/** The library of a version, fetched where it is not there yet; undefined where pip does not bring it. */
function libraryOf(python: string, version: string): string | undefined {
  const folder = join(cache, version);
  const library = join(folder, 'xgboost', 'lib', 'libxgboost.so');
  if (existsSync(library)) return library;
  mkdirSync(cache, { recursive: true });
  const part = mkdtempSync(`${folder}-`);
  try {
    const parts = version.split('.').map(Number);
    const newer = CPU_ONLY.findIndex((number, i) => parts[i] !== number);
    const name = newer < 0 || parts[newer]! > CPU_ONLY[newer]! ? 'xgboost-cpu' : 'xgboost';
    const options = [
      '--quiet',
      '--no-deps',
      '--no-cache-dir',
      '--ignore-requires-python',
      '--only-binary=:all:',
    ];
    const target = join(part, 'wheel');
    const args = ['-m', 'pip', 'install', ...options, '--target', target, `${name}==${version}`];
    const run = spawnSync(python, args, { encoding: 'utf8' });
    if (run.status !== 0) {
      console.log(`pip does not bring ${name} ${version}: ${run.stderr.trim().split('\n').at(-1)}`);
      return undefined;
    }
    if (!existsSync(folder)) renameSync(target, folder);
    return library;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

describe('versions of XGBoost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xgboost-versions-'));
  const libraries = new Map<string, string>();

  before(function () {
    const python = process.platform === 'linux' ? pythonWith('pip') : undefined;
    if (python)
      for (const version of [REFUSED, ...VERSIONS]) {
        const library = libraryOf(python, version);
        if (library) libraries.set(version, library);
      }
    if (libraries.has(SAGEMAKER) && libraries.size > 2) return;
    console.log('skipped: the wheels of XGBoost are for Linux, and come by pip');
    this.skip();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What a program of this project prints with that version's library, as JSON. */
  function printed<T>(version: string, args: string[], env: NodeJS.ProcessEnv = {}): T {
    const run = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: { ...process.env, LIBXGBOOST: libraries.get(version), ...env },
    });
    expect(run.status, run.stderr).to.equal(0);
    return JSON.parse(run.stdout) as T;
  }
  const fetched = () => VERSIONS.filter((version) => libraries.has(version));

  it(`${REFUSED} is refused by name, with the reason`, function () {
    if (!libraries.has(REFUSED)) this.skip();
    const run = spawnSync(
      process.execPath,
      [join(projectRoot, 'dist/test/conformance/xgboost-models.js'), 'train', folder],
      {
        encoding: 'utf8',
        env: { ...process.env, LIBXGBOOST: libraries.get(REFUSED) },
      },
    );
    expect(run.status).to.equal(1);
    expect(run.stderr).to.match(
      /XgboostMissing: LIBXGBOOST is set to .* XGBoost 1\.5\.2 \(.*\) is older than 1\.7 and does not train and save models as SageMaker's container does/,
    );
  });

  it('read what they and older ones made as it was meant, or refuse it', () => {
    const program = join(projectRoot, 'dist/test/conformance/xgboost-models.js');
    type Answers = { version: string; answers: Record<string, number[] | string> };
    const meant = Object.assign(
      {},
      ...fetched().map((version) => printed<Answers>(version, [program, 'train', folder]).answers),
    ) as Record<string, number[]>;
    expect(Object.keys(meant)).to.have.length(fetched().length * 8);
    for (const version of fetched())
      for (const [model, answer] of Object.entries(
        printed<Answers>(version, [program, 'load', folder]).answers,
      )) {
        const made = model.split(' ')[0]!;
        const about = `${model} in ${version}`;
        if (VERSIONS.indexOf(made) > VERSIONS.indexOf(version))
          expect(answer, about).to.match(
            /^The model was made by XGBoost \S+, which is newer than the library here/,
          );
        else if (typeof answer === 'string')
          // What 2.1 and 3.0 lack for this objective they say themselves.
          expect(
            [answer.startsWith(`The model was made by XGBoost ${made}, and the library here`), model],
            answer,
          ).to.deep.equal([true, `${made} gamma`]);
        else
          for (const [i, value] of answer.entries())
            expect(value, about).to.be.closeTo(meant[model]![i]!, 1e-4);
      }
  });

  const sparcs = join(projectRoot, '../shared/data/sparcs_hf_27925.csv.gz');
  const sets = {
    'generated admissions': ['--dataset', 'health', '--rows', '20000'],
    'SPARCS’ heart failures': [
      '--dataset',
      join(projectRoot, 'sql/datasets/sparcs_hf.yaml'),
      '--train',
      sparcs,
    ],
  };
  for (const [i, [title, options]] of Object.entries(sets).entries()) {
    if (!hasTurn(i)) continue;
    it(`train to the same RMSE and CRPS within 1 %: ${title}`, function () {
      if (options.includes(sparcs) && !existsSync(sparcs)) this.skip();
      const cli = join(projectRoot, 'dist/deploy/cli.js');
      const dataset = options[0] === '--dataset' ? options.slice(0, 2) : [];
      const found = fetched().map((version) => {
        const env = { LOS_STATE: join(folder, `state-${version}`) };
        printed(version, [cli, 'demo', ...options, '--days', '1', '--json'], env);
        type Shown = { shown: { record: { metrics: { rows: number; rmse: number; crps: number } } } };
        const { rows, rmse, crps } = printed<Shown>(
          version,
          [cli, 'model', 'show', ...dataset, '--json'],
          env,
        ).shown.record.metrics;
        rmSync(env.LOS_STATE, { recursive: true, force: true });
        console.log(`      ${version}: RMSE ${rmse.toFixed(4)}, CRPS ${crps.toFixed(4)} on ${rows} stays`);
        return { version, rows, rmse, crps };
      });
      const peer = found.find(({ version }) => version === SAGEMAKER)!;
      for (const { version, rows, rmse, crps } of found) {
        expect(rows, version).to.equal(peer.rows);
        expect(rmse / peer.rmse, `RMSE of ${version}`).to.be.within(0.99, 1.01);
        expect(crps / peer.crps, `CRPS of ${version}`).to.be.within(0.99, 1.01);
      }
    });
  }
});
