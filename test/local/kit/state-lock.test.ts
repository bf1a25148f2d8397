import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { holderOf, lockState, StateInUseError } from '@local-cloud/kit/state-lock.js';
import { expect } from 'chai';

/** Processes that contend for one folder at a time, and how many there are in all: what dies is followed by another. */
const AT_ONCE = 6;
const LIVES = Number(process.env.LOS_LOCK_LIVES ?? 24);

describe('the lock of a state folder', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    file = join(folder, 'local.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is one process’s, which it names, until it lets go', () => {
    const unlock = lockState(folder);
    expect(holderOf(folder)?.pid).to.equal(process.pid);
    expect(() => lockState(folder))
      .to.throw(StateInUseError)
      .with.property('pid', process.pid);
    unlock();
    expect(holderOf(folder)).to.equal(undefined);
    expect(existsSync(file)).to.equal(false);
    lockState(folder)();
  });

  const dead: Record<string, () => string> = {
    'a process that is gone': () => '4194304 17 a-token',
    'an earlier version of it that is gone': () => '4194304',
    'a power cut before it was on the disk': () => '',
    ...(existsSync('/proc/self/stat') && {
      'a process whose number is another’s by now': () => readFileSync(file, 'utf8').replace(/ \d+ /, ' 1 '),
    }),
  };
  for (const [whose, left] of Object.entries(dead))
    it(`is taken over from ${whose}`, () => {
      const unlock = lockState(folder);
      const written = left();
      unlock();
      writeFileSync(file, written);
      expect(holderOf(folder)).to.equal(undefined);
      const again = lockState(folder);
      expect(holderOf(folder)?.pid).to.equal(process.pid);
      again();
    });

  it('is taken over from one that has ended, though its parent has not taken notice', async function () {
    if (!existsSync('/proc/self/stat')) this.skip();
    // The shell becomes a program that never asks after its child. Until then the child must live, for a shell does.
    const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    try {
      const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
      const pid = Number(String(line));
      const statOf = (id?: number) => readFileSync(`/proc/${id}/stat`, 'utf8');
      while (!statOf(parent.pid).includes('(sleep)')) await new Promise(setImmediate);
      (parent.stdio[3] as Writable).end();
      while (statOf(pid).split(') ')[1]![0] !== 'Z') await new Promise(setImmediate);
      writeFileSync(file, `${pid}`);
      expect(holderOf(folder)).to.equal(undefined);
      lockState(folder)();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('lets one in at a time, however many come at once and die inside or on the way', async () => {
    writeFileSync(join(folder, 'inside'), '0');
    const program = fileURLToPath(new URL('./lock-contender.js', import.meta.url));
    const running = new Set<ChildProcess>();
    const complaints: string[] = [];
    let lives = 0;
    const contend = async () => {
      while (lives < LIVES) {
        const child = spawn(process.execPath, [program, folder, String(++lives)], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        running.add(child);
        const [said, complained, [code, signal]] = await Promise.all([
          text(child.stdout),
          text(child.stderr),
          once(child, 'exit') as Promise<[number | null, string | null]>,
        ]);
        running.delete(child);
        if (signal === null && code !== 0) complaints.push(`${said}${complained}`);
        // One that ends takes another with it, wherever that is.
        if (lives % 3 === 0) [...running].at(0)?.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, contend));
    expect(complaints).to.deep.equal([]);
    lockState(folder)();
    expect(readFileSync(join(folder, 'entries'), 'utf8').length).to.be.greaterThan(LIVES);
  });
});
