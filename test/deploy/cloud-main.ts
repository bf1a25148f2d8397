// A local cloud as a process that a test may kill: cloud-main.js STATE MILLISECONDS [FAULT]…
// Its clock is so many milliseconds ahead; a line of standard input, MILLISECONDS, moves it further, and its end ends the cloud.
import { createInterface } from 'node:readline';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { parseFault } from '@local-cloud/kit/faults/fault.js';

const [stateDir = '', ahead = '0', ...faults] = process.argv.slice(2);
const clock = new MovableClock({ at: Date.now() + Number(ahead) });
const cloud = await startCloud({ stateDir, clock, propagationDelay: 0 });
for (const fault of faults) cloud.faults.add(parseFault(fault));
console.log('ready');
createInterface({ input: process.stdin })
  .on('line', (line) => clock.advance(Number(line)))
  .on('close', () => process.exit());
