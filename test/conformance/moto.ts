import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** moto, an AWS in Python that nobody here wrote, on loopback. */
export interface Moto {
  readonly endpoint: string;
  readonly version: string;
  close(): Promise<void>;
}

/** Starts `python -m moto.server` on a free port. */
export async function startMoto(python: string): Promise<Moto> {
  const script =
    'import moto, sys; from moto.server import main; print(moto.__version__, flush=True); main(["-H", "127.0.0.1", "-p", "0"])';
  const child = spawn(python, ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  let said = '';
  const version = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said += `${line}\n`;
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (url) resolve(url);
    });
    exited.then(() => reject(new Error(`moto ended before it served:\n${said}`)));
  });
  return {
    endpoint,
    version: await version,
    async close() {
      child.kill();
      await exited;
    },
  };
}
