import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Completable, completionScript } from '../../../deploy/help/completion.js';
import { projectRoot } from '../../../deploy/project.js';

const commands: readonly Completable[] = [
  {
    name: 'demo',
    describe: 'run it all',
    options: { rows: { type: 'number', describe: 'how many' } },
  },
  { name: 'destroy', describe: "don't", options: {} },
  { name: 'model list', describe: 'list them', options: {} },
  { name: 'model promote', describe: 'let it answer', options: { force: { type: 'boolean' } } },
];
const globals = { target: { choices: ['local', 'cloud'] }, config: { type: 'string' as const } };

/** What bash offers at the end of a command line. */
function offered(script: string, ...line: string[]): string[] {
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _los; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...line,
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).to.equal('');
  return stdout.split('\n').filter(Boolean);
}

describe('shell completion', () => {
  const script = completionScript('bash', commands, globals);

  it('offers commands, their options and the values of an option', () => {
    expect(offered(script, 'los', 'de')).to.deep.equal(['demo', 'destroy']);
    expect(offered(script, 'los', 'demo', '--r')).to.deep.equal(['--rows']);
    expect(offered(script, 'los', 'destroy', '--r')).to.deep.equal([]);
    expect(offered(script, 'los', 'destroy', '--t')).to.deep.equal(['--target']);
    expect(offered(script, 'los', 'demo', '--target', 'c')).to.deep.equal(['cloud']);
  });

  it('offers the second words of a command, and the options of both', () => {
    expect(offered(script, 'los', 'm')).to.deep.equal(['model']);
    expect(offered(script, 'los', 'model', '')).to.deep.equal(['list', 'promote', '--help']);
    expect(offered(script, 'los', 'model', 'promote', '--f')).to.deep.equal(['--force']);
    expect(offered(script, 'los', 'model', 'list', '--f')).to.deep.equal([]);
    expect(completionScript('fish', commands, globals)).to.contain(
      "-n '__fish_seen_subcommand_from model; and __fish_seen_subcommand_from promote' -l force",
    );
  });

  it('knows every command of the command line', () => {
    const cli = join(projectRoot, 'dist', 'deploy', 'cli.js');
    const { stdout, status } = spawnSync(process.execPath, [cli, 'completion', 'bash'], { encoding: 'utf8' });
    expect(status).to.equal(0);
    expect(offered(stdout, 'los', 'do')).to.deep.equal(['doctor']);
    expect(offered(stdout, 'los', 'destroy', '--p')).to.deep.equal(['--purge-data']);
    const refused = spawnSync(process.execPath, [cli, 'completion', 'tcsh'], { encoding: 'utf8' });
    expect(refused.status).to.equal(1);
    expect(refused.stderr).to.contain('bash, zsh, fish');
  });

  it('is written for zsh and fish too', () => {
    expect(completionScript('zsh', commands, globals))
      .to.contain('bashcompinit')
      .and.to.contain('complete -o default');
    const fish = completionScript('fish', commands, globals);
    expect(fish).to.contain("-a destroy -d 'don\\'t'").and.to.contain("-l target -x -a 'local cloud'");
  });
});
