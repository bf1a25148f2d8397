// Takes and releases the lock of a folder again and again, as one of several: lock-contender.js DIR SEED. On entering and on
// leaving it looks whether another that runs is inside; if so, it says so and ends with 1. At times it dies inside.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '@local-cloud/kit/process.js';
import { lockState, StateInUseError } from '@local-cloud/kit/state-lock.js';

const [folder = '', seed = '1'] = process.argv.slice(2);
const inside = join(folder, 'inside');
let state = Number(seed);
/** A number from 0 to 1 (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const occupant = () => Number(readFileSync(inside, 'utf8'));
const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
function fail(said: string): never {
  console.log(said);
  process.exit(1);
}

for (let entered = 0; entered < 60; ) {
  let unlock: () => void;
  try {
    unlock = lockState(folder);
  } catch (error) {
    if (!(error instanceof StateInUseError)) throw error;
    if (random() < 0.5) pause(random());
    continue;
  }
  entered++;
  const other = occupant();
  if (other > 0 && isRunning({ pid: other, started: '' }))
    fail(`${process.pid} entered while ${other} was inside`);
  writeFileSync(inside, String(process.pid));
  appendFileSync(join(folder, 'entries'), '.');
  pause(2 * random());
  if (occupant() !== process.pid) fail(`${occupant()} entered while ${process.pid} was inside`);
  if (random() < 0.03) process.kill(process.pid, 'SIGKILL');
  writeFileSync(inside, '0');
  unlock();
}
